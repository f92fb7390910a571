import type { Transaction } from 'kysely';

import { appendAudit } from '../audit/audit-log.ts';
import type { Database } from '../database/database.ts';
import { enqueue, enqueueAll } from '../database/outbox.ts';
import type { Random } from '../platform/random.ts';
import type { PortalSchema } from '../database/schema.ts';
import { endInvitation } from './invitation-row.ts';
import {
  type AnswerInvitationResult,
  type InvitationOffer,
  MEMBERS_PER_TEAM,
  TEAMS_PER_ACCOUNT,
  teamRoles,
} from './team.ts';
import { countMembers, countTeamsOf, lockAccount, lockTeam } from './team-row.ts';

export interface InvitationAnswer {
  offer: InvitationOffer;
  /** Whose address is that of the invitation. */
  accountId: string;
  nowMs: number;
}

/** What becomes of invitations. Each is used once: of any number of answers at the same time, one counts. */
export interface InvitationAnswerStore {
  /** @param provesAddress the link of its mail was followed, which confirms the address as a verification would */
  accept(answer: InvitationAnswer & { provesAddress: boolean }): Promise<AnswerInvitationResult>;
  decline(answer: InvitationAnswer): Promise<AnswerInvitationResult>;
}

type Db = Transaction<PortalSchema>;

export function createInvitationAnswerStore({ kysely }: Database<PortalSchema>, random: Random): InvitationAnswerStore {
  return {
    accept: (answer) => kysely.transaction().execute((transaction) => accept(transaction, answer, random)),
    decline: (answer) =>
      kysely.transaction().execute(async (transaction) => {
        const { offer, nowMs } = answer;
        if (!(await endInvitation(transaction, offer.id, offer.teamId, nowMs))) return over;
        await appendAudit(transaction, entryOf(answer, 'declined'));
        return { ok: true, teamId: offer.teamId, isAccepted: false };
      }),
  };
}

const over = { ok: false, reason: 'invalid_or_expired' } as const;

async function accept(
  transaction: Db,
  answer: InvitationAnswer & { provesAddress: boolean },
  random: Random,
): Promise<AnswerInvitationResult> {
  const { offer, accountId, provesAddress, nowMs } = answer;
  const { teamId } = offer;
  if (teamId !== null && !(await lockTeam(transaction, teamId))) return over;
  await lockAccount(transaction, accountId);
  const refusal = teamId === null ? null : await refuseFull(transaction, teamId, accountId);
  if (refusal) return refusal;
  if (!(await endInvitation(transaction, offer.id, teamId, nowMs))) return over;
  if (provesAddress) await confirmAddress(transaction, accountId, nowMs);
  if (teamId === null) await makeOwner(transaction, answer, random);
  else await join(transaction, answer, teamId, random);
  return { ok: true, teamId, isAccepted: true };
}

async function refuseFull(transaction: Db, teamId: string, accountId: string): Promise<AnswerInvitationResult | null> {
  if ((await countMembers(transaction, teamId)) >= MEMBERS_PER_TEAM) {
    return { ok: false, reason: 'too_many_members', limit: MEMBERS_PER_TEAM };
  }
  if ((await countTeamsOf(transaction, accountId)) >= TEAMS_PER_ACCOUNT) {
    return { ok: false, reason: 'too_many_teams', limit: TEAMS_PER_ACCOUNT };
  }
  return null;
}

async function join(transaction: Db, answer: InvitationAnswer, teamId: string, random: Random): Promise<void> {
  const { offer, accountId, nowMs } = answer;
  const role = teamRoles.find((one) => one === offer.role) ?? 'viewer';
  const added = await transaction
    .insertInto('team_member')
    .values({ team_id: teamId, account_id: accountId, role, joined_at_ms: nowMs })
    .onConflict((conflict) => conflict.columns(['team_id', 'account_id']).doNothing())
    .returning('account_id')
    .executeTakeFirst();
  await appendAudit(transaction, entryOf(answer, 'accepted'));
  if (!added) return;
  const data = { accountId, email: offer.email, role };
  const payload = { type: 'team.member_joined', teamId, applicationId: null, atMs: nowMs, data } as const;
  await enqueue(transaction, { kind: 'event', payload, random, nowMs });
  const admins = await transaction
    .selectFrom('team_member')
    .innerJoin('account', 'account.id', 'team_member.account_id')
    .select('account.id')
    .where('team_member.team_id', '=', teamId)
    .where('team_member.role', '=', 'admin')
    .where('account.id', '!=', accountId)
    .where('account.email_verified_at_ms', 'is not', null)
    .where('account.suspended_at_ms', 'is', null)
    .execute();
  const payloads = admins.map(({ id }) => ({ accountId: id, teamId, memberEmail: offer.email, role }));
  await enqueueAll(transaction, { kind: 'mail.member_joined', payloads, random, nowMs });
}

async function makeOwner(transaction: Db, answer: InvitationAnswer, random: Random): Promise<void> {
  const { offer, accountId, nowMs } = answer;
  const owners = await transaction
    .selectFrom('account')
    .select('id')
    .where('role', '=', 'owner')
    .where('id', '!=', accountId)
    .where('email_verified_at_ms', 'is not', null)
    .where('suspended_at_ms', 'is', null)
    .execute();
  await transaction.updateTable('account').set({ role: 'owner' }).where('id', '=', accountId).execute();
  await appendAudit(transaction, entryOf(answer, 'accepted'));
  const payloads = owners.map(({ id }) => ({
    accountId: id,
    teamId: null,
    memberEmail: offer.email,
    role: 'owner',
  }));
  await enqueueAll(transaction, { kind: 'mail.member_joined', payloads, random, nowMs });
}

async function confirmAddress(transaction: Db, accountId: string, nowMs: number): Promise<void> {
  const row = await transaction
    .updateTable('account')
    .set({ email_verified_at_ms: nowMs })
    .where('id', '=', accountId)
    .where('email_verified_at_ms', 'is', null)
    .returning('id')
    .executeTakeFirst();
  if (!row) return;
  const entry = { actor: accountId, action: 'account.verified', subject: accountId, teamId: null };
  await appendAudit(transaction, { ...entry, atMs: nowMs, details: { by: 'invitation' } });
}

function entryOf({ offer, accountId, nowMs }: InvitationAnswer, how: 'accepted' | 'declined') {
  const of = offer.teamId === null ? 'owner' : 'team';
  const details = { email: offer.email, role: offer.role, invitedBy: offer.invitedBy };
  const action = `${of}.invitation_${how}`;
  return { atMs: nowMs, actor: accountId, action, subject: accountId, teamId: offer.teamId, details };
}
