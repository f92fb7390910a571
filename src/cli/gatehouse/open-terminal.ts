import { spawn } from 'node:child_process';
import { homedir, hostname } from 'node:os';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';

import { systemClock } from '../../platform/clock.ts';
import { systemRandom } from '../../platform/random.ts';
import type { Terminal } from './terminal.ts';

/** The terminal of this process. */
export function openTerminal(): Terminal {
  const writeError = (written: string): void => void process.stderr.write(written);
  return {
    env: process.env,
    home: homedir(),
    hostName: hostname(),
    readInput: () => text(process.stdin),
    writeOut: (written) => void process.stdout.write(written),
    writeError,
    fetch,
    run: (command, input, variables) => {
      const env = { ...process.env, ...variables };
      return runShell(command, input, { env, folder: process.cwd(), writeError });
    },
    sleep: (milliseconds) => sleep(milliseconds),
    nowMs: () => systemClock.nowMs(),
    random: systemRandom,
  };
}

export interface ShellParts {
  env: Readonly<Record<string, string | undefined>>;
  folder: string;
  writeError: (text: string) => void;
}

/**
 * Runs a shell command; resolves to its exit code. It gets no access token: it stores one key, and has no business with
 * the account.
 */
export function runShell(command: string, input: string, { env, folder, writeError }: ShellParts): Promise<number> {
  const own = Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('GATEHOUSE_TOKEN')));
  return new Promise((resolve) => {
    const child = spawn('/bin/sh', ['-c', command], { env: own, cwd: folder, stdio: ['pipe', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (chunk: string) => writeError(chunk));
    }
    child.once('error', () => resolve(127));
    child.once('close', (code) => resolve(code ?? 1));
    // A command that ends without reading everything closes the pipe; its exit code says how it went.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}
