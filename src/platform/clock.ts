/** Time is an argument: use cases read it once, from here, so that expiry, quotas and sunsets are testable. */
export interface Clock {
  /** Wall clock, milliseconds since the Unix epoch. */
  nowMs(): number;
}

export const systemClock: Clock = { nowMs: () => Date.now() };

/** For measuring how long something took: never jumps, begins anywhere, fractions of milliseconds. */
export const monotonicMs = (): number => performance.now();
