import type { SecondStepFor } from '../settings/sign-in-settings.ts';

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

/** In one team; what each may do is said by `teams/role.ts`. */
export type TeamRole = 'admin' | 'manager' | 'viewer';

export interface OwnTeam extends Team {
  /** Of the account that asks. */
  role: TeamRole;
}

/** Who does something: read from the session once per request and passed to every use case. */
export interface Actor {
  accountId: string;
  email: string;
  role: Role;
  emailVerified: boolean;
  /** Teams whose applications this actor may see. Everything else is `not_found`. */
  teamIds: readonly string[];
  /** The actor's role in each of them. */
  teamRoles: ReadonlyMap<string, TeamRole>;
  /** When this session signed in; what widens rights may ask for a recent one. */
  signedInAtMs: number;
}

/** Where a request came from: resolved by the front server, kept with sessions and audit entries. */
export interface RequestOrigin {
  address: string;
  userAgent: string;
  /** What the browser keeps to be known by; see known-device.ts. */
  deviceToken?: string | null;
}

export const PASSWORD_MIN_LENGTH = 15;
/** NIST SP 800-63B-4 3.1.1.2: shorter ones may only be one of two factors. */
export const PASSWORD_MIN_LENGTH_WITH_SECOND_FACTOR = 8;
export const PASSWORD_MAX_LENGTH = 256;
export const SESSION_IDLE_MS = 12 * 60 * 60 * 1000;
export const SESSION_ABSOLUTE_MS = 30 * 24 * 60 * 60 * 1000;
/** What owners may do is theirs in a session that is not older, and never went unused for longer (yardstick A5). */
export const OWNER_IDLE_MS = 60 * 60 * 1000;
export const OWNER_ABSOLUTE_MS = 24 * 60 * 60 * 1000;
/** What is sensitive asks for the password again when the session is older. */
export const RECENT_SIGN_IN_MS = 10 * 60 * 1000;
/** Between the right password and the code of the second factor. */
export const PENDING_SIGN_IN_MS = 5 * 60 * 1000;
/** How long a secret for an authenticator app is shown and can be confirmed. */
export const TOTP_SETUP_MS = 15 * 60 * 1000;
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

/** Why a password that replaces another one is refused; how long it must be depends on the account. */
export type NewPasswordRefusal = PasswordRefusal | { reason: 'password_too_short'; minLength: number };

export interface TooMany<Reason extends string> {
  ok: false;
  reason: Reason;
  retryAfterSeconds: number;
  /** Waiting does not help: only a new password by mail does. */
  untilReset?: true;
}

/** A cookie value that was just made, for a browser that proved who it is. */
export interface StartedSession {
  ok: true;
  sessionToken: string;
  expiresAtMs: number;
}

/** A password that was asked for again, to be sure who is there. */
export type PasswordFailure = { ok: false; reason: 'wrong_credentials' | 'busy' } | TooMany<'too_many_attempts'>;

/** The same answer for a new and a known address (yardstick A7). */
export type SignUpResult =
  { ok: true } | ({ ok: false } & PasswordRefusal) | { ok: false; reason: 'busy' } | TooMany<'too_many_sign_ups'>;

/** Whether the link of a verification mail works here: only for the account that it was sent for. */
export type VerificationLink = 'own' | 'sign_in_first' | 'other_account' | 'invalid_or_expired';

export type VerifyEmailResult = { ok: true; email: string } | { ok: false; reason: 'invalid_or_expired' };

export type SignInResult =
  | (StartedSession & { role: Role })
  /** The password is right, and the code of the second factor is still to come. */
  | { ok: false; reason: 'second_factor'; pendingToken: string; expiresAtMs: number }
  | PasswordFailure;

export type SecondFactorFailure = { ok: false; reason: 'wrong_code' } | TooMany<'too_many_attempts'>;

export type CompleteSignInResult = StartedSession | SecondFactorFailure | { ok: false; reason: 'expired' };

export type CreateFirstOwnerResult =
  | StartedSession
  | { ok: false; reason: 'invalid_or_expired' | 'email_taken' | 'busy' }
  | ({ ok: false } & PasswordRefusal);

/** The same answer whether the address has an account or not. */
export type RequestPasswordResetResult = { ok: true } | TooMany<'too_many_requests'>;

export type ResetPasswordResult =
  /** `accountId`: whose it was; nobody is signed in by it. */
  | { ok: true; accountId: string; wasVerified: boolean }
  | { ok: false; reason: 'invalid_or_expired' }
  | { ok: false; reason: 'busy' }
  | ({ ok: false } & NewPasswordRefusal);

export type ChangePasswordResult =
  StartedSession | PasswordFailure | ({ ok: false } & NewPasswordRefusal) | { ok: false; reason: 'password_unchanged' };

export type RequestEmailChangeResult =
  { ok: true } | PasswordFailure | { ok: false; reason: 'same_email' } | TooMany<'too_many_requests'>;

export type ConfirmEmailResult = StartedSession | { ok: false; reason: 'invalid_or_expired' | 'email_taken' };

/** What is asked for after the password. Beside an app, passkeys are taken too. */
export type SecondStep = 'app' | 'passkey';

/** Whether somebody with this role has to have a second step after the password. */
export function asksForSecondStep(whom: SecondStepFor, role: Role): boolean {
  return whom === 'everybody' || (whom === 'owners' && role === 'owner');
}

/** For typing or linking into an authenticator app; shown while it is set up, and never again. */
export interface TotpSetup {
  setupKey: string;
  uri: string;
}

export type PrepareSecondFactorResult = { ok: true } | { ok: false; reason: 'already_on' | 'email_not_verified' };

export type TurnOnSecondFactorResult =
  (StartedSession & { recoveryCodes: readonly string[] }) | SecondFactorFailure | { ok: false; reason: 'not_prepared' };

export type TurnOnPasskeyStepResult =
  | (StartedSession & { recoveryCodes: readonly string[] })
  | { ok: false; reason: 'email_not_verified' | 'no_passkey' | 'already_on' };

export type TurnOffSecondFactorResult =
  | StartedSession
  | PasswordFailure
  | SecondFactorFailure
  | { ok: false; reason: 'password_too_short'; minLength: number };

/** One browser in which an account is signed in. */
export interface SessionSummary {
  id: string;
  userAgent: string;
  /** When it signed in. */
  address: string;
  /** In which that address is registered, ISO 3166-1; null: unknown. */
  country: string | null;
  signedInAtMs: number;
  /** Within five minutes. */
  lastUsedAtMs: number;
  /** The one that asks. */
  isThis: boolean;
}

export interface AccountOverview {
  sessions: readonly SessionSummary[];
  /** An address that waits to be confirmed. */
  pendingEmail: string | null;
  /** What follows the password; null: nothing. */
  secondStep: SecondStep | null;
  recoveryCodesLeft: number;
}

export interface SignedIn {
  actor: Actor;
  account: Account;
  /** What the list of sessions knows this one by; not the cookie's value. */
  sessionId: string;
  /** This portal asks for a second step, and the account has none yet: until then it opens only where one is set up. */
  mustAddSecondStep: boolean;
  /** Set when the idle lifetime was renewed: send this cookie again. */
  renewedUntilMs: number | null;
}
