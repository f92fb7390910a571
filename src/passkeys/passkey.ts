import { isIP } from 'node:net';

import type { StartedSession } from '../accounts/account.ts';

/** One credential that signs in without a password (WebAuthn level 3). Rules only. */
export interface Passkey {
  id: string;
  name: string;
  /** Kept in an account of its maker, such as iCloud or Google, and so on several devices. */
  isBackedUp: boolean;
  createdAtMs: number;
  lastUsedAtMs: number | null;
}

export const PASSKEY_NAME_MAX_LENGTH = 60;
export const PASSKEYS_PER_ACCOUNT = 20;
/** How long a browser may take to answer a challenge. */
export const CEREMONY_MS = 5 * 60 * 1000;

/** What a passkey is asked for: to be made, to sign in alone, to follow a password, to confirm who is there. */
export type Ceremony = 'register' | 'sign_in' | 'second_step' | 'again';
export type SignInCeremony = Exclude<Ceremony, 'register'>;

/** Whom passkeys are made for, and from where answers are accepted. */
export interface RelyingParty {
  id: string;
  origin: string;
}

/**
 * null where browsers have no passkeys: they belong to a host name, never to an IP address, and need https except on
 * this very machine (WebAuthn level 3, 5.1.3).
 */
export function relyingParty(publicUrl: string): RelyingParty | null {
  const { hostname, origin, protocol } = new URL(publicUrl);
  if (isIP(hostname.replaceAll(/[[\]]/g, '')) !== 0) return null;
  return protocol === 'https:' || hostname === 'localhost' ? { id: hostname, origin } : null;
}

/** What a browser needs to ask an authenticator, and the value that must come back with its answer. */
export interface CeremonyOffer<Options> {
  ok: true;
  options: Options;
  /** For a cookie. */
  ticket: string;
  expiresAtMs: number;
}

export interface OfferFailure<Reason extends string> {
  ok: false;
  reason: 'not_available' | Reason;
}

export type RegisterPasskeyResult =
  | { ok: true; passkey: Passkey }
  | {
      ok: false;
      reason: 'not_available' | 'email_not_verified' | 'expired' | 'not_accepted' | 'already_registered' | 'too_many';
    };

/** Everything that is wrong with an answer looks alike: a made-up one learns nothing. */
export type PasskeySignInResult =
  StartedSession | { ok: false; reason: 'not_available' | 'expired' | 'not_accepted' | 'maybe_copied' };

export type ChangePasskeyResult = { ok: true } | { ok: false; reason: 'not_found' };

/** `last_way_in`: nobody could sign in to the account any more; `second_step`: nobody could with the password. */
export type RemovePasskeyResult = { ok: true } | { ok: false; reason: 'not_found' | 'last_way_in' | 'second_step' };
