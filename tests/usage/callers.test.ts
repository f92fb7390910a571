import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { UsageSchema } from '../../src/database/schema.ts';
import { type CallsQuestion, createApiUsageStore } from '../../src/usage/api-usage-store.ts';
import { blockStart, blocksOf, dayColumn, daysOfBlock } from '../../src/usage/caller-days.ts';
import { type HourCount, createStatisticsStore } from '../../src/usage/statistics-store.ts';
import { createUsageRetentionStore } from '../../src/usage/usage-retention-store.ts';
import { type TestDatabase, forEachDialect, openUsageTestDatabase } from '../support/databases.ts';
import { DAY_START_MS, count } from './counts.ts';

const DAY_MS = 86_400_000;
const NOW_MS = DAY_START_MS + 20 * 3_600_000;

describe('blocks of 28 days', () => {
  test('each day has one column of one block', () => {
    const places = Array.from({ length: 100 }, (_, day) => {
      const atMs = DAY_START_MS - day * DAY_MS;
      return `${blockStart(atMs)} ${dayColumn(atMs)}`;
    });
    expect(new Set(places).size).toBe(100);
    expect(dayColumn(blockStart(NOW_MS))).toBe('d0');
    expect(dayColumn(blockStart(NOW_MS) + 28 * DAY_MS - 1)).toBe('d27');
  });

  test('the days between two moments are in their blocks, each once', () => {
    for (const days of [1, 7, 28, 90]) {
      const sinceMs = DAY_START_MS - (days - 1) * DAY_MS;
      const found = blocksOf(sinceMs, NOW_MS).flatMap((start) => daysOfBlock(start, sinceMs, NOW_MS));
      expect(found).toHaveLength(days);
    }
    expect(blocksOf(NOW_MS, NOW_MS - 90 * DAY_MS)).toEqual([]);
  });
});

forEachDialect((dialect) => {
  let opened: TestDatabase<UsageSchema>;
  let calls: HourCount[];

  beforeAll(async () => {
    opened = await openUsageTestDatabase(dialect);
    // Every seventh key, version and verdict meets every day sooner or later.
    calls = Array.from({ length: 400 }, (_, index) =>
      count(1 + (index % 5), {
        start_ms: DAY_START_MS - ((index * 7) % 123) * DAY_MS + (index % 20) * 3_600_000,
        application_id: `app_${index % 3}`,
        key_id: `key_${index % 3}_${index % 2}`,
        version: index % 4 === 0 ? 'v1' : 'v2',
        operation_id: `operation${index % 3}`,
        verdict: ['allowed', 'allowed', 'version_retired', 'brown_out', 'rate_limited'][index % 5] ?? '',
      }),
    );
    const store = createStatisticsStore(opened.database);
    // In several flushes, so that sums meet rows that are there.
    for (let start = 0; start < calls.length; start += 130) {
      const counts = calls.slice(start, start + 130);
      await store.add({ counts, activities: [], addresses: [] });
    }
  });
  afterAll(() => opened.close());

  const question: CallsQuestion = {
    ...{ apiSlug: 'parcels', versions: ['v1'], operations: [], applicationIds: null },
    ...{ sinceMs: NOW_MS - 90 * DAY_MS, untilMs: NOW_MS, weekStartMs: NOW_MS - 7 * DAY_MS },
  };

  /** The same, one call after the other. */
  function expected({ versions, operations, applicationIds, sinceMs, untilMs, weekStartMs }: CallsQuestion) {
    const dayOf = (atMs: number) => atMs - (atMs % DAY_MS);
    const weekMs = dayOf(weekStartMs + DAY_MS - 1);
    const sums: Record<string, [named: number, thisWeek: number, weekBefore: number, any: number]> = {};
    for (const call of calls) {
      if (call.verdict === 'rate_limited' || (applicationIds && !applicationIds.includes(call.application_id)))
        continue;
      const day = dayOf(call.start_ms);
      const isNamed =
        (versions.length === 0 || versions.includes(call.version)) &&
        (operations.length === 0 || operations.includes(call.operation_id));
      const isWithin = day >= dayOf(sinceMs) && day < untilMs;
      const sum = (sums[call.key_id] ??= [0, 0, 0, 0]);
      if (isNamed && isWithin) sum[0] += call.calls;
      if (isNamed && day >= weekMs) sum[1] += call.calls;
      if (isNamed && day >= weekMs - 7 * DAY_MS && day < weekMs) sum[2] += call.calls;
      if (isWithin) sum[3] += call.calls;
    }
    return sums;
  }

  test.each<[string, Partial<CallsQuestion>]>([
    ['a version', {}],
    ['everything', { versions: [] }],
    ['operations of a version', { operations: ['operation1', 'operation2'] }],
    ['some applications', { applicationIds: ['app_0', 'app_2'] }],
    ['a reach that is long over', { sinceMs: NOW_MS - 120 * DAY_MS, untilMs: NOW_MS - 30 * DAY_MS }],
    ['one day', { sinceMs: NOW_MS - DAY_MS }],
  ])('callers of %s are counted as if one call after the other', async (_, change) => {
    const asked = { ...question, ...change };
    const rows = await createApiUsageStore(opened.database).callsByKey(asked);
    const found = rows.map((row) => [row.keyId, [row.named, row.namedThisWeek, row.namedWeekBefore, row.any]]);
    const zero = (sums: readonly number[]) => sums.every((sum) => sum === 0);
    const wanted = Object.entries(expected(asked)).filter(([, sums]) => !zero(sums));
    expect(Object.fromEntries(found.filter(([, sums]) => !zero(sums as number[])))).toEqual(Object.fromEntries(wanted));
    expect(wanted.length).toBeGreaterThan(0);
  });

  test('operations of a key add up to what the key called', async () => {
    const usage = createApiUsageStore(opened.database);
    const keys = await usage.callsByKey(question);
    for (const { keyId, named, namedThisWeek, applicationId } of keys) {
      const rows = await usage.callsByOperation({ ...question, applicationIds: [applicationId] }, [keyId]);
      expect(rows.reduce((sum, row) => sum + row.calls, 0)).toBe(named);
      expect(rows.reduce((sum, row) => sum + row.callsThisWeek, 0)).toBe(namedThisWeek);
    }
  });

  test('blocks that are over before a moment are removed, in steps, and none that is not', async () => {
    const store = createUsageRetentionStore(opened.database);
    const blocks = async () => {
      const rows = await opened.database.kysely.selectFrom('api_caller').select('block_start_ms').distinct().execute();
      return rows.map((row) => row.block_start_ms).sort((a, b) => a - b);
    };
    const before = await blocks();
    const [, second = 0] = before;
    expect(await store.removeCallers('parcels', second)).toBe(false);
    let steps = 0;
    while (await store.removeCallers('parcels', second + 1)) steps += 1;
    expect(steps).toBeGreaterThan(0);
    expect(await blocks()).toEqual(before.slice(1));
    expect(await store.removeCallers('another', NOW_MS)).toBe(false);
  });
});
