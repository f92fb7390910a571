import { type Actor, normalizeEmail } from '../accounts/account.ts';
import type { Clock } from '../platform/clock.ts';
import type { InvitationAnswerStore } from './invitation-answer-store.ts';
import type { InvitationStore } from './invitation-store.ts';
import { hashInvitationToken } from './invitation-token.ts';
import type { AnswerInvitationResult, InvitationOffer } from './team.ts';

export interface AnswerInvitationDeps {
  invitations: Pick<InvitationStore, 'findByToken' | 'findOpen' | 'listFor'>;
  answers: InvitationAnswerStore;
  clock: Clock;
  sessionSecret: Uint8Array;
}

/** The link of the mail, or, for who has confirmed the address already, just which one it is. */
export type InvitationProof = { token: string } | { invitationId: string };

/** An invitation as whoever has the link sees it, and whether this account can answer it. */
export interface PeekedInvitation {
  offer: InvitationOffer;
  reader: 'own' | 'sign_in_first' | 'other_account';
}

/** Looks without using the link up: mail scanners open links too. null when it does not work any more. */
export async function peekInvitation(
  deps: AnswerInvitationDeps,
  actor: Actor | null,
  token: string,
): Promise<PeekedInvitation | null> {
  const hash = hashInvitationToken(deps.sessionSecret, token);
  const offer = await deps.invitations.findByToken(hash, deps.clock.nowMs());
  if (!offer) return null;
  return { offer, reader: !actor ? 'sign_in_first' : isFor(offer, actor) ? 'own' : 'other_account' };
}

/** Those that wait for the actor; none before the address is confirmed, since it may be somebody else's. */
export async function listOwnInvitations(
  deps: AnswerInvitationDeps,
  actor: Actor,
): Promise<readonly InvitationOffer[]> {
  return actor.emailVerified ? deps.invitations.listFor(normalizeEmail(actor.email), deps.clock.nowMs()) : [];
}

/**
 * Accepts or declines. It is bound to its address: who is signed in with another one cannot use a link that was
 * forwarded or found. Following the link of the mail confirms the address, as that of a verification mail does.
 */
export async function answerInvitation(
  deps: AnswerInvitationDeps,
  actor: Actor,
  { proof, isAccepted }: { proof: InvitationProof; isAccepted: boolean },
): Promise<AnswerInvitationResult> {
  const nowMs = deps.clock.nowMs();
  const hasLink = 'token' in proof;
  const offer = hasLink
    ? await deps.invitations.findByToken(hashInvitationToken(deps.sessionSecret, proof.token), nowMs)
    : await deps.invitations.findOpen(proof.invitationId, nowMs);
  // Without the link nobody but its reader learns that there is one.
  if (!offer || (!hasLink && (!actor.emailVerified || !isFor(offer, actor)))) {
    return { ok: false, reason: 'invalid_or_expired' };
  }
  if (!isFor(offer, actor)) return { ok: false, reason: 'other_account' };
  const answer = { offer, accountId: actor.accountId, nowMs };
  return isAccepted ? deps.answers.accept({ ...answer, provesAddress: hasLink }) : deps.answers.decline(answer);
}

function isFor(offer: InvitationOffer, actor: Actor): boolean {
  return normalizeEmail(offer.email) === normalizeEmail(actor.email);
}
