import { afterEach, beforeEach, expect, test } from 'vitest';

import type { UsageSchema } from '../../src/database/schema.ts';
import { readUsageReport } from '../../src/usage/read-usage-report.ts';
import { createStatisticsStore } from '../../src/usage/statistics-store.ts';
import type { UsageRange } from '../../src/usage/usage.ts';
import { type UsageScope, createUsageReadingStore } from '../../src/usage/usage-reading-store.ts';
import { type TestDatabase, openUsageTestDatabase } from '../support/databases.ts';
import { DAY_START_MS, count } from './counts.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const NOW_MS = DAY_START_MS + 10 * HOUR_MS + 1;
const application = { of: 'application', applicationId: 'app_1' } as const;

let opened: TestDatabase<UsageSchema>;

beforeEach(async () => {
  opened = await openUsageTestDatabase('sqlite');
  await createStatisticsStore(opened.database).add({
    counts: [
      count(10, {
        start_ms: NOW_MS - 1,
        answers_2xx: 7,
        answers_5xx: 1,
        latency_ms: 90,
        latency_10: 7,
        latency_100: 1,
      }),
      count(3, { start_ms: NOW_MS - 1, verdict: 'rate_limited' }),
      count(1, { start_ms: NOW_MS - 1, verdict: 'key_in_query', operation_id: '', version: '' }),
      count(20, { start_ms: DAY_START_MS - DAY_MS, operation_id: 'getParcel', key_id: 'key_2' }),
      count(40, { start_ms: DAY_START_MS - 8 * DAY_MS }),
      count(80, { start_ms: DAY_START_MS, application_id: 'app_2', key_id: 'key_9' }),
    ],
    activities: [],
    addresses: [],
  });
});
afterEach(() => opened.close());

const read = (range: UsageRange, scope: UsageScope = application) =>
  readUsageReport(createUsageReadingStore(opened.database), scope, range, NOW_MS);

test.each([
  ['24h', 'hour', 24, 10],
  ['7d', 'day', 7, 30],
  ['30d', 'day', 30, 70],
  ['90d', 'day', 90, 70],
  ['13m', 'month', 13, 70],
] as const)('%s are read by the %s, %i of them, the last one under way', async (range, grain, slots, allowed) => {
  const report = await read(range);
  expect(report).toMatchObject({ range, grain, total: { allowed, refused: 4 } });
  expect(report.slots).toHaveLength(slots);
  const last = report.slots.at(-1);
  expect(last?.startMs).toBeLessThanOrEqual(NOW_MS);
  expect(last?.endMs).toBeGreaterThan(NOW_MS);
  expect(report.slots.reduce((sum, slot) => sum + slot.allowed, 0)).toBe(allowed);
});

test('operations, keys and refusals are summed, busiest first', async () => {
  const report = await read('7d');
  expect(report.byOperation.map((line) => [line.version, line.operationId, line.allowed, line.refused])).toEqual([
    ['v2', 'getParcel', 20, 0],
    ['v2', 'listParcels', 10, 3],
    ['', '', 0, 1],
  ]);
  expect(report.byKey.map(({ keyId, allowed, refused }) => [keyId, allowed, refused])).toEqual([
    ['key_2', 20, 0],
    ['key_1', 10, 4],
  ]);
  expect(report.byRefusal).toEqual([
    { verdict: 'rate_limited', calls: 3 },
    { verdict: 'key_in_query', calls: 1 },
  ]);
});

test('answers that nobody told about are unknown, and latencies are those of the others', async () => {
  const { total } = await read('24h');
  expect(total.answers).toEqual({ success: 7, redirect: 0, clientError: 0, serverError: 1, unknown: 2 });
  expect(total.medianMs).toBeCloseTo(5.7, 1);
  expect(total.p95Ms).toBeCloseTo(80, 0);
  expect((await read('7d', { of: 'key', applicationId: 'app_1', keyId: 'key_2' })).total).toMatchObject({
    allowed: 20,
    medianMs: null,
  });
});

test('one key is told from the others, and an API is summed over all applications', async () => {
  expect((await read('30d', { of: 'key', applicationId: 'app_1', keyId: 'key_1' })).total.allowed).toBe(50);
  const parcels = await read('30d', { of: 'api', apiSlug: 'parcels' });
  expect(parcels.total.allowed).toBe(150);
  expect(parcels.byKey).toEqual([]);
  expect((await read('30d', { of: 'api', apiSlug: 'letters' })).total).toMatchObject({ allowed: 0, refused: 0 });
});
