import { crc32 } from 'node:zlib';

import type { Transaction } from 'kysely';

import type { Database } from '../database/database.ts';
import type { UsageSchema } from '../database/schema.ts';

/**
 * A sum over everything that is used of quotas, written with every change of it. A database whose bytes were changed by
 * a disk, and not by us, does not fit its sum: SQLite checks how rows are built, not what they say.
 */
type Total = UsageSchema['quota_count'];

const THE_ROW = 1;

/** Part of one row in the sum: up to 2^32, so that a million rows stay exact. Nothing used is as if there were no row. */
export function sealOf({ counter, window_start_ms: windowStartMs, used }: Total): number {
  return used === 0 ? 0 : crc32(`${counter}@${windowStartMs}=${used}`);
}

/** In the transaction of the change. @param delta what is to be added to the sum */
export async function changeSeal(transaction: Transaction<UsageSchema>, delta: number): Promise<void> {
  if (delta === 0) return;
  await transaction
    .updateTable('quota_seal')
    .set((row) => ({ seal: row('seal', '+', delta) }))
    .where('id', '=', THE_ROW)
    .execute();
}

/** How the sum changes when amounts have led to these totals. */
export function sealChange(totals: readonly Total[], amounts: ReadonlyMap<string, number>): number {
  let delta = 0;
  for (const total of totals) {
    const before = total.used - (amounts.get(nameOf(total)) ?? 0);
    delta += sealOf(total) - sealOf({ ...total, used: before });
  }
  return delta;
}

export function nameOf({ counter, window_start_ms: windowStartMs }: Omit<Total, 'used'>): string {
  return `${counter}@${windowStartMs}`;
}

/** @throws with one clear line when what is used of quotas is not what was written */
export async function requireWholeCounts({ kysely, dialect }: Database<UsageSchema>): Promise<void> {
  // PostgreSQL has checksums of its own, and other verifiers may be writing just now.
  if (dialect !== 'sqlite') return;
  // Both at one moment: another verifier may write.
  const isWhole = await kysely.transaction().execute(async (transaction) => {
    const rows = await transaction.selectFrom('quota_count').selectAll().execute();
    const sealed = await transaction
      .selectFrom('quota_seal')
      .select('seal')
      .where('id', '=', THE_ROW)
      .executeTakeFirst();
    return rows.reduce((sum, row) => sum + sealOf(row), 0) === sealed?.seal;
  });
  if (isWhole) return;
  const what = 'the usage database is damaged: what it says of quotas is not what was written';
  throw new Error(`${what}. Restore it from a backup (guide "Operations")`);
}
