import { openTerminal } from './open-terminal.ts';
import { exitCodes } from './outcome.ts';
import { runGatehouse } from './program.ts';

/** Runs the command line of this process, and leaves its exit code. */
export async function runProcess(words: readonly string[]): Promise<void> {
  // `gatehouse audit export | head` closes the pipe: that is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit();
  });
  try {
    process.exitCode = await runGatehouse(words, openTerminal());
  } catch (error) {
    // A disk that is full, a folder that cannot be written: the reason, without what was being written.
    const { code, message } = error as NodeJS.ErrnoException;
    process.stderr.write(`gatehouse: ${code === undefined ? 'a mistake in the program: ' : ''}${message}\n`);
    process.exitCode = exitCodes.failed;
  }
}
