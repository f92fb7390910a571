import { type PublicKeyCredentialCreationOptionsJSON, generateRegistrationOptions } from '@simplewebauthn/server';

import type { RequestOrigin, SignedIn } from '../accounts/account.ts';
import type { Clock } from '../platform/clock.ts';
import { type Random, newId } from '../platform/random.ts';
import { type CeremonyBinding, newTicket, openTicket } from './ceremony-ticket.ts';
import {
  CEREMONY_MS,
  type CeremonyOffer,
  type OfferFailure,
  PASSKEYS_PER_ACCOUNT,
  type RegisterPasskeyResult,
  relyingParty,
} from './passkey.ts';
import type { PasskeyStore } from './passkey-store.ts';
import { ALGORITHMS, readRegistration } from './read-passkey-answer.ts';
import type { RegisterPasskeyRequest } from './register-passkey.form.ts';

export interface PasskeyDeps {
  passkeys: PasskeyStore;
  clock: Clock;
  random: Random;
  sessionSecret: Uint8Array;
  publicUrl: string;
}

type Registrar = Pick<SignedIn, 'actor' | 'sessionId'>;

/**
 * What an authenticator is asked to make: a credential that it finds by itself and that it signs with only after it has
 * seen who is there. Its maker is not asked for. The account is named by its id, which tells nothing about the person.
 */
export async function offerPasskeyRegistration(
  deps: PasskeyDeps,
  { actor, sessionId }: Registrar,
): Promise<CeremonyOffer<PublicKeyCredentialCreationOptionsJSON> | OfferFailure<'email_not_verified' | 'too_many'>> {
  const party = relyingParty(deps.publicUrl);
  if (!party) return { ok: false, reason: 'not_available' };
  // As for the second factor: what a stranger adds to an account with somebody's address would outlive a new password.
  if (!actor.emailVerified) return { ok: false, reason: 'email_not_verified' };
  const known = await deps.passkeys.credentialsOf(actor.accountId);
  if (known.length >= PASSKEYS_PER_ACCOUNT) return { ok: false, reason: 'too_many' };
  const nowMs = deps.clock.nowMs();
  const { ticket, expiresAtMs } = newTicket(deps.random, nowMs);
  const opened = openTicket(deps.sessionSecret, ticket, bindingOf(sessionId), nowMs);
  const options = await generateRegistrationOptions({
    rpName: 'Gatehouse',
    rpID: party.id,
    userName: actor.email,
    userDisplayName: actor.email,
    userID: new TextEncoder().encode(actor.accountId),
    challenge: opened?.challenge ?? new Uint8Array(0),
    timeout: CEREMONY_MS,
    attestationType: 'none',
    excludeCredentials: known.map(({ id, transports }) => ({ id, transports })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    supportedAlgorithmIDs: ALGORITHMS,
  });
  return { ok: true, options, ticket, expiresAtMs };
}

/** Adds what the authenticator made, for the session that asked for it. */
export async function registerPasskey(
  deps: PasskeyDeps,
  { actor, sessionId }: Registrar,
  { name, response, ticket }: RegisterPasskeyRequest & { ticket: string },
  origin: RequestOrigin,
): Promise<RegisterPasskeyResult> {
  const party = relyingParty(deps.publicUrl);
  if (!party) return { ok: false, reason: 'not_available' };
  if (!actor.emailVerified) return { ok: false, reason: 'email_not_verified' };
  const nowMs = deps.clock.nowMs();
  const opened = openTicket(deps.sessionSecret, ticket, bindingOf(sessionId), nowMs);
  if (!opened) return { ok: false, reason: 'expired' };
  const credential = await readRegistration(response, { relyingParty: party, challenge: opened.challenge });
  if (!credential) return { ok: false, reason: 'not_accepted' };
  const passkey = {
    id: newId(deps.random, 'psk'),
    name,
    isBackedUp: credential.isBackedUp,
    createdAtMs: nowMs,
    lastUsedAtMs: null,
  };
  const change = { accountId: actor.accountId, address: origin.address, nowMs };
  const outcome = await deps.passkeys.add(change, { passkey, credential }, opened, PASSKEYS_PER_ACCOUNT);
  return outcome === 'added' ? { ok: true, passkey } : { ok: false, reason: outcome };
}

function bindingOf(sessionId: string): CeremonyBinding {
  return { ceremony: 'register', subject: sessionId };
}
