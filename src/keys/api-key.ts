import type { Family } from '../platform/ip-address.ts';
import type { KeyOperation, KeyRestrictions } from '../key-restrictions/key-restrictions.ts';

/** The record of a key. The token itself is shown once and stored nowhere. */
export interface ApiKey extends KeyRestrictions {
  id: string;
  applicationId: string;
  name: string;
  environment: Environment;
  /** First and last four characters of the secret part, to tell keys apart. */
  firstFour: string;
  lastFour: string;
  createdAtMs: number;
  expiresAtMs: number | null;
  suspendedAtMs: number | null;
  revokedAtMs: number | null;
  revokeReason: string | null;
  suspendReason: string | null;
  /** Set once it was rotated: `expiresAtMs` is then the end of the overlap. */
  replaced: Replacement | null;
  /** Wish of the developer; a plan may ask for less. */
  rotationIntervalDays: number | null;
  /** Since when the token waits for somebody to say that it arrived; null once that is known. */
  unconfirmedSinceMs: number | null;
  /** `dormancy`: the developer may resume it by himself. */
  suspendCause: 'dormancy' | null;
  resumedAtMs: number | null;
  /** When the team was told that the token stood in a query string. */
  exposedAtMs: number | null;
}

export interface Replacement {
  byKeyId: string;
  atMs: number;
  /** The expiry it had before; null for never. The overlap cannot outlive it. */
  formerExpiresAtMs: number | null;
}

/** Test keys need no verified e-mail; live keys do. */
export type Environment = 'live' | 'test';

export type KeyState = 'active' | 'suspended' | 'expired' | 'revoked';

export const KEY_NAME_MAX_LENGTH = 60;
export const KEYS_PER_APPLICATION = 20;
export const REVOKE_REASON_MAX_LENGTH = 200;

export const SUSPEND_MESSAGE_MAX_LENGTH = 1000;
export const ROTATION_INTERVAL_MAX_DAYS = 730;

export const DAY_MS = 24 * 60 * 60 * 1000;

/** A key whose token nobody confirmed and nobody used is withdrawn after this time. */
export const CONFIRM_WITHIN_MS = 15 * 60 * 1000;

/**
 * What a call meets. A replaced key in its overlap is `active`: it works like any other, and ends by date.
 * Revoked beats expired beats suspended: the first that cannot be undone is the one to tell.
 */
export function keyStateAt(
  key: Pick<ApiKey, 'revokedAtMs' | 'expiresAtMs' | 'suspendedAtMs'>,
  nowMs: number,
): KeyState {
  if (key.revokedAtMs !== null) return 'revoked';
  if (key.expiresAtMs !== null && key.expiresAtMs <= nowMs) return 'expired';
  if (key.suspendedAtMs !== null) return 'suspended';
  return 'active';
}

/** True for a key that works and whose token may never have arrived. */
export function isUnconfirmed(key: ApiKey, nowMs: number): boolean {
  return key.unconfirmedSinceMs !== null && key.replaced === null && keyStateAt(key, nowMs) === 'active';
}

/** True while a replaced key and its successor both work. */
export function isInOverlap(key: ApiKey, nowMs: number): boolean {
  return key.replaced !== null && keyStateAt(key, nowMs) === 'active';
}

/** When an overlap that is chosen now ends. It shortens the life of the old key or leaves it, and never extends it. */
export function overlapEndsAtMs(
  current: Pick<ApiKey, 'expiresAtMs' | 'replaced'>,
  overlapMs: number,
  nowMs: number,
): number {
  const expiresAtMs = current.replaced ? current.replaced.formerExpiresAtMs : current.expiresAtMs;
  return expiresAtMs === null ? nowMs + overlapMs : Math.min(nowMs + overlapMs, expiresAtMs);
}

/** The expiry of a key that is issued now: as wished, and no later than the plans of its application allow. */
export function cappedExpiryAtMs(
  wishedAtMs: number | null,
  maxLifetimeDays: number | null,
  nowMs: number,
): number | null {
  if (maxLifetimeDays === null) return wishedAtMs;
  const latestAtMs = nowMs + maxLifetimeDays * DAY_MS;
  return wishedAtMs === null ? latestAtMs : Math.min(wishedAtMs, latestAtMs);
}

/**
 * The key that follows `current`, which has not been replaced: same application, name, environment, restrictions
 * and rotation interval. Its life is as long as that of `current` was meant to be, counted anew from now.
 */
export function successorOf(
  current: ApiKey,
  issued: Pick<ApiKey, 'id' | 'firstFour' | 'lastFour'>,
  nowMs: number,
  maxLifetimeDays: number | null = null,
): ApiKey {
  const { id, firstFour, lastFour } = issued;
  const sameLife = current.expiresAtMs === null ? null : nowMs + (current.expiresAtMs - current.createdAtMs);
  const expiresAtMs = cappedExpiryAtMs(sameLife, maxLifetimeDays, nowMs);
  return {
    ...current,
    id,
    firstFour,
    lastFour,
    createdAtMs: nowMs,
    expiresAtMs,
    suspendedAtMs: null,
    suspendReason: null,
    revokedAtMs: null,
    revokeReason: null,
    replaced: null,
    unconfirmedSinceMs: nowMs,
    suspendCause: null,
    resumedAtMs: null,
    exposedAtMs: null,
  };
}

/**
 * When a key is to be rotated: by the stricter of its own interval and its plans'; null when neither asks.
 * @param planIntervalDays as in `KeyRules`
 */
export function rotationDueAtMs(
  key: Pick<ApiKey, 'createdAtMs' | 'rotationIntervalDays' | 'replaced'>,
  planIntervalDays: number | null,
): number | null {
  if (key.replaced) return null;
  const days = Math.min(key.rotationIntervalDays ?? Infinity, planIntervalDays ?? Infinity);
  return days === Infinity ? null : key.createdAtMs + days * DAY_MS;
}

export type IssueKeyResult =
  | { ok: true; key: ApiKey; /** Shown once, stored nowhere. */ token: string }
  | { ok: false; reason: 'not_found' | 'email_not_verified' | 'too_many_keys' }
  | { ok: false; reason: 'already_issued'; keyId: string };

export type ChangeKeyResult = { ok: true; key: ApiKey } | { ok: false; reason: 'not_found' | 'key_not_active' };

export type RestrictKeyResult =
  | ChangeKeyResult
  /** It would let more calls through than before, and the actor signed in too long ago for that. */
  | { ok: false; reason: 'recent_sign_in_required' }
  /** Entries that cover every address of these families, together if not alone, and nobody confirmed it. */
  | { ok: false; reason: 'whole_internet'; families: readonly Family[] }
  /** In no plan of the application. */
  | { ok: false; reason: 'unknown_scopes'; scopes: readonly string[] }
  /** Of no API that the application is subscribed to. */
  | { ok: false; reason: 'unknown_operations'; operations: readonly KeyOperation[] };

export type RotateKeyResult =
  | { ok: true; key: ApiKey; /** Shown once, stored nowhere. */ token: string; oldKeyEndsAtMs: number }
  | { ok: false; reason: 'not_found' | 'already_rotated' | 'key_not_active' | 'email_not_verified' }
  | { ok: false; reason: 'overlap_too_long'; maxMs: number }
  | { ok: false; reason: 'too_many_overlaps'; limit: number }
  | { ok: false; reason: 'already_issued'; keyId: string };

export type ChangeOverlapResult =
  | { ok: true; key: ApiKey }
  | { ok: false; reason: 'not_found' | 'not_in_overlap' }
  | { ok: false; reason: 'overlap_too_long'; latestEndsAtMs: number };

export type ReplaceSecretResult =
  | { ok: true; key: ApiKey; /** Shown once, stored nowhere. */ token: string }
  /** `not_replaceable`: it was confirmed or called, or does not work any more. */
  | { ok: false; reason: 'not_found' | 'not_replaceable' };

export type ScheduleRotationResult = ChangeKeyResult | { ok: false; reason: 'interval_too_long'; maxDays: number };

export type RevokeKeysResult = { ok: true; keys: readonly ApiKey[] } | { ok: false; reason: 'not_found' };
