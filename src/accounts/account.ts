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

/** One person, one account: lower case, NFKC, so that spellings share a row and a failure counter. */
export function normalizeEmail(email: string): string {
  return email.normalize('NFKC').trim().toLowerCase();
}
