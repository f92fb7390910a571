import { type PublicKeyCredentialRequestOptionsJSON, generateAuthenticationOptions } from '@simplewebauthn/server';

import type { RequestOrigin, SignedIn } from '../accounts/account.ts';
import { newSession } from '../sessions/new-session.ts';
import { type PendingSignInStore, hashPendingToken } from '../sign-in/pending-sign-in-store.ts';
import type { Sessions } from '../sessions/sessions.ts';
import { newTicket, openTicket } from './ceremony-ticket.ts';
import {
  CEREMONY_MS,
  type CeremonyOffer,
  type OfferFailure,
  type PasskeySignInResult,
  type SignInCeremony,
  relyingParty,
} from './passkey.ts';
import type { PasskeySignInRequest } from './passkey-sign-in.form.ts';
import type { StoredPasskey } from './passkey-store.ts';
import { readAssertion } from './read-passkey-answer.ts';
import type { PasskeyDeps } from './register-passkey.ts';

export interface PasskeySignInDeps extends PasskeyDeps {
  pendingSignIns: PendingSignInStore;
  sessions: Sessions;
}

/** What the browser that asks has already. */
export interface Claimant {
  /** Of a sign-in whose password was right. */
  pendingToken: string | null;
  signedIn: Pick<SignedIn, 'actor' | 'sessionId'> | null;
}

/**
 * What an authenticator is asked to sign. Without an account it looks for its passkeys of this site by itself, so the
 * answer is the same for everybody (yardstick A7); only who has given the password already is told which ones fit.
 */
export async function offerPasskeySignIn(
  deps: PasskeySignInDeps,
  ceremony: SignInCeremony,
  claimant: Claimant,
): Promise<CeremonyOffer<PublicKeyCredentialRequestOptionsJSON> | OfferFailure<'expired'>> {
  const party = relyingParty(deps.publicUrl);
  if (!party) return { ok: false, reason: 'not_available' };
  const nowMs = deps.clock.nowMs();
  const claim = await claimOf(deps, ceremony, claimant, nowMs);
  if (!claim) return { ok: false, reason: 'expired' };
  const { ticket, expiresAtMs } = newTicket(deps.random, nowMs);
  const opened = openTicket(deps.sessionSecret, ticket, { ceremony, subject: claim.subject }, nowMs);
  const known = claim.accountId === null ? [] : await deps.passkeys.credentialsOf(claim.accountId);
  const options = await generateAuthenticationOptions({
    rpID: party.id,
    challenge: opened?.challenge ?? new Uint8Array(0),
    timeout: CEREMONY_MS,
    allowCredentials: known.map(({ id, transports }) => ({ id, transports: transports as never })),
    userVerification: ceremony === 'second_step' ? 'preferred' : 'required',
  });
  return { ok: true, options, ticket, expiresAtMs };
}

/**
 * A passkey whose authenticator has seen who is there is two factors at once: it signs in alone. After a password, having
 * it is enough.
 * @param formerSessionToken what the browser still had as session; it ends when a new one begins
 */
export async function signInWithPasskey(
  deps: PasskeySignInDeps,
  { ceremony, response, ticket }: PasskeySignInRequest & { ticket: string },
  claimant: Claimant,
  origin: RequestOrigin,
  formerSessionToken: string | null,
): Promise<PasskeySignInResult> {
  const party = relyingParty(deps.publicUrl);
  if (!party) return { ok: false, reason: 'not_available' };
  const nowMs = deps.clock.nowMs();
  const claim = await claimOf(deps, ceremony, claimant, nowMs);
  const opened = claim && openTicket(deps.sessionSecret, ticket, { ceremony, subject: claim.subject }, nowMs);
  if (!opened) return { ok: false, reason: 'expired' };
  const stored = await deps.passkeys.findByCredential(response.id);
  if (!stored || !isOf(stored, claim.accountId, response)) return { ok: false, reason: 'not_accepted' };
  const isVerificationRequired = ceremony !== 'second_step';
  const expectation = { relyingParty: party, challenge: opened.challenge, isVerificationRequired };
  const answer = await readAssertion(response, stored, expectation);
  if (!answer) return { ok: false, reason: 'not_accepted' };
  const accountId = stored.account.id;
  const outcome = await deps.passkeys.use(
    { accountId, address: origin.address, nowMs },
    stored.passkey.id,
    answer,
    opened,
  );
  if (outcome === 'gone') return { ok: false, reason: 'not_accepted' };
  if (outcome !== 'used') return { ok: false, reason: outcome === 'copied' ? 'maybe_copied' : 'expired' };
  // Gone when the password was changed meanwhile.
  if (ceremony === 'second_step' && !(await deps.pendingSignIns.end(claim.subject)))
    return { ok: false, reason: 'expired' };
  return newSession(deps, accountId, { ...origin, formerSessionToken }, nowMs);
}

/** What the answer is bound to, and whose passkey it must be; null when that is over. */
async function claimOf(
  deps: PasskeySignInDeps,
  ceremony: SignInCeremony,
  { pendingToken, signedIn }: Claimant,
  nowMs: number,
): Promise<{ subject: string; accountId: string | null } | null> {
  if (ceremony === 'sign_in') return { subject: '', accountId: null };
  if (ceremony === 'again') return signedIn && { subject: signedIn.sessionId, accountId: signedIn.actor.accountId };
  if (pendingToken === null) return null;
  const subject = hashPendingToken(deps.sessionSecret, pendingToken);
  const accountId = await deps.pendingSignIns.find(subject, nowMs);
  return accountId === null ? null : { subject, accountId };
}

/** Of the account that was asked for, and of the one that the authenticator made it for (WebAuthn level 3, 7.2 step 6). */
function isOf({ account }: StoredPasskey, accountId: string | null, answer: PasskeySignInRequest['response']): boolean {
  if (accountId !== null && account.id !== accountId) return false;
  const userHandle = 'userHandle' in answer.response ? answer.response.userHandle : undefined;
  return userHandle === undefined || Buffer.from(userHandle, 'base64url').toString('utf8') === account.id;
}
