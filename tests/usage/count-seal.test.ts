import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { requireWholeCounts } from '../../src/usage/count-seal.ts';
import { type QuotaCount, createUsageStore } from '../../src/usage/usage-store.ts';
import { forEachDialect, openUsageTestDatabase } from '../support/databases.ts';

forEachDialect((dialect) => {
  let opened: Awaited<ReturnType<typeof openUsageTestDatabase>>;
  beforeEach(async () => {
    opened = await openUsageTestDatabase(dialect);
  });
  afterEach(() => opened.close());

  let sequence = 0;
  const add = (counts: QuotaCount[], outdated: { counter: string; beforeMs: number }[] = []) =>
    createUsageStore(opened.database).add({
      counts,
      outdated,
      reports: [],
      journal: { id: 'jnl', sequence: (sequence += 1) },
      marksOf: () => [],
    });
  const count = (counter: string, windowStartMs: number, amount: number): QuotaCount => ({
    counter,
    windowStartMs,
    amount,
  });
  const sealed = async (): Promise<number> =>
    (await opened.database.kysely.selectFrom('quota_seal').select('seal').executeTakeFirstOrThrow()).seal;

  describe('the sum over what is used of quotas', () => {
    test('fits after every change: new counters, more of old ones, reports that take back, windows that end', async () => {
      await expect(requireWholeCounts(opened.database)).resolves.toBeUndefined();
      await add([count('a', 1, 5), count('b', 1, 7)]);
      await add([count('a', 1, 2), count('a', 2, 1)]);
      await add([count('b', 1, -3)]);
      await add([], [{ counter: 'a', beforeMs: 2 }]);
      await expect(requireWholeCounts(opened.database)).resolves.toBeUndefined();
      expect(await sealed()).toBeGreaterThan(0);
      await add(
        [],
        [
          { counter: 'a', beforeMs: 3 },
          { counter: 'b', beforeMs: 3 },
        ],
      );
      expect(await sealed()).toBe(0);
    });

    test('is the same in whatever order the same was counted', async () => {
      await add([count('a', 1, 5)]);
      await add([count('b', 1, 7)]);
      await add([count('a', 1, 1)]);
      const first = await sealed();
      await add(
        [],
        [
          { counter: 'a', beforeMs: 9 },
          { counter: 'b', beforeMs: 9 },
        ],
      );
      await add([count('b', 1, 7), count('a', 1, 6)]);
      expect(await sealed()).toBe(first);
    });

    if (dialect === 'sqlite') {
      test.each([
        ['less is used', (row: { used: number }) => ({ used: row.used - 1 })],
        ['a counter has another name', () => ({ counter: 'aa' })],
        ['a window is another', () => ({ window_start_ms: 3 })],
      ])('does not fit when %s than what was written', async (_, change) => {
        await add([count('a', 1, 5)]);
        await opened.database.kysely
          .updateTable('quota_count')
          .set(change({ used: 5 }))
          .execute();
        await expect(requireWholeCounts(opened.database)).rejects.toThrow(/^the usage database is damaged: [^\n]+$/);
      });
    }
  });
});
