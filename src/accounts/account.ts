/** One person's sign-in. Rules only; SQL is in `account-store.ts`, sessions in `sessions.ts`. */
export interface Account {
  id: string;
  email: string;
  role: Role;
  emailVerifiedAtMs: number | null;
  suspendedAtMs: number | null;
  createdAtMs: number;
}

/** `owner`: publishes for the provider. `developer`: everybody else. */
export type Role = 'developer' | 'owner';

/** Several accounts acting as one consumer; each account has a personal team. */
export interface Team {
  id: string;
  name: string;
}

/** Who does something: read from the session once per request and passed to every use case. */
export interface Actor {
  accountId: string;
  email: string;
  role: Role;
  emailVerified: boolean;
  /** Teams whose applications this actor may see and change. Everything else is `not_found`. */
  teamIds: readonly string[];
  /** When this session signed in; what widens rights may ask for a recent one. */
  signedInAtMs: number;
}

/** Where a request came from: resolved by the front server, kept with sessions and audit entries. */
export interface RequestOrigin {
  address: string;
  userAgent: string;
}

export const PASSWORD_MIN_LENGTH = 15;
export const PASSWORD_MAX_LENGTH = 256;
export const SESSION_IDLE_MS = 12 * 60 * 60 * 1000;
export const SESSION_ABSOLUTE_MS = 30 * 24 * 60 * 60 * 1000;
/** ASVS 6.5.5: what is sent out of band is valid for ten minutes at most. */
export const MAILED_TOKEN_MS = 10 * 60 * 1000;

const LOCAL_PART = /^[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}$/i;
const DOMAIN_LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i;

/**
 * Exactly one address as the HTML standard defines it for `input type=email`: ASCII, no list, no quotes,
 * no display name, no comment, so that no mail server can read a second recipient into it (yardstick A12).
 */
export function isPlainEmail(text: string): boolean {
  if (text.length > 254) return false;
  const [localPart = '', domain = '', ...more] = text.split('@');
  return (
    more.length === 0 && LOCAL_PART.test(localPart) && domain.split('.').every((label) => DOMAIN_LABEL.test(label))
  );
}

/** One person, one account: lower case, NFKC, so that spellings share a row and a failure counter. */
export function normalizeEmail(email: string): string {
  return email.normalize('NFKC').trim().toLowerCase();
}

/** Why a password is refused. `word` is the common or guessable part, for the message. */
export interface PasswordRefusal {
  reason: 'password_too_common' | 'password_has_context';
  word: string;
}

/** The same answer for a new and a known address (yardstick A7). */
export type SignUpResult = { ok: true } | ({ ok: false } & PasswordRefusal) | { ok: false; reason: 'busy' };

export type VerifyEmailResult = { ok: true; email: string } | { ok: false; reason: 'invalid_or_expired' };

export type SignInResult =
  | { ok: true; sessionToken: string; expiresAtMs: number; role: Role }
  | { ok: false; reason: 'wrong_credentials' | 'busy' }
  | { ok: false; reason: 'too_many_attempts'; retryAfterSeconds: number };

export type CreateFirstOwnerResult =
  | { ok: true; sessionToken: string; expiresAtMs: number }
  | { ok: false; reason: 'invalid_or_expired' | 'email_taken' | 'busy' }
  | ({ ok: false } & PasswordRefusal);

export interface SignedIn {
  actor: Actor;
  account: Account;
  /** Set when the idle lifetime was renewed: send this cookie again. */
  renewedUntilMs: number | null;
}
