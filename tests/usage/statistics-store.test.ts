import { afterEach, beforeEach, expect, test } from 'vitest';

import type { UsageSchema } from '../../src/database/schema.ts';
import { type StatisticsStore, createStatisticsStore } from '../../src/usage/statistics-store.ts';
import { type UsageReadingStore, createUsageReadingStore } from '../../src/usage/usage-reading-store.ts';
import { type TestDatabase, forEachDialect, openUsageTestDatabase } from '../support/databases.ts';
import { DAY_START_MS, activity, address, count } from './counts.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MONTH_START_MS = Date.UTC(2026, 2);
const NOTHING = { counts: [], activities: [], addresses: [] };
const application = { of: 'application', applicationId: 'app_1' } as const;

forEachDialect((dialect) => {
  let opened: TestDatabase<UsageSchema>;
  let store: StatisticsStore;
  let reading: UsageReadingStore;

  beforeEach(async () => {
    opened = await openUsageTestDatabase(dialect);
    store = createStatisticsStore(opened.database);
    reading = createUsageReadingStore(opened.database);
  });
  afterEach(() => opened.close());

  test('hours, days and months always say the same', async () => {
    const counts = [
      count(1),
      count(2, { start_ms: DAY_START_MS + 23 * HOUR_MS }),
      count(4, { start_ms: DAY_START_MS + DAY_MS }),
      count(8, { verdict: 'rate_limited', key_id: 'key_2' }),
      count(16, { application_id: 'app_2' }),
      count(32, { start_ms: MONTH_START_MS - HOUR_MS }),
    ];
    await store.add({ ...NOTHING, counts });
    await store.add({ ...NOTHING, counts: [count(100)] });
    const slots = async (grain: 'hour' | 'day' | 'month', sinceMs: number) =>
      (await reading.slots({ scope: application, grain, sinceMs }))
        .map(({ startMs, verdict, calls }) => [startMs, verdict, calls])
        .sort();
    expect(await slots('hour', DAY_START_MS)).toEqual([
      [DAY_START_MS, 'allowed', 101],
      [DAY_START_MS, 'rate_limited', 8],
      [DAY_START_MS + 23 * HOUR_MS, 'allowed', 2],
      [DAY_START_MS + DAY_MS, 'allowed', 4],
    ]);
    expect(await slots('day', DAY_START_MS)).toEqual([
      [DAY_START_MS, 'allowed', 103],
      [DAY_START_MS, 'rate_limited', 8],
      [DAY_START_MS + DAY_MS, 'allowed', 4],
    ]);
    expect(await slots('month', 0)).toEqual([
      [Date.UTC(2026, 1), 'allowed', 32],
      [MONTH_START_MS, 'allowed', 107],
      [MONTH_START_MS, 'rate_limited', 8],
    ]);
  });

  test('are read for one key, or over all applications', async () => {
    const counts = [count(1), count(2, { key_id: 'key_2' }), count(4, { application_id: 'app_2', key_id: 'key_3' })];
    await store.add({ ...NOTHING, counts: [...counts, count(8, { api_slug: '', operation_id: '' })] });
    const calls = async (scope: Parameters<UsageReadingStore['parts']>[0]['scope']) =>
      (await reading.parts({ scope, grain: 'day', sinceMs: DAY_START_MS })).map((row) => [row.keyId, row.calls]).sort();
    expect(await calls({ of: 'key', applicationId: 'app_1', keyId: 'key_2' })).toEqual([['key_2', 2]]);
    expect(await calls({ of: 'api', apiSlug: 'parcels' })).toEqual([['', 7]]);
    expect(await calls(application)).toEqual([
      ['key_1', 1],
      ['key_1', 8],
      ['key_2', 2],
    ]);
    expect(await reading.countAllowed(['app_1', 'app_2'], DAY_START_MS)).toBe(15);
    expect(await reading.countAllowed([], 0)).toBe(0);
    expect(await reading.countAllowed(['app_3'], 0)).toBe(0);
  });

  test('every measure is summed, in rows of a batch and in rows of the table', async () => {
    const some = { answers_2xx: 2, answers_5xx: 1, latency_ms: 70, latency_25: 2, latency_more: 1 };
    await store.add({ ...NOTHING, counts: [count(3, some), count(0, { ...some, start_ms: DAY_START_MS + HOUR_MS })] });
    await store.add({ ...NOTHING, counts: [count(0, some)] });
    const [row] = await reading.slots({ scope: application, grain: 'month', sinceMs: MONTH_START_MS });
    expect(row).toMatchObject({ calls: 3, answers_2xx: 6, answers_5xx: 3, latency_ms: 210, latency_25: 6 });
    expect(row?.latency_more).toBe(3);
  });

  test('the last call of a key replaces the one before, but its first call and a leak are never forgotten', async () => {
    const add = (columns: Partial<UsageSchema['key_activity']>) =>
      store.add({ ...NOTHING, activities: [activity(columns)] });
    await add({ leaked_in_query_at_ms: 5, first_called_at_ms: 4, last_allowed_at_ms: 4 });
    await add({
      ...{ last_called_at_ms: 9, last_address: '', last_verdict: 'key_revoked' },
      ...{ first_called_at_ms: 9, last_allowed_at_ms: null },
    });
    const later = {
      keyId: 'key_1',
      firstCalledAtMs: 4,
      lastCalledAtMs: 9,
      lastAllowedAtMs: 4,
      lastAddress: '',
      lastVerdict: 'key_revoked',
      leakedInQueryAtMs: 5,
    };
    expect(await reading.keyActivities('app_1')).toEqual([later]);
    await add({ leaked_in_query_at_ms: 12 });
    expect(await reading.keyActivities('app_1')).toMatchObject([{ leakedInQueryAtMs: 12 }]);
    expect(await reading.keyActivities('app_2')).toEqual([]);
  });

  test('an address keeps when it was seen first', async () => {
    await store.add({ ...NOTHING, addresses: [address('203.0.113.9'), address('2001:db8::1', { calls: 5 })] });
    const again = address('203.0.113.9', { first_seen_at_ms: 7, last_seen_at_ms: 8, calls: 2 });
    await store.add({ ...NOTHING, addresses: [again, address('203.0.113.9', { key_id: 'key_2' })] });
    expect(await reading.addresses('key_1', 10)).toEqual([
      { address: '203.0.113.9', firstSeenAtMs: 1, lastSeenAtMs: 8, calls: 3 },
      { address: '2001:db8::1', firstSeenAtMs: 1, lastSeenAtMs: 1, calls: 5 },
    ]);
  });

  test('only the newest addresses of a key are kept', async () => {
    const addresses = Array.from({ length: 250 }, (_, index) => address(`10.0.0.${index}`, { last_seen_at_ms: index }));
    await store.add({ ...NOTHING, addresses: [...addresses, address('10.9.9.9', { key_id: 'key_2' })] });
    await store.trimAddresses('key_1', 100);
    const kept = await reading.addresses('key_1', 1000);
    expect(kept.map(({ lastSeenAtMs }) => lastSeenAtMs)).toEqual(
      Array.from({ length: 100 }, (_, index) => 249 - index),
    );
    expect(await reading.addresses('key_2', 10)).toHaveLength(1);
    await store.trimAddresses('key_1', 100);
    expect(await reading.addresses('key_1', 1000)).toHaveLength(100);
  });

  test('half a batch is never written', async () => {
    const broken = activity({ last_called_at_ms: null as unknown as number });
    await expect(store.add({ ...NOTHING, counts: [count(1)], activities: [broken] })).rejects.toThrow();
    expect(await reading.countAllowed(['app_1'], 0)).toBe(0);
  });

  test('a batch of events counts once, however often and however concurrently it comes', async () => {
    const batch = { id: 'batch-1', bodySha256: 'aa', result: '{"accepted":3}' };
    const add = (changes = {}) => store.addEvents({ ...batch, ...changes }, [count(3)], DAY_START_MS);
    expect(await store.findEvents('batch-1')).toBeNull();
    await Promise.all([add(), add(), add()]);
    expect(await add({ bodySha256: 'bb', result: '{}' })).toEqual(batch);
    expect(await store.findEvents('batch-1')).toEqual(batch);
    expect(await reading.countAllowed(['app_1'], 0)).toBe(3);
  });
});
