import { type ApiKey, isInOverlap, keyStateAt } from '../../keys/api-key.ts';
import type { StatusWord } from '../elements/status-word.ts';
import { countText } from '../wording.ts';

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;
const SOON_MS = 14 * DAY_MS;

/** `gth_live_AbCd...wxyz`: enough to tell keys apart, nothing to call with. */
export function maskedToken(prefix: string, key: Pick<ApiKey, 'environment' | 'firstFour' | 'lastFour'>): string {
  return `${prefix}_${key.environment}_${key.firstFour}...${key.lastFour}`;
}

/** The status word of a key; `ending` when it works, but was replaced or ends by date within 14 days. */
export function keyWord(key: ApiKey, nowMs: number): StatusWord {
  const state = keyStateAt(key, nowMs);
  return state === 'active' && (isInOverlap(key, nowMs) || isEndingSoon(key, nowMs)) ? 'ending' : state;
}

/** True for a key that works, or would if it were resumed: what there is to revoke. */
export function isUsable(key: ApiKey, nowMs: number): boolean {
  const state = keyStateAt(key, nowMs);
  return state === 'active' || state === 'suspended';
}

/** True for a key that ends by date within 14 days. */
export function isEndingSoon(key: Pick<ApiKey, 'expiresAtMs'>, nowMs: number): boolean {
  return key.expiresAtMs !== null && isSoon(key.expiresAtMs, nowMs);
}

/** True for what comes within 14 days. */
export function isSoon(atMs: number, nowMs: number): boolean {
  return atMs > nowMs && atMs - nowMs <= SOON_MS;
}

/** "30 days", "36 hours": whole days where they are exact. */
export function spanText(spanMs: number): string {
  return spanMs % DAY_MS === 0 ? countText(spanMs / DAY_MS, 'day') : countText(Math.round(spanMs / HOUR_MS), 'hour');
}
