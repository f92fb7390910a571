import { type Actor, normalizeEmail } from '../accounts/account.ts';
import type { Clock } from '../platform/clock.ts';
import { type Random, newId } from '../platform/random.ts';
import type { InvitationChange, InvitationStore } from './invitation-store.ts';
import { invitationAllowances } from './invitation-token.ts';
import { mayInTeam } from './role.ts';
import {
  type ChangeTeamResult,
  INVITATION_MS,
  type Invitation,
  type InviteResult,
  type ResendInvitationResult,
} from './team.ts';

export interface InviteDeps {
  invitations: InvitationStore;
  clock: Clock;
  random: Random;
  sessionSecret: Uint8Array;
}

export interface InviteRequest {
  /** null: to become an owner. */
  teamId: string | null;
  email: string;
  role: Invitation['role'];
}

/**
 * Mails an invitation to an address, whether it has an account or not: the answer is the same, and so is the mail.
 * Who invites must have confirmed an address, so that signing up alone mails nobody (yardstick A30).
 */
export async function invite(
  deps: InviteDeps,
  actor: Actor,
  { teamId, email, role }: InviteRequest,
): Promise<InviteResult> {
  const nowMs = deps.clock.nowMs();
  if (!mayAdminister(actor, teamId) || (teamId === null) !== (role === 'owner')) return notFound;
  if (!actor.emailVerified) return { ok: false, reason: 'email_not_verified' };
  const id = newId(deps.random, 'inv');
  return deps.invitations.invite({
    id,
    teamId,
    email,
    emailNormalized: normalizeEmail(email),
    role,
    expiresAtMs: nowMs + INVITATION_MS,
    allowances: invitationAllowances(deps.sessionSecret, actor.accountId, email),
    audit: entryOf(actor, { teamId, action: 'invited', subject: id, details: { email, role } }, nowMs),
  });
}

/** A new link for seven more days; the one before ends. */
export async function resendInvitation(
  deps: InviteDeps,
  actor: Actor,
  { teamId, invitationId }: InvitationReference,
): Promise<ResendInvitationResult> {
  const nowMs = deps.clock.nowMs();
  const found = await ownInvitation(deps, actor, { teamId, invitationId });
  if (!found) return notFound;
  const waitMs = await deps.invitations.resend({
    ...changeOf(actor, found, teamId, 'invitation_sent_again', nowMs),
    expiresAtMs: nowMs + INVITATION_MS,
    allowances: invitationAllowances(deps.sessionSecret, actor.accountId, found.email),
  });
  if (waitMs === null) return notFound;
  if (waitMs === 0) return { ok: true };
  return { ok: false, reason: 'too_many_requests', retryAfterSeconds: Math.ceil(waitMs / 1000) };
}

export async function withdrawInvitation(
  deps: InviteDeps,
  actor: Actor,
  { teamId, invitationId }: InvitationReference,
): Promise<ChangeTeamResult> {
  const found = await ownInvitation(deps, actor, { teamId, invitationId });
  if (!found) return notFound;
  const change = changeOf(actor, found, teamId, 'invitation_withdrawn', deps.clock.nowMs());
  return (await deps.invitations.withdraw(change)) ? { ok: true } : notFound;
}

export interface InvitationReference {
  /** null: to the owners. */
  teamId: string | null;
  invitationId: string;
}

const notFound = { ok: false, reason: 'not_found' } as const;

function mayAdminister(actor: Actor, teamId: string | null): boolean {
  return teamId === null ? actor.role === 'owner' : mayInTeam(actor, teamId, 'administer');
}

async function ownInvitation(
  deps: InviteDeps,
  actor: Actor,
  { teamId, invitationId }: InvitationReference,
): Promise<Invitation | null> {
  if (!mayAdminister(actor, teamId)) return null;
  const found = await deps.invitations.findOpen(invitationId, deps.clock.nowMs());
  return found?.teamId === teamId ? found : null;
}

function changeOf(
  actor: Actor,
  { id, email, role }: Invitation,
  teamId: string | null,
  action: string,
  nowMs: number,
): InvitationChange {
  const audit = entryOf(actor, { teamId, action, subject: id, details: { email, role } }, nowMs);
  return { invitationId: id, teamId, audit };
}

function entryOf(
  actor: Actor,
  what: { teamId: string | null; action: string; subject: string; details: Readonly<Record<string, unknown>> },
  atMs: number,
) {
  const action = `${what.teamId === null ? 'owner' : 'team'}.${what.action}`;
  return { ...what, action, atMs, actor: actor.accountId };
}
