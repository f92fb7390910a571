import type { Transaction } from 'kysely';

import type { Allowance } from '../accounts/allowance.ts';
import { takeAllowances } from '../accounts/allowance-store.ts';
import { type AuditRecord, appendAudit } from '../audit/audit-log.ts';
import { type Database, isUniqueViolation } from '../database/database.ts';
import { enqueue } from '../database/outbox.ts';
import type { Random } from '../platform/random.ts';
import type { PortalSchema } from '../database/schema.ts';
import { endInvitation, isThereAlready, mayInvite, openInvitations, toOffer } from './invitation-row.ts';
import { INVITATIONS_PER_TEAM, type Invitation, type InvitationOffer, type InviteResult } from './team.ts';

/** Invitations to a team, or to the owners when `teamId` is null, until they are answered (`invitation-answer-store.ts`). */
export interface InvitationStore {
  /** Those that wait, oldest first. */
  listOpen(teamId: string | null, nowMs: number): Promise<readonly Invitation[]>;
  /** Those that wait for an address, which its reader must have proved. */
  listFor(emailNormalized: string, nowMs: number): Promise<readonly InvitationOffer[]>;
  findOpen(invitationId: string, nowMs: number): Promise<InvitationOffer | null>;
  findByToken(tokenHash: string, nowMs: number): Promise<InvitationOffer | null>;
  /** All or nothing: the rights of who invites, the limits, the row, its mail and its audit entry. */
  invite(invitation: NewInvitation): Promise<InviteResult>;
  /** Another mail with another link; the one before ends. Returns the milliseconds to wait; null when there is none. */
  resend(request: InvitationChange & { expiresAtMs: number; allowances: readonly Allowance[] }): Promise<number | null>;
  withdraw(request: InvitationChange): Promise<boolean>;
  /** Notes the token that is about to be mailed. False when the invitation has ended. */
  replaceToken(invitationId: string, tokenHash: string, nowMs: number): Promise<boolean>;
}

export interface NewInvitation {
  id: string;
  teamId: string | null;
  email: string;
  emailNormalized: string;
  role: Invitation['role'];
  expiresAtMs: number;
  allowances: readonly Allowance[];
  audit: AuditRecord;
}

export interface InvitationChange {
  invitationId: string;
  teamId: string | null;
  audit: AuditRecord;
}

type Db = Transaction<PortalSchema>;

export function createInvitationStore({ kysely }: Database<PortalSchema>, random: Random): InvitationStore {
  const open = (nowMs: number) => openInvitations(kysely, nowMs);
  return {
    async listOpen(teamId, nowMs) {
      const rows = await open(nowMs)
        .where('invitation.team_id', teamId === null ? 'is' : '=', teamId)
        .execute();
      return rows.map(toOffer);
    },
    async listFor(emailNormalized, nowMs) {
      return (await open(nowMs).where('invitation.email_normalized', '=', emailNormalized).execute()).map(toOffer);
    },
    async findOpen(invitationId, nowMs) {
      const row = await open(nowMs).where('invitation.id', '=', invitationId).executeTakeFirst();
      return row ? toOffer(row) : null;
    },
    async findByToken(tokenHash, nowMs) {
      const row = await open(nowMs).where('invitation.token_hash', '=', tokenHash).executeTakeFirst();
      return row ? toOffer(row) : null;
    },
    async invite(invitation) {
      try {
        return await kysely.transaction().execute((transaction) => invite(transaction, invitation, random));
      } catch (error) {
        // Two owners at once: their rows are locked one by one, the index decides.
        if (isUniqueViolation(error)) return { ok: false, reason: 'already_invited' };
        throw error;
      }
    },
    resend: (request) => kysely.transaction().execute((transaction) => resend(transaction, request, random)),
    withdraw: (request) =>
      kysely.transaction().execute(async (transaction) => {
        const { invitationId, teamId, audit } = request;
        if (!(await mayInvite(transaction, teamId, audit.actor))) return false;
        const ended = await endInvitation(transaction, invitationId, teamId, audit.atMs);
        if (ended) await appendAudit(transaction, audit);
        return ended;
      }),
    async replaceToken(invitationId, tokenHash, nowMs) {
      const row = await kysely
        .updateTable('invitation')
        .set({ token_hash: tokenHash })
        .where('id', '=', invitationId)
        .where('ended_at_ms', 'is', null)
        .where('expires_at_ms', '>', nowMs)
        .returning('id')
        .executeTakeFirst();
      return row !== undefined;
    },
  };
}

async function invite(transaction: Db, invitation: NewInvitation, random: Random): Promise<InviteResult> {
  const { id, teamId, email, emailNormalized, role, expiresAtMs, allowances, audit } = invitation;
  const nowMs = audit.atMs;
  if (!(await mayInvite(transaction, teamId, audit.actor))) return { ok: false, reason: 'not_found' };
  // What has expired unanswered makes room, for the address and within the limit.
  await transaction
    .updateTable('invitation')
    .set({ ended_at_ms: nowMs, token_hash: null })
    .where('team_id', teamId === null ? 'is' : '=', teamId)
    .where('ended_at_ms', 'is', null)
    .where('expires_at_ms', '<=', nowMs)
    .execute();
  if (await isThereAlready(transaction, teamId, emailNormalized)) return { ok: false, reason: 'already_member' };
  const waiting = await transaction
    .selectFrom('invitation')
    .select('email_normalized')
    .where('team_id', teamId === null ? 'is' : '=', teamId)
    .where('ended_at_ms', 'is', null)
    .execute();
  if (waiting.some((row) => row.email_normalized === emailNormalized)) return { ok: false, reason: 'already_invited' };
  if (waiting.length >= INVITATIONS_PER_TEAM) {
    return { ok: false, reason: 'too_many_invitations', limit: INVITATIONS_PER_TEAM };
  }
  const waitMs = await takeAllowances(transaction, allowances, nowMs);
  if (waitMs > 0) return { ok: false, reason: 'too_many_requests', retryAfterSeconds: Math.ceil(waitMs / 1000) };
  await transaction
    .insertInto('invitation')
    .values({
      id,
      team_id: teamId,
      email,
      email_normalized: emailNormalized,
      role,
      invited_by: audit.actor,
      token_hash: null,
      created_at_ms: nowMs,
      expires_at_ms: expiresAtMs,
      ended_at_ms: null,
    })
    .execute();
  await appendAudit(transaction, audit);
  await enqueue(transaction, { kind: 'mail.invitation', payload: { invitationId: id }, random, nowMs });
  return { ok: true, invitationId: id };
}

async function resend(
  transaction: Db,
  request: Parameters<InvitationStore['resend']>[0],
  random: Random,
): Promise<number | null> {
  const { invitationId, teamId, expiresAtMs, allowances, audit } = request;
  const nowMs = audit.atMs;
  if (!(await mayInvite(transaction, teamId, audit.actor))) return null;
  const waitMs = await takeAllowances(transaction, allowances, nowMs);
  if (waitMs > 0) return waitMs;
  const row = await transaction
    .updateTable('invitation')
    .set({ token_hash: null, expires_at_ms: expiresAtMs })
    .where('id', '=', invitationId)
    .where('team_id', teamId === null ? 'is' : '=', teamId)
    .where('ended_at_ms', 'is', null)
    .where('expires_at_ms', '>', nowMs)
    .returning('id')
    .executeTakeFirst();
  if (!row) return null;
  await appendAudit(transaction, audit);
  await enqueue(transaction, { kind: 'mail.invitation', payload: { invitationId }, random, nowMs });
  return 0;
}
