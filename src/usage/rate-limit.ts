/** What the generic cell rate algorithm says about one more call. */
export interface RateState {
  allowed: boolean;
  /** Theoretical arrival time to keep when the call is made. */
  nextArrivalMs: number;
  /** Calls left in the burst after this one. */
  remaining: number;
  /** Until one more call fits. */
  resetMs: number;
}

/**
 * Generic cell rate algorithm (ITU-T I.371): an unused allowance is a burst of `limit` calls, and it grows back evenly,
 * one call every `windowSeconds / limit`.
 * @param arrivalMs theoretical arrival time kept from the last call; 0 when there was none
 */
export function rateStateAt(arrivalMs: number, limit: number, windowSeconds: number, nowMs: number): RateState {
  const windowMs = windowSeconds * 1000;
  if (limit < 1) return { allowed: false, nextArrivalMs: arrivalMs, remaining: 0, resetMs: windowMs };
  const intervalMs = windowMs / limit;
  // Never further ahead than one full burst: a clock that jumped back must not lock anybody out for longer.
  const current = Math.min(Math.max(arrivalMs, nowMs), nowMs + windowMs);
  const next = current + intervalMs;
  // A thousandth of a millisecond for the rounding of intervals such as 1000/3 ms.
  const remaining = Math.floor((nowMs + windowMs - next) / intervalMs + 1e-3);
  if (remaining < 0) {
    return { allowed: false, nextArrivalMs: current, remaining: 0, resetMs: Math.max(0, next - nowMs - windowMs) };
  }
  const resetMs = Math.max(0, next - nowMs - (limit - remaining - 1) * intervalMs);
  return { allowed: true, nextArrivalMs: next, remaining, resetMs };
}
