import { afterEach, beforeEach, expect, test } from 'vitest';

import type { UsageSchema } from '../../src/database/schema.ts';
import { type QuotaMark, type UsageStore, createUsageStore } from '../../src/usage/usage-store.ts';
import { type TestDatabase, forEachDialect, openUsageTestDatabase } from '../support/databases.ts';
import { batchOf } from './journal-folder.ts';

const DAY_MS = 86_400_000;

function mark(columns: Partial<QuotaMark> = {}): QuotaMark {
  return {
    counter: 'sub_1 cost day UTC',
    window_start_ms: 5,
    threshold_percent: 80,
    subscription_id: 'sub_1',
    operation_id: '',
    key_id: '',
    quota_name: 'quota',
    quota_calls: 100,
    used: 81,
    window_end_ms: 6,
    at_ms: 5,
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
    const count = { counter: 'sub_1 cost day UTC', windowStartMs: 5, amount: 3 };
    expect(await store.findQuotaUsed(count.counter, 5)).toBeUndefined();
    expect(await store.add(batchOf([count]))).toMatchObject([{ counter: count.counter, used: 3 }]);
    expect(await store.add(batchOf([{ ...count, amount: 4 }]))).toMatchObject([{ used: 7 }]);
    expect(await store.findQuotaUsed(count.counter, 5)).toBe(7);
    expect(await store.findQuotaUsed(count.counter, 6)).toBeUndefined();
  });

  test('a batch of thousands of rows arrives whole', async () => {
    const counts = Array.from({ length: 1234 }, (_, index) => ({
      counter: `sub_${index} cost day UTC`,
      windowStartMs: 0,
      amount: 1,
    }));
    expect(await store.add(batchOf(counts))).toHaveLength(1234);
  });

  test('a batch is added whole or not at all, with its place in the journal, its marks and its reports', async () => {
    const count = { counter: 'sub_1 cost day UTC', windowStartMs: 5, amount: 81 };
    const journal = { id: 'jnl_1', sequence: 7 };
    const reports = [{ id: 'rep_1', atMs: 5 }];
    const broken = batchOf([count], {
      journal,
      reports,
      marksOf: () => {
        throw new Error('in the middle');
      },
    });
    await expect(store.add(broken)).rejects.toThrow('in the middle');
    expect(await store.findQuotaUsed(count.counter, 5)).toBeUndefined();
    expect([await store.journalSequence('jnl_1'), await store.hasReport('rep_1')]).toEqual([0, false]);
    await store.add(batchOf([count], { journal, reports, marksOf: ([total]) => [mark({ used: total?.used ?? 0 })] }));
    expect([await store.journalSequence('jnl_1'), await store.hasReport('rep_1')]).toEqual([7, true]);
    expect(await store.listMarks(5)).toEqual([mark({ used: 81 })]);
    expect(await store.listMarks(6)).toEqual([]);
  });

  test('a share of a quota is marked once in its window', async () => {
    await store.add(batchOf([], { marksOf: () => [mark()] }));
    await store.add(batchOf([], { marksOf: () => [mark({ used: 99 }), mark({ threshold_percent: 90, used: 99 })] }));
    expect((await store.listMarks(0)).map((row) => [row.threshold_percent, row.used])).toEqual([
      [80, 81],
      [90, 99],
    ]);
  });

  test('windows that are not needed any more go, of the counters that say so', async () => {
    const add = (counter: string, day: number) =>
      store.add(batchOf([{ counter, windowStartMs: day * DAY_MS, amount: 1 }]));
    for (const day of [1, 2, 3]) for (const counter of ['a', 'b', 'c']) await add(counter, day);
    const outdated = [
      { counter: 'a', beforeMs: 2 * DAY_MS },
      { counter: 'b', beforeMs: 3 * DAY_MS },
    ];
    await store.add(batchOf([], { outdated }));
    const left: string[] = [];
    for (const counter of ['a', 'b', 'c'])
      for (const day of [1, 2, 3])
        if ((await store.findQuotaUsed(counter, day * DAY_MS)) !== undefined) left.push(`${counter}${day}`);
    expect(left).toEqual(['a2', 'a3', 'b2', 'b3', 'c1', 'c2', 'c3']);
  });

  test('marks and reports are removed when nobody asks for them any more', async () => {
    await store.add(batchOf([], { reports: [{ id: 'rep_1', atMs: 5 }], marksOf: () => [mark()] }));
    await store.removeOld(8 * DAY_MS);
    expect([await store.hasReport('rep_1'), (await store.listMarks(0)).length]).toEqual([false, 1]);
    await store.removeOld(80 * DAY_MS);
    expect(await store.listMarks(0)).toEqual([]);
  });
});
