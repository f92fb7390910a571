import {
  type LimitChange,
  type Limits,
  type ModelCall,
  NO_LIMITS,
  isWider,
  refusalOf,
} from '../key-restrictions/restriction-model.ts';

/** What a key is supposed to do, written anew and as simply as possible, without a line of the program. */

export interface ModelKey {
  createdAtMs: number;
  expiresAtMs: number | null;
  /** Expiry before it was rotated; undefined when it was not. */
  formerExpiresAtMs: number | null | undefined;
  rotatedAtMs: number;
  revoked: boolean;
  suspended: false | 'owner' | 'dormancy';
  resumedAtMs: number;
  lastCalledAtMs: number;
  /** When its team was told that nobody uses it, by the moment since when. */
  toldOfDormancy: Map<number, number>;
  limits: Limits;
  /** null: it is known that the token arrived. */
  unconfirmedSinceMs: number | null;
  successor: ModelKey | undefined;
}

/** After this time, and until the calls of before are counted, a token that nobody confirmed counts as lost. */
const LOST_AFTER_MS = (15 * 60 + 15) * 1000;

export const OVERLAP_MAX_MS = 48 * 60 * 60 * 1000;
export const QUOTA = 4;
/** As the plan says; a team is told two weeks before a key is suspended for it. */
export const DORMANT_DAYS = 2;
const DORMANT_AFTER_MS = DORMANT_DAYS * 86_400_000;
const NOTICE_MS = 14 * 86_400_000;
export const KEYS_MAX = 20;

export class KeyModel {
  nowMs: number;
  keys: ModelKey[] = [];
  /** Calls by day. */
  used = new Map<number, number>();

  constructor(nowMs: number) {
    this.nowMs = nowMs;
  }

  issue(lifeMs: number | null): string {
    if (this.keys.filter((key) => !this.hasEnded(key) && !isRotated(key)).length >= KEYS_MAX) return 'too_many_keys';
    this.keys.push(this.fresh(lifeMs, NO_LIMITS));
    return 'ok';
  }

  rotate(key: ModelKey, overlapMs: number): string {
    if (overlapMs > OVERLAP_MAX_MS) return 'overlap_too_long';
    if (isRotated(key)) return 'already_rotated';
    if (this.hasEnded(key) || key.suspended) return 'key_not_active';
    const overlaps = this.keys.filter((one) => !this.hasEnded(one) && isRotated(one)).length;
    if (overlapMs > 0 && overlaps >= KEYS_MAX) return 'too_many_overlaps';
    this.keys.push(this.fresh(key.expiresAtMs === null ? null : key.expiresAtMs - key.createdAtMs, key.limits));
    key.successor = this.keys.at(-1);
    key.formerExpiresAtMs = key.expiresAtMs;
    key.rotatedAtMs = this.nowMs;
    key.expiresAtMs = earlier(key.formerExpiresAtMs, this.nowMs + overlapMs);
    return 'ok';
  }

  changeOverlap(key: ModelKey, overlapMs: number): string {
    if (key.formerExpiresAtMs === undefined || this.hasEnded(key) || key.suspended) return 'not_in_overlap';
    const endsAtMs = earlier(key.formerExpiresAtMs, this.nowMs + overlapMs);
    const isLater = endsAtMs > (key.expiresAtMs ?? 0);
    if (isLater && endsAtMs > key.rotatedAtMs + OVERLAP_MAX_MS) return 'overlap_too_long';
    key.expiresAtMs = endsAtMs;
    return 'ok';
  }

  revoke(key: ModelKey): string {
    if (key.revoked) return 'key_not_active';
    key.revoked = true;
    return 'ok';
  }

  revokeAll(): number {
    const ending = this.keys.filter((key) => !this.hasEnded(key));
    for (const key of ending) key.revoked = true;
    return ending.length;
  }

  restrict(key: ModelKey, change: LimitChange, signedInJustNow: boolean): string {
    if (this.hasEnded(key)) return 'key_not_active';
    const limits = { ...key.limits, ...change };
    if (!signedInJustNow && isWider(key.limits, limits)) return 'recent_sign_in_required';
    key.limits = limits;
    return 'ok';
  }

  suspend(key: ModelKey, suspended: boolean): string {
    // Of a key that nobody used, owners may take over the suspension: its team then cannot resume it.
    const isDone = suspended ? key.suspended === 'owner' : key.suspended === false;
    if (this.hasEnded(key) || isDone) return 'key_not_active';
    key.suspended = suspended && 'owner';
    if (!suspended) key.resumedAtMs = this.nowMs;
    return 'ok';
  }

  /** By the team; what owners suspended stays so. */
  resumeDormant(key: ModelKey): string {
    if (this.hasEnded(key) || key.suspended !== 'dormancy') return 'key_not_active';
    key.suspended = false;
    key.resumedAtMs = this.nowMs;
    return 'ok';
  }

  lookForDormant(): void {
    for (const key of this.keys) {
      if (this.hasEnded(key) || key.suspended || isRotated(key)) continue;
      const sinceMs = Math.max(key.createdAtMs, key.resumedAtMs, key.lastCalledAtMs) + DORMANT_AFTER_MS;
      if (this.nowMs < sinceMs) continue;
      const toldAtMs = key.toldOfDormancy.get(sinceMs);
      if (toldAtMs === undefined) key.toldOfDormancy.set(sinceMs, this.nowMs);
      else if (this.nowMs >= toldAtMs + NOTICE_MS) key.suspended = 'dormancy';
    }
  }

  leak(key: ModelKey): void {
    if (!this.hasEnded(key)) key.revoked = true;
  }

  confirm(key: ModelKey): string {
    if (key.revoked) return 'key_not_active';
    key.unconfirmedSinceMs = null;
    return 'ok';
  }

  replaceToken(key: ModelKey): string {
    const isWaiting = key.unconfirmedSinceMs !== null && key.lastCalledAtMs === 0 && !isRotated(key);
    if (!isWaiting || this.hasEnded(key) || key.suspended) return 'not_replaceable';
    key.unconfirmedSinceMs = this.nowMs;
    return 'ok';
  }

  withdraw(): void {
    const lost = this.keys.filter(
      (key) =>
        key.unconfirmedSinceMs !== null &&
        key.unconfirmedSinceMs <= this.nowMs - LOST_AFTER_MS &&
        !isRotated(key) &&
        !this.hasEnded(key),
    );
    for (const key of lost) {
      if (key.lastCalledAtMs > 0) key.unconfirmedSinceMs = null;
      else key.revoked = true;
      if (key.lastCalledAtMs > 0) continue;
      const old = this.keys.find((one) => one.successor === key && !this.hasEnded(one));
      if (old)
        [old.expiresAtMs, old.formerExpiresAtMs, old.successor] = [old.formerExpiresAtMs ?? null, undefined, undefined];
    }
  }

  call(key: ModelKey, call: ModelCall): string {
    key.lastCalledAtMs = this.nowMs;
    if (key.revoked) return 'key_revoked';
    if (this.hasEnded(key)) return isRotated(key) ? 'key_replaced' : 'key_expired';
    if (key.suspended) return 'key_suspended';
    const refusal = refusalOf(key.limits, call);
    if (refusal !== null) return refusal;
    const day = Math.floor(this.nowMs / 86_400_000);
    const used = this.used.get(day) ?? 0;
    if (used >= QUOTA) return 'quota_exceeded';
    this.used.set(day, used + 1);
    return 'allowed';
  }

  private hasEnded(key: ModelKey): boolean {
    return key.revoked || (key.expiresAtMs !== null && this.nowMs >= key.expiresAtMs);
  }

  private fresh(lifeMs: number | null, limits: Limits): ModelKey {
    const expiresAtMs = lifeMs === null ? null : this.nowMs + lifeMs;
    const never = { formerExpiresAtMs: undefined, rotatedAtMs: 0, revoked: false };
    const use = { suspended: false, resumedAtMs: 0, lastCalledAtMs: 0, toldOfDormancy: new Map() } as const;
    const token = { unconfirmedSinceMs: this.nowMs, successor: undefined };
    return { createdAtMs: this.nowMs, expiresAtMs, limits, ...never, ...use, ...token };
  }
}

function isRotated(key: ModelKey): boolean {
  return key.formerExpiresAtMs !== undefined;
}

function earlier(atMs: number | null, otherAtMs: number): number {
  return atMs !== null && atMs < otherAtMs ? atMs : otherAtMs;
}
