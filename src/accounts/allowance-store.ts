import type { Transaction } from 'kysely';

import type { Database } from '../database/database.ts';
import type { PortalSchema } from '../database/schema.ts';
import { type Allowance, spend } from './allowance.ts';

export interface AllowanceStore {
  /** Uses all of them once and returns 0; or uses none and returns the milliseconds to wait. Exact under parallel use. */
  take(allowances: readonly Allowance[], nowMs: number): Promise<number>;
  /** Takes one use back. */
  giveBack(allowance: Allowance): Promise<void>;
  removeRefilled(nowMs: number): Promise<void>;
}

export function createAllowanceStore({ kysely }: Database<PortalSchema>): AllowanceStore {
  return {
    take: (allowances, nowMs) =>
      kysely.transaction().execute((transaction) => takeAllowances(transaction, allowances, nowMs)),
    async giveBack({ subject, refillMs }) {
      await kysely
        .updateTable('allowance')
        .set((expression) => ({ spent_until_ms: expression('spent_until_ms', '-', refillMs) }))
        .where('subject', '=', subject)
        .execute();
    },
    async removeRefilled(nowMs) {
      await kysely.deleteFrom('allowance').where('spent_until_ms', '<=', nowMs).execute();
    },
  };
}

/** The same inside the caller's transaction. */
export async function takeAllowances(
  transaction: Transaction<PortalSchema>,
  allowances: readonly Allowance[],
  nowMs: number,
): Promise<number> {
  const spent: { subject: string; spentUntilMs: number; waitMs: number }[] = [];
  for (const allowance of allowances) {
    const { subject } = allowance;
    // The update that changes nothing makes others wait for this row, on both databases.
    const { spent_until_ms: before } = await transaction
      .insertInto('allowance')
      .values({ subject, spent_until_ms: 0 })
      .onConflict((conflict) => conflict.column('subject').doUpdateSet({ subject }))
      .returning('spent_until_ms')
      .executeTakeFirstOrThrow();
    spent.push({ subject, ...spend(allowance, before, nowMs) });
  }
  const wait = Math.max(...spent.map(({ waitMs }) => waitMs));
  if (wait > 0) return wait;
  for (const { subject, spentUntilMs } of spent) {
    await transaction
      .updateTable('allowance')
      .set({ spent_until_ms: spentUntilMs })
      .where('subject', '=', subject)
      .execute();
  }
  return 0;
}
