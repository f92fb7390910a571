import type { Transaction } from 'kysely';

import type { TeamRole } from '../accounts/account.ts';
import { type AuditRecord, appendAudit } from '../audit/audit-log.ts';
import type { Database } from '../database/database.ts';
import { enqueue } from '../database/outbox.ts';
import type { Random } from '../platform/random.ts';
import type { PortalSchema } from '../database/schema.ts';
import type { ChangeMemberResult, TeamMember } from './team.ts';
import { countMembers, emailOf, lockTeam, roleOf } from './team-row.ts';

/** Who is in a team. Each change locks the team, so that of parallel ones the last never leaves it without an admin. */
export interface MemberStore {
  /** Admins first, then by address. */
  list(teamId: string): Promise<readonly TeamMember[]>;
  changeRole(change: MemberChange & { role: TeamRole }): Promise<ChangeMemberResult>;
  /** Also of oneself, which anybody may. */
  remove(change: MemberChange): Promise<ChangeMemberResult>;
}

export interface MemberChange {
  teamId: string;
  accountId: string;
  /** Who does it. */
  byAccountId: string;
  nowMs: number;
}

type Db = Transaction<PortalSchema>;

const RANK: Readonly<Record<TeamRole, number>> = { admin: 0, manager: 1, viewer: 2 };

export function createMemberStore({ kysely }: Database<PortalSchema>, random: Random): MemberStore {
  return {
    async list(teamId) {
      const rows = await kysely
        .selectFrom('team_member')
        .innerJoin('account', 'account.id', 'team_member.account_id')
        .select(['account.id', 'account.email', 'team_member.role', 'team_member.joined_at_ms'])
        .where('team_member.team_id', '=', teamId)
        .orderBy('account.email_normalized')
        .execute();
      return rows
        .map((row) => ({ accountId: row.id, email: row.email, role: row.role, joinedAtMs: row.joined_at_ms }))
        .sort((one, other) => RANK[one.role] - RANK[other.role]);
    },
    changeRole: (change) => kysely.transaction().execute((transaction) => changeRole(transaction, change, random)),
    remove: (change) => kysely.transaction().execute((transaction) => remove(transaction, change, random)),
  };
}

async function changeRole(
  transaction: Db,
  change: MemberChange & { role: TeamRole },
  random: Random,
): Promise<ChangeMemberResult> {
  const { teamId, accountId, byAccountId, role, nowMs } = change;
  const former = await formerRole(transaction, change, 'admins only');
  if (!former) return { ok: false, reason: 'not_found' };
  if (former === role) return { ok: true };
  if (former === 'admin' && (await countMembers(transaction, teamId, 'admin')) === 1) {
    return { ok: false, reason: 'last_admin' };
  }
  await transaction
    .updateTable('team_member')
    .set({ role })
    .where('team_id', '=', teamId)
    .where('account_id', '=', accountId)
    .execute();
  const email = await emailOf(transaction, accountId);
  const details = { email, role, before: { role: former } };
  await appendAudit(transaction, entryOf(change, 'team.member_role_changed', details));
  const data = { accountId, email, role, formerRole: former };
  const event = { type: 'team.member_role_changed', teamId, applicationId: null, atMs: nowMs, data } as const;
  await enqueue(transaction, { kind: 'event', payload: event, random, nowMs });
  if (accountId !== byAccountId) await tellMember(transaction, change, role, random);
  return { ok: true };
}

async function remove(transaction: Db, change: MemberChange, random: Random): Promise<ChangeMemberResult> {
  const { teamId, accountId, byAccountId, nowMs } = change;
  const isLeaving = accountId === byAccountId;
  const former = await formerRole(transaction, change, isLeaving ? 'whoever it is' : 'admins only');
  if (!former) return { ok: false, reason: 'not_found' };
  if (former === 'admin' && (await countMembers(transaction, teamId, 'admin')) === 1) {
    return { ok: false, reason: 'last_admin' };
  }
  await transaction
    .deleteFrom('team_member')
    .where('team_id', '=', teamId)
    .where('account_id', '=', accountId)
    .execute();
  const email = await emailOf(transaction, accountId);
  await appendAudit(
    transaction,
    entryOf(change, isLeaving ? 'team.left' : 'team.member_removed', { email, role: former }),
  );
  const data = { accountId, email, role: former };
  const event = { type: 'team.member_left', teamId, applicationId: null, atMs: nowMs, data } as const;
  await enqueue(transaction, { kind: 'event', payload: event, random, nowMs });
  if (!isLeaving) await tellMember(transaction, change, null, random);
  return { ok: true };
}

/** The team is locked from here on; undefined when the member is not there, or it is not for the actor to change. */
async function formerRole(
  transaction: Db,
  { teamId, accountId, byAccountId }: MemberChange,
  by: 'admins only' | 'whoever it is',
): Promise<TeamRole | undefined> {
  if (!(await lockTeam(transaction, teamId))) return undefined;
  if (by === 'admins only' && (await roleOf(transaction, teamId, byAccountId)) !== 'admin') return undefined;
  return roleOf(transaction, teamId, accountId);
}

function entryOf(
  { teamId, accountId, byAccountId, nowMs }: MemberChange,
  action: string,
  details: AuditRecord['details'],
): AuditRecord {
  return { atMs: nowMs, actor: byAccountId, action, subject: accountId, teamId, details };
}

async function tellMember(
  transaction: Db,
  { accountId, teamId, nowMs }: MemberChange,
  role: TeamRole | null,
  random: Random,
): Promise<void> {
  await enqueue(transaction, {
    kind: 'mail.membership_changed',
    payload: { accountId, teamId, role },
    random,
    nowMs,
  });
}
