import { afterEach, beforeEach, expect, test } from 'vitest';

import type { UsageSchema } from '../../src/database/schema.ts';
import { removeOldUsage } from '../../src/usage/remove-old-usage.ts';
import { createStatisticsStore } from '../../src/usage/statistics-store.ts';
import { createUsageReadingStore } from '../../src/usage/usage-reading-store.ts';
import { createUsageRetentionStore } from '../../src/usage/usage-retention-store.ts';
import { type TestDatabase, forEachDialect, openUsageTestDatabase } from '../support/databases.ts';
import { DAY_START_MS, address, count } from './counts.ts';

const DAY_MS = 86_400_000;
const NOW_MS = DAY_START_MS + 3_600_000;

forEachDialect((dialect) => {
  let opened: TestDatabase<UsageSchema>;

  beforeEach(async () => {
    opened = await openUsageTestDatabase(dialect);
    const store = createStatisticsStore(opened.database);
    const daysAgo = (days: number, columns = {}) => count(1, { start_ms: DAY_START_MS - days * DAY_MS, ...columns });
    await store.add({
      counts: ['app_1', 'app_2'].flatMap((application_id) =>
        [0, 10, 40, 50, 450].flatMap((days) =>
          ['key_1', 'key_2'].map((key_id) => daysAgo(days, { application_id, key_id })),
        ),
      ),
      activities: [],
      addresses: [
        address('203.0.113.1', { last_seen_at_ms: NOW_MS - 401 * DAY_MS }),
        address('203.0.113.2', { last_seen_at_ms: NOW_MS - 399 * DAY_MS }),
        address('203.0.113.3', { key_id: 'key_2', last_seen_at_ms: NOW_MS - 500 * DAY_MS }),
      ],
    });
    for (const [id, days] of [
      ['batch-old', 32],
      ['batch-new', 30],
    ] as const)
      await store.addEvents({ id, bodySha256: '', result: '' }, [], NOW_MS - days * DAY_MS);
  });
  afterEach(() => opened.close());

  const remove = (signal = new AbortController().signal) =>
    removeOldUsage(
      {
        store: createUsageRetentionStore(opened.database),
        keptDays: { hours: 35, days: 400 },
        clock: { nowMs: () => NOW_MS },
      },
      signal,
      0,
    );

  async function left() {
    const reading = createUsageReadingStore(opened.database);
    const days = async (scope: Parameters<typeof reading.slots>[0]['scope'], grain: 'hour' | 'day' | 'month') =>
      (await reading.slots({ scope, grain, sinceMs: 0 }))
        .map(({ startMs }) => (DAY_START_MS - startMs) / DAY_MS)
        .sort();
    const scope = { of: 'application', applicationId: 'app_2' } as const;
    const api = { of: 'api', apiSlug: 'parcels' } as const;
    return {
      hours: await days(scope, 'hour'),
      days: await days(scope, 'day'),
      months: (await days(scope, 'month')).length,
      api: [await days(api, 'hour'), await days(api, 'day'), (await days(api, 'month')).length],
      addresses: (await reading.addresses('key_1', 9)).map((seen) => seen.address),
      others: (await reading.addresses('key_2', 9)).length,
    };
  }

  test('hours and days are kept as long as the settings say, months for ever', async () => {
    await remove();
    expect(await left()).toEqual({
      hours: [0, 10],
      days: [0, 10, 40, 50],
      months: 4,
      api: [[0, 10], [0, 10, 40, 50], 4],
      addresses: ['203.0.113.2'],
      others: 0,
    });
    const store = createStatisticsStore(opened.database);
    expect(await store.findEvents('batch-old')).toBeNull();
    expect(await store.findEvents('batch-new')).not.toBeNull();
  });

  test('removing can be stopped, and goes on later', async () => {
    const before = await left();
    await remove(AbortSignal.abort());
    expect(await left()).toEqual(before);
    await remove();
    await remove();
    expect((await left()).hours).toEqual([0, 10]);
  });
});
