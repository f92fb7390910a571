import { type Role, type StartedSession, isPlainEmail } from '../accounts/account.ts';

/** An account elsewhere with which somebody signs in here. Rules only. */
export interface LinkedIdentity {
  id: string;
  provider: ProviderId;
  /** What its owner knows it by: an address or a name there. */
  label: string;
  createdAtMs: number;
  lastUsedAtMs: number | null;
}

export type ProviderId = 'oidc' | 'github';

/** What a provider has just said about who came back from it. */
export interface ProvenIdentity {
  provider: ProviderId;
  issuer: string;
  /** Never changes and is never given to anybody else, unlike names and addresses. */
  subject: string;
  label: string;
  email: string | null;
  /** The provider says that the address is theirs. */
  isEmailVerified: boolean;
}

/** Why somebody was sent to a provider: to sign in, to confirm who is there, to connect it with the account here. */
export type Errand = 'sign_in' | 'again' | 'link';

/** What is known here about an identity that nobody has connected, and its address. */
export interface Acquaintance {
  /** The account that has the same address. */
  account: { isVerified: boolean; isSuspended: boolean; hasSecondFactor: boolean } | null;
}

export type Decision = 'create' | 'link' | 'sign_in_first' | 'email_not_verified';

/**
 * Whether an unknown identity may open an account by its address alone: only if both sides have had the very same address
 * confirmed. Else somebody could sign up with a stranger's address and wait, here or there (pre-hijacking, USENIX Security
 * 2022), and only without a second factor, which an address must not stand in for.
 */
export function decideUnknown({ email, isEmailVerified }: ProvenIdentity, { account }: Acquaintance): Decision {
  if (email === null || !isPlainEmail(email) || !isEmailVerified) return 'email_not_verified';
  if (!account) return 'create';
  return account.isVerified && !account.isSuspended && !account.hasSecondFactor ? 'link' : 'sign_in_first';
}

const LONGEST_LABEL = 254;

/** A name from elsewhere, to be shown and mailed: without what cannot be seen or turns text round. */
export function readableLabel(label: string): string {
  const seen = label.replaceAll(/[\p{Cc}\p{Cs}\p{Cf}\p{Zl}\p{Zp}]/gu, '').slice(0, LONGEST_LABEL);
  return seen.trim() === '' ? 'unnamed' : seen;
}

/** Where to send somebody, and the value that must come back with them. */
export type StartErrandResult =
  | { ok: true; url: string; ticket: string; expiresAtMs: number }
  | { ok: false; reason: 'unknown_provider' | 'provider_failed' | 'email_not_verified' };

export type FinishErrandFailure =
  | 'unknown_provider'
  | 'expired'
  | 'provider_failed'
  | 'cancelled'
  | 'email_not_verified'
  | 'sign_in_first'
  | 'suspended'
  | 'other_account'
  | 'linked_elsewhere'
  | 'too_many_sign_ups';

export type FinishErrandResult =
  | (StartedSession & { next: string; role: Role })
  | { ok: true; linked: true }
  | { ok: false; reason: 'second_factor'; pendingToken: string; expiresAtMs: number; next: string }
  | { ok: false; reason: FinishErrandFailure };

export type UnlinkResult = { ok: true } | { ok: false; reason: 'not_found' | 'last_way_in' };

/** How somebody can sign in. */
export interface WaysIn {
  hasPassword: boolean;
  identities: readonly LinkedIdentity[];
}
