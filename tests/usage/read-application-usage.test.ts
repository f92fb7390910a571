import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import type { Plan } from '../../src/plans/plan.ts';
import { plainLimits } from '../../src/plans/plan-limits.ts';
import type { UsageSchema } from '../../src/database/schema.ts';
import { noMeasures } from '../../src/usage/measures.ts';
import { type ReadUsageDeps, readApplicationUsage } from '../../src/usage/read-application-usage.ts';
import { createStatisticsStore } from '../../src/usage/statistics-store.ts';
import { createUsageReadingStore } from '../../src/usage/usage-reading-store.ts';
import { createUsageStore } from '../../src/usage/usage-store.ts';
import { type TestDatabase, openUsageTestDatabase } from '../support/databases.ts';
import { batchOf } from './journal-folder.ts';

const DAY_MS = 86_400_000;
const TODAY_MS = Date.UTC(2026, 2, 3);
const NOW_MS = TODAY_MS + 10 * 3_600_000;

const plan: Plan = {
  apiSlug: 'parcels',
  slug: 'free',
  title: 'Free',
  summary: '',
  scopes: [],
  limits: plainLimits(60, 60, 100, 'day'),
  overlapMaxDays: 30,
  rotationIntervalDays: null,
  maxLifetimeDays: null,
  dormancy: null,
};

let opened: TestDatabase<UsageSchema>;
let store: ReadUsageDeps;

beforeEach(async () => {
  opened = await openUsageTestDatabase('sqlite');
  const quotas = createUsageStore(opened.database);
  store = { reading: createUsageReadingStore(opened.database), quotas };
  const row = {
    ...noMeasures(),
    start_ms: TODAY_MS,
    application_id: 'app_1',
    key_id: 'key_1',
    api_slug: 'parcels',
    version: 'v2',
    operation_id: 'listParcels',
  };
  await quotas.add(batchOf([{ counter: 'sub_1 cost day UTC', windowStartMs: TODAY_MS, amount: 12 }]));
  await createStatisticsStore(opened.database).add({
    counts: [
      { ...row, verdict: 'allowed', calls: 12 },
      { ...row, verdict: 'rate_limited', calls: 3 },
      { ...row, verdict: 'key_in_query', operation_id: '', calls: 4 },
      { ...row, start_ms: TODAY_MS - 2 * DAY_MS, verdict: 'allowed', key_id: 'key_2', calls: 100 },
      { ...row, start_ms: TODAY_MS - 3 * DAY_MS, verdict: 'allowed', calls: 1000 },
    ],
    activities: [],
    addresses: [],
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
        operationId: '',
        keyId: '',
        name: 'quota',
        per: 'day',
        timeZone: 'UTC',
        hard: false,
        counts: 'cost',
        used: 12,
        limit: 100,
        most: 100,
        resetAtMs: TODAY_MS + DAY_MS,
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
