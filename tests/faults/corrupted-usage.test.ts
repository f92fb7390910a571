import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { type World, createWorld } from '../verify/world.ts';
import { countedOf, openCallers } from './callers.ts';

let world: World;

beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

test.each<[string, (bytes: Buffer) => Buffer]>([
  ['of other bytes', (bytes) => Buffer.alloc(bytes.length, 0x5a)],
  ['that is empty', () => Buffer.alloc(0)],
  ['whose first page is damaged', (bytes) => Buffer.concat([Buffer.alloc(200, 0xff), bytes.subarray(200)])],
])('a usage database %s ends the start with one line; no fresh one takes its place (F6)', async (_, damage) => {
  const path = join(world.config.dataDir, 'usage.sqlite');
  await world.databases.usage.close();
  const damaged = damage(readFileSync(path));
  for (const suffix of ['-wal', '-shm']) rmSync(path + suffix, { force: true });
  writeFileSync(path, damaged);
  await expect(world.startVerifier()).rejects.toThrow(/ended with 1: The verifier cannot run: [^\n]+\n$/);
});

test('damaged journals cost what they held and nothing else: the verifier starts and counts (F6)', async () => {
  const key = await world.addKey();
  const callers = openCallers(1);
  const first = await world.startVerifier();
  await callers.ask(first.verifierPort, key.token);
  await first.stop();
  const journals = readdirSync(world.config.dataDir).filter((name) => name.endsWith('.journal'));
  expect(journals).toHaveLength(2);
  for (const name of journals) writeFileSync(join(world.config.dataDir, name), Buffer.alloc(100_000, 0x5a));
  const second = await world.startVerifier();
  expect(await callers.ask(second.verifierPort, key.token)).toBe('allowed');
  callers.close();
  await second.stop();
  expect(await countedOf(world, key)).toBe(2);
});
