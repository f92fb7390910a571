import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { plainLimits } from '../../src/plans/plan-limits.ts';
import { lockFile } from '../../src/database/database.ts';
import { newId, systemRandom } from '../../src/platform/random.ts';
import type { UsageSchema } from '../../src/database/schema.ts';
import { openUsageRecorder } from '../../src/usage/open-usage-recorder.ts';
import { type UsageStore, createUsageStore } from '../../src/usage/usage-store.ts';
import { decideLimits } from '../../src/verify/decide-limits.ts';
import { type TestDatabase, openUsageTestDatabase } from '../support/databases.ts';

const NOW_MS = Date.UTC(2026, 2, 1);
const limits = plainLimits(1000, 1, 100, 'month');

let opened: TestDatabase<UsageSchema>;
let store: UsageStore;
let root: string;
let releases: (() => void)[];

beforeEach(async () => {
  opened = await openUsageTestDatabase('sqlite');
  store = createUsageStore(opened.database);
  root = mkdtempSync(join(tmpdir(), 'gatehouse-slots-'));
  releases = [];
});
afterEach(async () => {
  for (const release of releases) release();
  rmSync(root, { recursive: true, force: true });
  await opened.close();
});

/** A verifier's counters, as long as its process lives. */
async function openOne(folder = root, errors: unknown[] = []) {
  const held: (() => void)[] = [];
  const recorder = await openUsageRecorder({
    store,
    clock: { nowMs: () => NOW_MS },
    holdsUpCalls: true,
    folder,
    lockFile: (path) => {
      const release = lockFile(path);
      if (release) held.push(release);
      return release;
    },
    newJournalId: () => newId(systemRandom, 'jnl'),
    onReadError: (error) => void errors.push(error),
    onWriteError: (error) => void errors.push(error),
    onJournalError: (error) => void errors.push(error),
  });
  const kill = (): void => {
    for (const release of held.splice(0)) release();
  };
  releases.push(kill);
  const take = async (calls: number, plan = limits): Promise<void> => {
    const meter = await recorder.meterOf({ id: 'sub_1', limits: plan }, 'key_1', '', NOW_MS);
    for (let call = 0; call < calls; call += 1) recorder.take(meter, 1, NOW_MS);
    recorder.commit();
  };
  return { recorder, take, kill };
}

const counted = () => store.findQuotaUsed('sub_1 cost month UTC', NOW_MS);

test('a verifier that starts while the last one still runs has a journal of its own', async () => {
  const first = await openOne();
  const second = await openOne();
  await first.take(3);
  await second.take(2);
  await first.recorder.stop();
  await second.recorder.stop();
  expect(await counted()).toBe(5);
});

test('what killed verifiers left behind is brought in by the next one that starts, each once', async () => {
  const [first, second] = [await openOne(), await openOne()];
  await first.take(3);
  await second.take(2);
  first.kill();
  second.kill();
  const third = await openOne();
  expect(await counted()).toBe(5);
  const fourth = await openOne();
  expect(await counted()).toBe(5);
  await third.take(1);
  third.kill();
  await openOne();
  expect(await counted()).toBe(6);
  fourth.kill();
});

test('a verifier takes nothing out of the journal of one that runs', async () => {
  const first = await openOne();
  await first.take(3);
  await openOne();
  expect(await counted()).toBeUndefined();
  await first.recorder.flush();
  expect(await counted()).toBe(3);
});

test('where no journal can be written it says so: soft quotas pass, hard ones do not (F5)', async () => {
  const errors: unknown[] = [];
  const { recorder } = await openOne(join(root, 'not-there'), errors);
  expect(errors).toHaveLength(1);
  const decide = async (hard: boolean): Promise<string> => {
    const plan = { ...limits, quotas: limits.quotas.map((quota) => ({ ...quota, hard })) };
    const meter = await recorder.meterOf({ id: `sub_${String(hard)}`, limits: plan }, 'key_1', '', NOW_MS);
    const decided = decideLimits(meter, { cost: 1, calls: 1 }, NOW_MS);
    return decided.ok ? 'allowed' : decided.refusal.code;
  };
  expect([await decide(false), await decide(true)]).toEqual(['allowed', 'unavailable']);
});
