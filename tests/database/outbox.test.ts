import { afterEach, beforeEach, expect, test } from 'vitest';

import { type OutboxStore, createOutboxStore, enqueue } from '../../src/database/outbox.ts';
import { systemRandom } from '../../src/platform/random.ts';
import { forEachDialect, openTestDatabase, type TestDatabase } from '../support/databases.ts';

const claim = { family: 'mail' as const, nowMs: 1000, leaseMs: 60_000, limit: 10 };

forEachDialect((dialect) => {
  let opened: TestDatabase;
  let outbox: OutboxStore;
  beforeEach(async () => {
    opened = await openTestDatabase(dialect);
    outbox = createOutboxStore(opened.database);
  });
  afterEach(() => opened.close());

  const add = (nowMs: number) =>
    opened.database.kysely.transaction().execute((transaction) =>
      enqueue(transaction, {
        kind: 'mail.verify_email',
        payload: { accountId: 'acc_1' },
        random: systemRandom,
        nowMs,
      }),
    );

  test('work is there when, and only when, the change is committed', async () => {
    const change = opened.database.kysely.transaction().execute(async (transaction) => {
      await enqueue(transaction, {
        kind: 'mail.verify_email',
        payload: { accountId: 'x' },
        random: systemRandom,
        nowMs: 1,
      });
      throw new Error('changed my mind');
    });
    await expect(change).rejects.toThrow('changed my mind');
    expect(await outbox.claimDue(claim)).toEqual([]);
    await add(1000);
    expect(await outbox.claimDue(claim)).toMatchObject([
      { kind: 'mail.verify_email', payload: '{"accountId":"acc_1"}', createdAtMs: 1000, attempts: 1 },
    ]);
  });

  test('of two that claim at once, each piece of work goes to one', async () => {
    for (let count = 0; count < 8; count += 1) await add(count);
    const claims = await Promise.all(Array.from({ length: 4 }, () => outbox.claimDue({ ...claim, limit: 4 })));
    const ids = claims.flat().map((item) => item.id);
    expect(new Set(ids).size).toBe(ids.length);
    const rest = await outbox.claimDue(claim);
    expect(ids.length + rest.length).toBe(8);
  });

  test('work whose worker died comes back when the lease is over', async () => {
    await add(1000);
    await outbox.claimDue(claim);
    expect(await outbox.claimDue({ ...claim, nowMs: 60_999 })).toEqual([]);
    expect(await outbox.claimDue({ ...claim, nowMs: 61_000 })).toMatchObject([{ attempts: 2 }]);
  });

  test('what is postponed waits, what is finished never comes back, and later is forgotten', async () => {
    await add(1000);
    const [item] = await outbox.claimDue(claim);
    const id = item?.id ?? '';
    await outbox.postpone(id, 5000, 'ECONNECTION');
    expect(await outbox.claimDue({ ...claim, nowMs: 4999 })).toEqual([]);
    expect(await outbox.claimDue({ ...claim, nowMs: 5000 })).toHaveLength(1);
    await outbox.finish(id, 6000, null);
    expect(await outbox.claimDue({ ...claim, nowMs: 9_000_000 })).toEqual([]);
    await add(6000);
    await outbox.removeFinished(6001);
    const left = await opened.database.kysely.selectFrom('outbox').select('done_at_ms').execute();
    expect(left).toEqual([{ done_at_ms: null }]);
  });
});
