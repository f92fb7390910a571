import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import type { Plan } from '../../src/plans/plan.ts';
import type { UsageSchema } from '../../src/platform/schema.ts';
import { readApplicationUsage } from '../../src/usage/read-application-usage.ts';
import { type UsageStore, createUsageStore } from '../../src/usage/usage-store.ts';
import { type TestDatabase, openUsageTestDatabase } from '../support/databases.ts';

const DAY_MS = 86_400_000;
const TODAY_MS = Date.UTC(2026, 2, 3);
const NOW_MS = TODAY_MS + 10 * 3_600_000;

const plan: Plan = {
  apiSlug: 'parcels',
  slug: 'free',
  title: 'Free',
  summary: '',
  scopes: [],
  rateLimit: 60,
  rateWindowSeconds: 60,
  quota: 100,
  quotaPeriod: 'day',
  overlapMaxDays: 30,
  rotationIntervalDays: null,
};

let opened: TestDatabase<UsageSchema>;
let store: UsageStore;

beforeEach(async () => {
  opened = await openUsageTestDatabase('sqlite');
  store = createUsageStore(opened.database);
  const row = {
    hour_start_ms: TODAY_MS,
    application_id: 'app_1',
    key_id: 'key_1',
    api_slug: 'parcels',
    version: 'v2',
    operation_id: 'listParcels',
  };
  await store.add({
    quotas: [{ subscriptionId: 'sub_1', windowStartMs: TODAY_MS, calls: 12 }],
    counts: [
      { ...row, verdict: 'allowed', calls: 12 },
      { ...row, verdict: 'rate_limited', calls: 3 },
      { ...row, verdict: 'key_in_query', operation_id: '', calls: 4 },
      { ...row, hour_start_ms: TODAY_MS - 2 * DAY_MS, verdict: 'allowed', key_id: 'key_2', calls: 100 },
      { ...row, hour_start_ms: TODAY_MS - 3 * DAY_MS, verdict: 'allowed', calls: 1000 },
    ],
    activities: [],
  });
});
afterEach(() => opened.close());

describe('the usage of an application', () => {
  const read = (days: number) =>
    readApplicationUsage(store, { applicationId: 'app_1', subscriptions: [{ id: 'sub_1', plan }], days }, NOW_MS);

  test('has one line for each day asked for, today last, also for days without calls', async () => {
    expect((await read(3)).days).toEqual([
      { dayStartMs: TODAY_MS - 2 * DAY_MS, allowed: 100, refused: 0 },
      { dayStartMs: TODAY_MS - DAY_MS, allowed: 0, refused: 0 },
      { dayStartMs: TODAY_MS, allowed: 12, refused: 7 },
    ]);
  });

  test('is summed by operation, key and refusal, busiest first', async () => {
    const usage = await read(3);
    expect(usage.byOperation).toEqual([
      { apiSlug: 'parcels', version: 'v2', operationId: 'listParcels', allowed: 112, refused: 3 },
      { apiSlug: 'parcels', version: 'v2', operationId: '', allowed: 0, refused: 4 },
    ]);
    expect(usage.byKey).toEqual([
      { keyId: 'key_2', allowed: 100, refused: 0 },
      { keyId: 'key_1', allowed: 12, refused: 7 },
    ]);
    expect(usage.byRefusal).toEqual([
      { verdict: 'key_in_query', calls: 4 },
      { verdict: 'rate_limited', calls: 3 },
    ]);
  });

  test('names used, limit and renewal of each quota in the window of now', async () => {
    expect((await read(1)).quotas).toEqual([
      {
        subscriptionId: 'sub_1',
        apiSlug: 'parcels',
        planSlug: 'free',
        used: 12,
        limit: 100,
        resetAtMs: TODAY_MS + DAY_MS,
        rateLimit: 60,
        rateWindowSeconds: 60,
      },
    ]);
    const tomorrow = await readApplicationUsage(
      store,
      { applicationId: 'app_1', subscriptions: [{ id: 'sub_1', plan }], days: 1 },
      NOW_MS + DAY_MS,
    );
    expect(tomorrow.quotas[0]?.used).toBe(0);
  });

  test('of an application without calls is empty, not absent', async () => {
    const usage = await readApplicationUsage(store, { applicationId: 'app_9', subscriptions: [], days: 2 }, NOW_MS);
    expect(usage).toMatchObject({ byOperation: [], byKey: [], byRefusal: [], quotas: [] });
    expect(usage.days).toHaveLength(2);
  });
});
