import type { Kysely, Transaction } from 'kysely';

import type { PortalSchema } from '../database/schema.ts';
import type { InvitationOffer } from './team.ts';
import { isAdminUnderLock } from './team-store.ts';

type Db = Transaction<PortalSchema>;

/** Those that can still be answered, oldest first, with who sent them. */
export function openInvitations(kysely: Kysely<PortalSchema>, nowMs: number) {
  return kysely
    .selectFrom('invitation')
    .innerJoin('account as inviter', 'inviter.id', 'invitation.invited_by')
    .leftJoin('team', 'team.id', 'invitation.team_id')
    .selectAll('invitation')
    .select(['inviter.email as inviter_email', 'team.name as team_name'])
    .where('invitation.ended_at_ms', 'is', null)
    .where('invitation.expires_at_ms', '>', nowMs)
    .orderBy('invitation.created_at_ms')
    .orderBy('invitation.id');
}

type OpenRow = Awaited<ReturnType<ReturnType<typeof openInvitations>['execute']>>[number];

export function toOffer(row: OpenRow): InvitationOffer {
  return {
    id: row.id,
    teamId: row.team_id,
    teamName: row.team_name,
    email: row.email,
    role: row.role,
    invitedBy: row.inviter_email,
    createdAtMs: row.created_at_ms,
    expiresAtMs: row.expires_at_ms,
  };
}

/** An admin of the team under its lock, or an owner. */
export async function mayInvite(transaction: Db, teamId: string | null, accountId: string): Promise<boolean> {
  if (teamId !== null) return isAdminUnderLock(transaction, teamId, accountId);
  const account = await transaction
    .updateTable('account')
    .set({ id: accountId })
    .where('id', '=', accountId)
    .where('role', '=', 'owner')
    .returning('id')
    .executeTakeFirst();
  return account !== undefined;
}

/** What who invites can see anyway: it tells nothing about accounts elsewhere. */
export async function isThereAlready(
  transaction: Db,
  teamId: string | null,
  emailNormalized: string,
): Promise<boolean> {
  const accounts = transaction
    .selectFrom('account')
    .select('account.id')
    .where('email_normalized', '=', emailNormalized);
  const found =
    teamId === null
      ? accounts.where('account.role', '=', 'owner')
      : accounts
          .innerJoin('team_member', 'team_member.account_id', 'account.id')
          .where('team_member.team_id', '=', teamId);
  return (await found.executeTakeFirst()) !== undefined;
}

/** Of any number at once, one ends it. */
export async function endInvitation(
  transaction: Db,
  invitationId: string,
  teamId: string | null,
  nowMs: number,
): Promise<boolean> {
  const row = await transaction
    .updateTable('invitation')
    .set({ ended_at_ms: nowMs, token_hash: null })
    .where('id', '=', invitationId)
    .where('team_id', teamId === null ? 'is' : '=', teamId)
    .where('ended_at_ms', 'is', null)
    .where('expires_at_ms', '>', nowMs)
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}
