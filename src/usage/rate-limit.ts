/** How much of a burst is used up at a moment. */
export interface Burst {
  /** Calls that have not grown back yet; a fraction while one is on its way. */
  calls: number;
  atMs: number;
}

/** What the rate limit says about one more call. */
export interface RateState {
  allowed: boolean;
  /** The burst to keep when the call is made. */
  burst: Burst;
  /** Calls left in the burst after this one. */
  remaining: number;
  /** Until one more call fits. */
  resetMs: number;
}

/** For the rounding of fractions; far less than what a millisecond gives back. */
const ROUNDING = 1e-9;

/**
 * Generic cell rate algorithm (ITU-T I.371) as a leaky bucket: an unused allowance is a burst of `limit` calls, and it
 * grows back evenly, one call every `windowSeconds / limit`.
 * @param burst as kept from the last call; not later than `nowMs`
 */
export function rateStateAt(burst: Burst, limit: number, windowSeconds: number, nowMs: number): RateState {
  const windowMs = windowSeconds * 1000;
  if (limit < 1) return { allowed: false, burst, remaining: 0, resetMs: windowMs };
  const intervalMs = windowMs / limit;
  const before = Math.max(0, burst.calls - (nowMs - burst.atMs) / intervalMs);
  const calls = before + 1;
  const remaining = Math.floor(limit - calls + ROUNDING);
  if (remaining < 0) return { allowed: false, burst, remaining: 0, resetMs: (calls - limit) * intervalMs };
  return {
    allowed: true,
    burst: { calls, atMs: nowMs },
    remaining,
    resetMs: (calls + remaining + 1 - limit) * intervalMs,
  };
}
