import { afterEach, beforeEach, expect, test } from 'vitest';

import { type UsageStore, createUsageStore } from '../../src/usage/usage-store.ts';
import { type TestDatabase, forEachDialect, openUsageTestDatabase } from '../support/databases.ts';
import type { UsageSchema } from '../../src/platform/schema.ts';

const HOUR_MS = 3_600_000;
const DAY_START_MS = Date.UTC(2026, 2, 3);

function count(calls: number, columns: Partial<UsageSchema['call_count']> = {}): UsageSchema['call_count'] {
  return {
    hour_start_ms: DAY_START_MS,
    application_id: 'app_1',
    key_id: 'key_1',
    api_slug: 'parcels',
    version: 'v2',
    operation_id: 'listParcels',
    verdict: 'allowed',
    calls,
    ...columns,
  };
}

function activity(columns: Partial<UsageSchema['key_activity']> = {}): UsageSchema['key_activity'] {
  return {
    key_id: 'key_1',
    application_id: 'app_1',
    last_called_at_ms: 1,
    last_address: '203.0.113.9',
    last_verdict: 'allowed',
    leaked_in_query_at_ms: null,
    ...columns,
  };
}

forEachDialect((dialect) => {
  let opened: TestDatabase<UsageSchema>;
  let store: UsageStore;

  beforeEach(async () => {
    opened = await openUsageTestDatabase(dialect);
    store = createUsageStore(opened.database);
  });
  afterEach(() => opened.close());

  test('batches add up, and the new totals come back', async () => {
    const quota = { subscriptionId: 'sub_1', windowStartMs: 5, calls: 3 };
    expect(await store.findQuotaUsed('sub_1', 5)).toBeUndefined();
    expect(await store.add({ quotas: [quota], counts: [count(2)], activities: [] })).toMatchObject([
      { subscription_id: 'sub_1', used: 3 },
    ]);
    expect(await store.add({ quotas: [{ ...quota, calls: 4 }], counts: [count(5)], activities: [] })).toMatchObject([
      { used: 7 },
    ]);
    expect(await store.findQuotaUsed('sub_1', 5)).toBe(7);
    expect(await store.findQuotaUsed('sub_1', 6)).toBeUndefined();
    expect(await store.countAllowed(['app_1'], DAY_START_MS)).toBe(7);
  });

  test('a batch of thousands of rows arrives whole', async () => {
    const quotas = Array.from({ length: 1234 }, (_, index) => ({
      subscriptionId: `sub_${index}`,
      windowStartMs: 0,
      calls: 1,
    }));
    const counts = quotas.map((_, index) => count(1, { key_id: `key_${index}` }));
    expect(await store.add({ quotas, counts, activities: [] })).toHaveLength(1234);
    expect(await store.countAllowed(['app_1'], 0)).toBe(1234);
  });

  test('hours are summed to days, and refusals are told apart', async () => {
    const counts = [
      count(1),
      count(2, { hour_start_ms: DAY_START_MS + 23 * HOUR_MS }),
      count(4, { hour_start_ms: DAY_START_MS + 24 * HOUR_MS }),
      count(8, { verdict: 'rate_limited', key_id: 'key_2' }),
      count(16, { application_id: 'app_2' }),
      count(32, { hour_start_ms: DAY_START_MS - HOUR_MS }),
    ];
    await store.add({ quotas: [], counts, activities: [] });
    const days = await store.countsByDay('app_1', DAY_START_MS);
    expect(days).toHaveLength(3);
    expect(days).toContainEqual({ dayStartMs: DAY_START_MS, verdict: 'allowed', calls: 3 });
    expect(days).toContainEqual({ dayStartMs: DAY_START_MS, verdict: 'rate_limited', calls: 8 });
    expect(days).toContainEqual({ dayStartMs: DAY_START_MS + 24 * HOUR_MS, verdict: 'allowed', calls: 4 });
    expect(await store.countsByKey('app_1', DAY_START_MS)).toContainEqual({
      keyId: 'key_2',
      verdict: 'rate_limited',
      calls: 8,
    });
    expect(await store.countsByOperation('app_1', DAY_START_MS)).toContainEqual({
      apiSlug: 'parcels',
      version: 'v2',
      operationId: 'listParcels',
      verdict: 'allowed',
      calls: 7,
    });
    expect(await store.countAllowed(['app_1', 'app_2'], DAY_START_MS)).toBe(23);
    expect(await store.countAllowed([], 0)).toBe(0);
    expect(await store.countAllowed(['app_3'], 0)).toBe(0);
  });

  test('the last call of a key replaces the one before, but a leak is never forgotten', async () => {
    const add = (columns: Partial<UsageSchema['key_activity']>) =>
      store.add({ quotas: [], counts: [], activities: [activity(columns)] });
    await add({ leaked_in_query_at_ms: 5 });
    await add({ last_called_at_ms: 9, last_address: '', last_verdict: 'key_revoked' });
    const later = {
      keyId: 'key_1',
      lastCalledAtMs: 9,
      lastAddress: '',
      lastVerdict: 'key_revoked',
      leakedInQueryAtMs: 5,
    };
    expect(await store.keyActivities('app_1')).toEqual([later]);
    await add({ leaked_in_query_at_ms: 12 });
    expect(await store.keyActivities('app_1')).toMatchObject([{ leakedInQueryAtMs: 12 }]);
    expect(await store.keyActivities('app_2')).toEqual([]);
  });

  test('half a batch is never written', async () => {
    const broken = { ...activity(), last_called_at_ms: null as unknown as number };
    const quotas = [{ subscriptionId: 'sub_1', windowStartMs: 0, calls: 1 }];
    await expect(store.add({ quotas, counts: [count(1)], activities: [broken] })).rejects.toThrow();
    expect(await store.findQuotaUsed('sub_1', 0)).toBeUndefined();
    expect(await store.countAllowed(['app_1'], 0)).toBe(0);
  });
});
