import { readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { systemClock } from '../../src/platform/clock.ts';
import { openDatabase } from '../../src/database/database.ts';
import type { UsageSchema } from '../../src/database/schema.ts';
import { createUsageStore } from '../../src/usage/usage-store.ts';
import type { IssuedKey } from '../verify/parcels.ts';
import { type World, createWorld } from '../verify/world.ts';
import { countedOf, openCallers, setQuota } from './callers.ts';
import { corrupt } from './corruptions.ts';

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

/** For a night: CORRUPTIONS=10000. */
const CORRUPTIONS = Number(process.env.CORRUPTIONS ?? 150);

test('of many damaged usage databases none lets a call pass whose hard quota is used up, and none is made anew (F6)', async () => {
  await setQuota(world, 'small', 3, true);
  const key = await world.addKey('small');
  const callers = openCallers(1);
  const first = await world.startVerifier();
  const firstFive = [];
  for (let call = 0; call < 5; call += 1) firstFive.push(await callers.ask(first.verifierPort, key.token));
  await first.stop();
  callers.close();
  expect(firstFive).toEqual(['allowed', 'allowed', 'allowed', 'refused', 'refused']);
  await fillCounters(world);
  await world.databases.close();
  const path = join(world.config.dataDir, 'usage.sqlite');
  const whole = readFileSync(path);
  const seen: Record<string, number> = {};
  for (let seed = 1; seed <= CORRUPTIONS; seed += 1) {
    const { kind, database, wal } = corrupt(whole, seed);
    for (const suffix of ['-wal', '-shm']) rmSync(path + suffix, { force: true });
    writeFileSync(path, database);
    if (wal) writeFileSync(`${path}-wal`, wal);
    const outcome = await startOnce(key);
    seen[`${kind} ${outcome}`] = (seen[`${kind} ${outcome}`] ?? 0) + 1;
    expect([seed, kind, outcome]).not.toEqual([seed, kind, 'allowed']);
    // SQLite may have written its head anew; nothing has made a fresh database of it.
    if (outcome === 'no start') expect(statSync(path).size).toBeGreaterThanOrEqual(database.length);
  }
  if (process.env.CORRUPTIONS !== undefined) process.stdout.write(`${JSON.stringify(seen)}\n`);
  expect(Object.keys(seen).sort()).toEqual(expect.arrayContaining(['flipped no start', 'flipped refused']));
}, 3_600_000);

/** Months of other subscriptions, as a portal in use has them. */
async function fillCounters({ databases, config }: World): Promise<void> {
  const store = createUsageStore(databases.usage);
  const counts = Array.from({ length: 200 }, (_, index) => ({
    counter: `sub_${String(index).padStart(20, '0')} cost month UTC`,
    windowStartMs: Date.UTC(2026, index % 12),
    amount: 1 + index * 37,
  }));
  const journal = { id: 'jnl_of_the_test', sequence: 1 };
  await store.add({ counts, reports: [], outdated: [], journal, marksOf: () => [] });
  await openDatabase<UsageSchema>({ url: config.usageDatabaseUrl }).close();
}

/** Starts the verifier in this process on whatever stands there, and asks once. */
async function startOnce({ token }: IssuedKey): Promise<'no start' | 'allowed' | 'refused'> {
  let verifier;
  try {
    verifier = await world.composeVerifier(systemClock);
  } catch {
    return 'no start';
  }
  const callers = openCallers(1);
  const outcome = await callers.ask(verifier.verifierPort, token);
  callers.close();
  await verifier.stop().catch(() => undefined);
  return outcome === 'allowed' ? 'allowed' : 'refused';
}
