import { afterEach, beforeEach, expect, test } from 'vitest';

import { type PolicyCountStore, createPolicyCountStore } from '../../src/policies/policy-count-store.ts';
import { createPolicyRecorder } from '../../src/policies/policy-recorder.ts';
import { type MannersOfCalls, createPolicyTally } from '../../src/policies/policy-tally.ts';
import type { UsageSchema } from '../../src/database/schema.ts';
import { type TestDatabase, forEachDialect, openUsageTestDatabase } from '../support/databases.ts';

const HOUR_MS = 3_600_000;
const NOW_MS = Date.UTC(2026, 10, 24, 10, 30);
const one: MannersOfCalls = { atMs: NOW_MS, keyId: 'key_1', api: 'parcels', isBasic: false, address: '', calls: 1 };

forEachDialect((dialect) => {
  let usage: TestDatabase<UsageSchema>;
  let store: PolicyCountStore;
  beforeEach(async () => {
    usage = await openUsageTestDatabase(dialect);
    store = createPolicyCountStore(usage.database);
  });
  afterEach(() => usage.close());

  test('batches add up by key, hour, API and manner', async () => {
    const tally = createPolicyTally();
    for (const call of [one, one, { ...one, isBasic: true }, one, { ...one, atMs: NOW_MS + HOUR_MS }])
      tally.noteManner(call);
    await store.add(tally.take(Infinity));
    tally.noteManner(one);
    tally.noteManner({ ...one, keyId: 'key_2', api: '' });
    await store.add(tally.take(Infinity));
    const sums = (rows: Awaited<ReturnType<PolicyCountStore['manners']>>) =>
      rows.map(({ keyId, api, isBasic, calls }) => `${keyId} ${api} ${isBasic} ${calls}`).sort();
    expect(sums(await store.manners(0))).toEqual(['key_1 parcels false 5', 'key_1 parcels true 1', 'key_2  false 1']);
    expect(sums(await store.manners(NOW_MS + 1))).toEqual(['key_1 parcels false 1']);
    expect(sums(await store.manners(0, ['key_2', 'key_3']))).toEqual(['key_2  false 1']);
    expect(await store.manners(0, [])).toEqual([]);
    await store.removeBefore(NOW_MS + 1);
    expect(sums(await store.manners(0))).toEqual(['key_1 parcels false 1']);
  });

  test('what could not be written is written later, once', async () => {
    let isBroken = true;
    const errors: unknown[] = [];
    const recorder = createPolicyRecorder({
      store: {
        add: (batch) => (isBroken ? Promise.reject(new Error('disk full')) : store.add(batch)),
        removeBefore: (startMs) => store.removeBefore(startMs),
      },
      nowMs: () => NOW_MS,
      onWriteError: (error) => void errors.push(error),
    });
    const broken = {
      atMs: NOW_MS,
      keyId: 'key_1',
      policyId: 'pol_1',
      rule: 'basic_refused',
      outcome: 'warned',
    } as const;
    recorder.noteManner(one);
    recorder.noteBroken(broken);
    await recorder.flush();
    recorder.noteManner(one);
    recorder.noteBroken(broken);
    isBroken = false;
    await recorder.stop();
    await recorder.flush();
    expect(errors).toHaveLength(1);
    expect((await store.manners(0)).map(({ calls }) => calls)).toEqual([2]);
    expect(await store.broken('pol_1', 0)).toEqual([
      { keyId: 'key_1', rule: 'basic_refused', outcome: 'warned', calls: 2, lastStartMs: NOW_MS - (NOW_MS % HOUR_MS) },
    ]);
    expect(await store.broken('pol_2', 0)).toEqual([]);
  });
});

test('a test key with ever new addresses is counted to the last call, in bounded memory', () => {
  const tally = createPolicyTally();
  for (let call = 0; call < 5000; call += 1) tally.noteManner({ ...one, address: `10.0.${call >> 8}.${call & 255}` });
  const { manners } = tally.take(Infinity);
  expect(manners.length).toBeLessThanOrEqual(501);
  expect(manners.reduce((sum, { calls }) => sum + calls, 0)).toBe(5000);
});
