import { existsSync, readFileSync } from 'node:fs';

import { expect, test } from 'vitest';

import { freePorts, startProgram } from './servers.ts';

test('free ports are all different', async () => {
  expect(new Set(await freePorts(10)).size).toBe(10);
});

test('a program and its children are gone after stop', async () => {
  const script = 'sleep 1000 & echo "child $!"; echo ready; wait';
  const program = await startProgram({ command: 'sh', words: ['-c', script], ready: /ready/ });
  const commandLine = `/proc/${/child (\d+)/.exec(program.output())?.[1] ?? ''}/cmdline`;
  expect(readFileSync(commandLine, 'utf8')).toContain('sleep');
  await program.stop();
  await expect.poll(() => (existsSync(commandLine) ? readFileSync(commandLine, 'utf8') : '')).toBe('');
});

test('a program that ends before it is ready fails with what it said', async () => {
  const start = startProgram({ command: 'sh', words: ['-c', 'echo "port is busy" >&2; exit 1'], ready: /never/ });
  await expect(start).rejects.toThrow('port is busy');
});

test('a program that is not there fails with its name', async () => {
  await expect(startProgram({ command: '/no/such/program', ready: /never/ })).rejects.toThrow('/no/such/program');
});
