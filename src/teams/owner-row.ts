import type { Transaction } from 'kysely';

import type { PortalSchema } from '../database/schema.ts';

type Db = Transaction<PortalSchema>;

/**
 * Holds the rows of all owners, in one order, so that of two who remove or suspend each other the second waits and then
 * counts anew. Changes nothing.
 */
export async function lockOwners(transaction: Db): Promise<void> {
  const owners = await transaction
    .selectFrom('account')
    .select('id')
    .where('role', '=', 'owner')
    .orderBy('id')
    .execute();
  for (const { id } of owners) {
    await transaction.updateTable('account').set({ id }).where('id', '=', id).execute();
  }
}

/** Those who can act, without `except`. */
export async function countOwners(transaction: Db, except: string): Promise<number> {
  const { count } = await transaction
    .selectFrom('account')
    .select((expression) => expression.fn.countAll<number>().as('count'))
    .where('role', '=', 'owner')
    .where('suspended_at_ms', 'is', null)
    .where('id', '!=', except)
    .executeTakeFirstOrThrow();
  return count;
}
