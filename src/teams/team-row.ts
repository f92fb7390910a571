import { type Transaction, sql } from 'kysely';

import type { TeamRole } from '../accounts/account.ts';
import type { PortalSchema } from '../database/schema.ts';

type Db = Transaction<PortalSchema>;

/**
 * Changes nothing, but whoever changes the members of the team at the same time waits until the caller's transaction
 * ends, on both databases. False when there is no such team any more.
 */
export async function lockTeam(transaction: Db, teamId: string): Promise<boolean> {
  const row = await transaction
    .updateTable('team')
    .set({ name: sql.ref('name') })
    .where('id', '=', teamId)
    .where('deleted_at_ms', 'is', null)
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** As it stands now, under the lock; undefined for who is no member. */
export async function roleOf(transaction: Db, teamId: string, accountId: string): Promise<TeamRole | undefined> {
  const row = await transaction
    .selectFrom('team_member')
    .select('role')
    .where('team_id', '=', teamId)
    .where('account_id', '=', accountId)
    .executeTakeFirst();
  return row?.role;
}

export async function countMembers(transaction: Db, teamId: string, role?: TeamRole): Promise<number> {
  const members = transaction
    .selectFrom('team_member')
    .select((expression) => expression.fn.countAll<number>().as('count'))
    .where('team_id', '=', teamId);
  const row = await (role ? members.where('role', '=', role) : members).executeTakeFirstOrThrow();
  return row.count;
}

export async function countTeamsOf(transaction: Db, accountId: string): Promise<number> {
  const row = await transaction
    .selectFrom('team_member')
    .select((expression) => expression.fn.countAll<number>().as('count'))
    .where('account_id', '=', accountId)
    .executeTakeFirstOrThrow();
  return row.count;
}

export async function emailOf(transaction: Db, accountId: string): Promise<string> {
  const row = await transaction.selectFrom('account').select('email').where('id', '=', accountId).executeTakeFirst();
  return row?.email ?? '';
}

/** Changes nothing, but makes whoever counts the teams of this account wait. */
export async function lockAccount(transaction: Db, accountId: string): Promise<void> {
  await transaction.updateTable('account').set({ id: accountId }).where('id', '=', accountId).execute();
}
