import { type Allowance, spend } from '../accounts/allowance.ts';
import type { RateState } from './gate.ts';

/** Calls of one access token: 300 at once, and one more every 200 ms. */
const CALLS = 300;
const WINDOW_SECONDS = 60;
const REFILL_MS = (WINDOW_SECONDS * 1000) / CALLS;
/** More tokens than this cannot be in use; what is left over is forgotten when it has refilled. */
const REMEMBERED = 10_000;

export interface CallRate {
  /** Counts one call, unless the limit is used up. */
  take(tokenId: string, nowMs: number): { isAllowed: boolean; rate: RateState };
}

/** In memory: a restart forgets at most a minute. */
export function createCallRate(): CallRate {
  const spentUntil = new Map<string, number>();
  return {
    take(tokenId, nowMs) {
      const allowance: Allowance = { subject: tokenId, atOnce: CALLS, refillMs: REFILL_MS };
      const before = spentUntil.get(tokenId) ?? 0;
      const { spentUntilMs, waitMs } = spend(allowance, before, nowMs);
      if (waitMs > 0) return { isAllowed: false, rate: stateOf(0, waitMs) };
      if (spentUntil.size >= REMEMBERED) forgetRefilled(spentUntil, nowMs);
      spentUntil.set(tokenId, spentUntilMs);
      const used = (spentUntilMs - nowMs) / REFILL_MS;
      const remaining = Math.floor(CALLS - used);
      return { isAllowed: true, rate: stateOf(remaining, (used - (CALLS - remaining - 1)) * REFILL_MS) };
    },
  };
}

function stateOf(remaining: number, resetMs: number): RateState {
  return { limit: CALLS, windowSeconds: WINDOW_SECONDS, remaining, resetSeconds: Math.ceil(resetMs / 1000) };
}

function forgetRefilled(spentUntil: Map<string, number>, nowMs: number): void {
  for (const [tokenId, spentUntilMs] of spentUntil) if (spentUntilMs <= nowMs) spentUntil.delete(tokenId);
}
