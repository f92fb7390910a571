import { type ApiKey, keyStateAt } from '../../keys/api-key.ts';
import type { StatusWord } from '../elements/status-word.ts';

const SOON_MS = 14 * 24 * 60 * 60 * 1000;

/** `gth_live_AbCd...wxyz`: enough to tell keys apart, nothing to call with. */
export function maskedToken(prefix: string, key: Pick<ApiKey, 'environment' | 'firstFour' | 'lastFour'>): string {
  return `${prefix}_${key.environment}_${key.firstFour}...${key.lastFour}`;
}

/** The status word of a key; `ending` when it works but expires within 14 days. */
export function keyWord(key: ApiKey, nowMs: number): StatusWord {
  const state = keyStateAt(key, nowMs);
  return state === 'active' && isEndingSoon(key, nowMs) ? 'ending' : state;
}

/** True for a key that ends by date within 14 days. */
export function isEndingSoon(key: Pick<ApiKey, 'expiresAtMs'>, nowMs: number): boolean {
  return key.expiresAtMs !== null && key.expiresAtMs > nowMs && key.expiresAtMs - nowMs <= SOON_MS;
}
