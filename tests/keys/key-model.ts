/** What a key is supposed to do, written anew and as simply as possible, without a line of the program. */

export interface ModelKey {
  createdAtMs: number;
  expiresAtMs: number | null;
  /** Expiry before it was rotated; undefined when it was not. */
  formerExpiresAtMs: number | null | undefined;
  rotatedAtMs: number;
  revoked: boolean;
  suspended: boolean;
  /** Only calls from the office pass. */
  restricted: boolean;
}

export const OVERLAP_MAX_MS = 48 * 60 * 60 * 1000;
export const QUOTA = 4;
export const KEYS_MAX = 20;
export const OFFICE = '203.0.113.7';
export const ELSEWHERE = '198.51.100.9';

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
    this.keys.push(this.fresh(lifeMs, false));
    return 'ok';
  }

  rotate(key: ModelKey, overlapMs: number): string {
    if (overlapMs > OVERLAP_MAX_MS) return 'overlap_too_long';
    if (isRotated(key)) return 'already_rotated';
    if (this.hasEnded(key) || key.suspended) return 'key_not_active';
    const overlaps = this.keys.filter((one) => !this.hasEnded(one) && isRotated(one)).length;
    if (overlapMs > 0 && overlaps >= KEYS_MAX) return 'too_many_overlaps';
    this.keys.push(this.fresh(key.expiresAtMs === null ? null : key.expiresAtMs - key.createdAtMs, key.restricted));
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

  restrict(key: ModelKey, restricted: boolean): string {
    if (this.hasEnded(key)) return 'key_not_active';
    key.restricted = restricted;
    return 'ok';
  }

  suspend(key: ModelKey, suspended: boolean): string {
    if (this.hasEnded(key) || key.suspended === suspended) return 'key_not_active';
    key.suspended = suspended;
    return 'ok';
  }

  leak(key: ModelKey): void {
    if (!this.hasEnded(key)) key.revoked = true;
  }

  call(key: ModelKey, address: string): string {
    if (key.revoked) return 'key_revoked';
    if (this.hasEnded(key)) return isRotated(key) ? 'key_replaced' : 'key_expired';
    if (key.suspended) return 'key_suspended';
    if (key.restricted && address !== OFFICE) return 'address_not_allowed';
    const day = Math.floor(this.nowMs / 86_400_000);
    const used = this.used.get(day) ?? 0;
    if (used >= QUOTA) return 'quota_exceeded';
    this.used.set(day, used + 1);
    return 'allowed';
  }

  private hasEnded(key: ModelKey): boolean {
    return key.revoked || (key.expiresAtMs !== null && this.nowMs >= key.expiresAtMs);
  }

  private fresh(lifeMs: number | null, restricted: boolean): ModelKey {
    const expiresAtMs = lifeMs === null ? null : this.nowMs + lifeMs;
    const never = { formerExpiresAtMs: undefined, rotatedAtMs: 0, revoked: false, suspended: false };
    return { createdAtMs: this.nowMs, expiresAtMs, restricted, ...never };
  }
}

function isRotated(key: ModelKey): boolean {
  return key.formerExpiresAtMs !== undefined;
}

function earlier(atMs: number | null, otherAtMs: number): number {
  return atMs !== null && atMs < otherAtMs ? atMs : otherAtMs;
}
