import { spawn } from 'node:child_process';

/** On a terminal the line is rewritten every second; elsewhere a line now and then says that work goes on. */
const ELSEWHERE_MS = 20_000;

/**
 * Runs a command quietly: one line that counts the seconds, and what it said only when it fails.
 * Rejects with that.
 */
export async function runWithProgress(
  label: string,
  command: string,
  words: readonly string[],
  environment = process.env,
): Promise<void> {
  const line = startLine(label);
  const output: Buffer[] = [];
  const child = spawn(command, words, { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => output.push(data));
  const ending = await new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(code === 0 ? '' : `ended with ${String(code ?? signal)}`));
  });
  line.end(ending === '' ? 'done' : 'failed');
  if (ending !== '')
    throw new Error(`${label}: ${command} ${ending}\n${Buffer.concat(output).toString('utf8').trim()}`);
}

function startLine(label: string): { end(outcome: string): void } {
  const startedAt = performance.now();
  const isTerminal = process.stdout.isTTY;
  const write = (state: string): void => {
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    process.stdout.write(`${isTerminal ? '\r' : ''}${label} ... ${state}${seconds} s${isTerminal ? ' ' : '\n'}`);
  };
  if (isTerminal) write('');
  const timer = setInterval(() => write(''), isTerminal ? 1_000 : ELSEWHERE_MS);
  return {
    end: (outcome) => {
      clearInterval(timer);
      write(`${outcome}, `);
      if (isTerminal) process.stdout.write('\n');
    },
  };
}
