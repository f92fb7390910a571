/** The record of a key. The token itself is shown once and stored nowhere. */
export interface ApiKey {
  id: string;
  applicationId: string;
  name: string;
  environment: Environment;
  /** First and last four characters of the secret part, to tell keys apart. */
  firstFour: string;
  lastFour: string;
  /** Canonical CIDRs; empty means any address. */
  allowlist: readonly string[];
  createdAtMs: number;
  expiresAtMs: number | null;
  suspendedAtMs: number | null;
  revokedAtMs: number | null;
  revokeReason: string | null;
}

/** Test keys need no verified e-mail; live keys do. */
export type Environment = 'live' | 'test';

export type KeyState = 'active' | 'suspended' | 'expired' | 'revoked';

export const KEY_NAME_MAX_LENGTH = 60;
export const KEYS_PER_APPLICATION = 20;
export const ALLOWLIST_MAX_ENTRIES = 100;
export const REVOKE_REASON_MAX_LENGTH = 200;

/** Revoked beats expired beats suspended: the first that cannot be undone is the one to tell. */
export function keyStateAt(
  key: Pick<ApiKey, 'revokedAtMs' | 'expiresAtMs' | 'suspendedAtMs'>,
  nowMs: number,
): KeyState {
  if (key.revokedAtMs !== null) return 'revoked';
  if (key.expiresAtMs !== null && key.expiresAtMs <= nowMs) return 'expired';
  if (key.suspendedAtMs !== null) return 'suspended';
  return 'active';
}

export type IssueKeyResult =
  | { ok: true; key: ApiKey; /** Shown once, stored nowhere. */ token: string }
  | { ok: false; reason: 'not_found' | 'email_not_verified' | 'too_many_keys' }
  | { ok: false; reason: 'already_issued'; keyId: string };

export type ChangeKeyResult = { ok: true; key: ApiKey } | { ok: false; reason: 'not_found' | 'key_not_active' };
