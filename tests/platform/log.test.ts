import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { limitWrites } from '../faults/write-limit.ts';

const WRITER = join(import.meta.dirname, 'log-writer.ts');

let folder: string;
let child: ChildProcess;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-log-'));
});
afterEach(() => {
  child.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

/** @returns tells the process to log a line, and waits until it says that it has */
function startWriter(standardError: number | 'pipe'): (line: string) => Promise<void> {
  child = spawn(process.execPath, [WRITER], { stdio: ['pipe', 'pipe', standardError] });
  if (!child.stdout) throw new Error('no standard output');
  const said = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return async (line) => {
    child.stdin?.write(`${line}\n`);
    expect(await said.next()).toEqual({ done: false, value: line });
  };
}

/** A line of the log; one that was not finished is `torn`. */
function read(line: string): { msg: string; lines?: number } {
  try {
    return JSON.parse(line) as { msg: string; lines?: number };
  } catch {
    return { msg: 'torn' };
  }
}

async function leave(): Promise<unknown> {
  const ended = once(child, 'exit');
  child.stdin?.write('leave\n');
  const [code] = (await ended) as [number | null];
  return code;
}

describe('a line that cannot be written (F4)', () => {
  test('is lost and ends no process, and the log goes on when there is room again, saying what is missing', async () => {
    const path = join(folder, 'log');
    const log = startWriter(openSync(path, 'a'));
    const text = () => readFileSync(path, 'utf8');
    const found = () => text().trimEnd().split('\n').map(read);
    await log('first');
    await expect.poll(text).toContain('first');
    // The eleventh byte of the next line finds no room.
    const full = text().length + 10;
    limitWrites(child.pid ?? 0, full);
    await log('lost 0');
    await expect.poll(() => text().length).toBe(full);
    for (let count = 1; count <= 20; count += 1) await log(`lost ${count}`);
    limitWrites(child.pid ?? 0, null);
    let said = 22;
    // What was told before may still be on its way to be lost.
    for (; !text().includes('"again"'); said += 1) await log('again');
    const missing = () => found().reduce((sum, { lines = 0 }) => sum + lines, 0);
    const messages = () => found().map(({ msg }) => msg);
    const logged = () => messages().filter((msg) => /^(?:first|lost \d+|again)$/.test(msg)).length;
    await expect.poll(() => missing() + logged(), { message: 'each line is there, or missing' }).toBe(said);
    expect(await leave()).toBe(0);
    expect(missing() + logged(), 'once').toBe(said);
    expect(missing()).toBeGreaterThan(0);
    expect(messages().slice(0, 2)).toEqual(['first', 'torn']);
    expect(messages().at(-1)).toBe('the last line');
  });

  test('does not hold up the end of a process either', async () => {
    const log = startWriter(openSync('/dev/full', 'w'));
    for (let count = 0; count < 20; count += 1) await log(`lost ${count}`);
    expect(await leave()).toBe(0);
  });

  test('a reader that has gone ends nothing', async () => {
    const log = startWriter('pipe');
    await log('first');
    child.stderr?.destroy();
    for (let count = 0; count < 20; count += 1) await log(`lost ${count}`);
    expect(await leave()).toBe(0);
  });
});

test('a reader that is slow holds up nothing, and costs no more than a bounded amount of memory', async () => {
  const log = startWriter('pipe');
  child.stderr?.pause();
  const long = 'x'.repeat(10_000);
  for (let count = 0; count < 300; count += 1) await log(`${count} ${long}`);
  let text = '';
  child.stderr?.on('data', (part: Buffer) => void (text += part.toString())).resume();
  await log('again');
  await expect.poll(() => text.includes('lines of the log are missing') || text.includes('"again"')).toBe(true);
  expect(text.length).toBeLessThan(3_000_000);
  expect(text).toContain('"0 xxx');
});
