import { type Transaction, sql } from 'kysely';

import { type AuditRecord, appendAudit } from '../audit/audit-log.ts';
import type { Database } from '../database/database.ts';
import type { PortalSchema } from '../database/schema.ts';
import type { DeleteTeamResult, TeamSummary } from './team.ts';
import { countMembers, countTeamsOf, lockAccount, lockTeam, roleOf } from './team-row.ts';

/** Teams as such; each change is one transaction with its audit entry, and looks at the actor's role under the lock. */
export interface TeamStore {
  /** Those of an account, oldest first. */
  list(accountId: string): Promise<readonly TeamSummary[]>;
  /** null when there is none, or it was deleted. */
  nameOf(teamId: string): Promise<string | null>;
  /** With `audit.actor` as its admin; false when that account is in `limit` teams already. */
  createUnlessFull(team: { id: string; name: string }, limit: number, audit: AuditRecord): Promise<boolean>;
  /** False when `audit.actor` is no admin of it. */
  rename(teamId: string, name: string, audit: AuditRecord): Promise<boolean>;
  deleteIfEmpty(teamId: string, audit: AuditRecord): Promise<DeleteTeamResult>;
}

type Db = Transaction<PortalSchema>;

export function createTeamStore({ kysely }: Database<PortalSchema>): TeamStore {
  return {
    async list(accountId) {
      const rows = await kysely
        .selectFrom('team_member as own')
        .innerJoin('team', 'team.id', 'own.team_id')
        .select(['team.id', 'team.name', 'own.role', 'team.suspended_at_ms', 'team.suspend_message'])
        .select((expression) => [
          expression
            .selectFrom('team_member')
            .select((count) => count.fn.countAll<number>().as('count'))
            .whereRef('team_member.team_id', '=', 'team.id')
            .as('members'),
          expression
            .selectFrom('application')
            .select((count) => count.fn.countAll<number>().as('count'))
            .whereRef('application.team_id', '=', 'team.id')
            .where('application.deleted_at_ms', 'is', null)
            .as('applications'),
        ])
        .where('own.account_id', '=', accountId)
        .orderBy('team.created_at_ms')
        .orderBy('team.id')
        .execute();
      return rows.map(({ suspended_at_ms: atMs, suspend_message: message, members, applications, ...row }) => ({
        ...row,
        members: Number(members),
        applications: Number(applications),
        suspended: atMs === null ? null : { atMs, message: message ?? '' },
      }));
    },
    async nameOf(teamId) {
      const row = await kysely
        .selectFrom('team')
        .select('name')
        .where('id', '=', teamId)
        .where('deleted_at_ms', 'is', null)
        .executeTakeFirst();
      return row?.name ?? null;
    },
    createUnlessFull: (team, limit, audit) =>
      kysely.transaction().execute(async (transaction) => {
        await lockAccount(transaction, audit.actor);
        if ((await countTeamsOf(transaction, audit.actor)) >= limit) return false;
        await transaction
          .insertInto('team')
          .values({ ...team, created_at_ms: audit.atMs })
          .execute();
        const member = { team_id: team.id, account_id: audit.actor, role: 'admin' as const, joined_at_ms: audit.atMs };
        await transaction.insertInto('team_member').values(member).execute();
        await appendAudit(transaction, audit);
        return true;
      }),
    rename: (teamId, name, audit) =>
      kysely.transaction().execute(async (transaction) => {
        if (!(await isAdminUnderLock(transaction, teamId, audit.actor))) return false;
        await transaction.updateTable('team').set({ name }).where('id', '=', teamId).execute();
        await appendAudit(transaction, audit);
        return true;
      }),
    deleteIfEmpty: (teamId, audit) =>
      kysely.transaction().execute((transaction) => deleteIfEmpty(transaction, teamId, audit)),
  };
}

/** The team is locked, and this account is an admin of it at this moment. */
export async function isAdminUnderLock(transaction: Db, teamId: string, accountId: string): Promise<boolean> {
  return (await lockTeam(transaction, teamId)) && (await roleOf(transaction, teamId, accountId)) === 'admin';
}

async function deleteIfEmpty(transaction: Db, teamId: string, audit: AuditRecord): Promise<DeleteTeamResult> {
  if (!(await isAdminUnderLock(transaction, teamId, audit.actor))) return { ok: false, reason: 'not_found' };
  const members = await countMembers(transaction, teamId);
  const { count: applications } = await transaction
    .selectFrom('application')
    .select((expression) => expression.fn.countAll<number>().as('count'))
    .where('team_id', '=', teamId)
    .where('deleted_at_ms', 'is', null)
    .executeTakeFirstOrThrow();
  if (members > 1 || applications > 0) return { ok: false, reason: 'not_empty', applications, members };
  await transaction.deleteFrom('team_member').where('team_id', '=', teamId).execute();
  await transaction
    .updateTable('invitation')
    .set({ ended_at_ms: audit.atMs, token_hash: null })
    .where('team_id', '=', teamId)
    .where('ended_at_ms', 'is', null)
    .execute();
  // Nobody is left who could be told of anything.
  await transaction
    .updateTable('webhook_endpoint')
    .set({ off_at_ms: audit.atMs, off_reason: 'by_hand' })
    .where('team_id', '=', teamId)
    .where('off_at_ms', 'is', null)
    .execute();
  await transaction
    .updateTable('team')
    .set({ deleted_at_ms: audit.atMs, name: sql.ref('name') })
    .where('id', '=', teamId)
    .execute();
  await appendAudit(transaction, audit);
  return { ok: true };
}
