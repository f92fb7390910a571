import type { RateLimit } from '../plans/plan-limits.ts';

/** How much of a rate limit is used up at a moment. */
export interface Bucket {
  /** What has not grown back yet; a fraction while some is on its way. Above `burst` after a cost reported late. */
  level: number;
  atMs: number;
}

/** For the rounding of fractions; far less than what a millisecond gives back. */
const ROUNDING = 1e-9;

/**
 * Generic cell rate algorithm (ITU-T I.371) as a leaky bucket: an unused allowance is a burst, and it grows back
 * evenly, one call every `perSeconds / calls`.
 */
export function levelAt(bucket: Bucket, limit: RateLimit, nowMs: number): number {
  const elapsedMs = nowMs - bucket.atMs;
  return elapsedMs <= 0 ? bucket.level : Math.max(0, bucket.level - elapsedMs / intervalOf(limit));
}

/** Milliseconds in which one call grows back. */
export function intervalOf({ calls, perSeconds }: RateLimit): number {
  return (perSeconds * 1000) / Math.max(1, calls);
}

/** True when `cost` more fits now. A cost above the whole burst fits when nothing is used, and then takes its time. */
export function fitsRate(level: number, limit: RateLimit, cost: number): boolean {
  return level + Math.min(cost, limit.burst) <= limit.burst + ROUNDING && limit.burst > 0;
}

/** Whole calls left of the burst. */
export function remainingOf(level: number, limit: RateLimit): number {
  return Math.max(0, Math.floor(limit.burst - level + ROUNDING));
}

/** Milliseconds until one more call is left than now; 0 when all of the burst is there. */
export function moreAfterMs(level: number, limit: RateLimit): number {
  const next = remainingOf(level, limit) + 1;
  if (next > limit.burst) return limit.burst < 1 ? limit.perSeconds * 1000 : Math.max(0, level * intervalOf(limit));
  return Math.max(0, (level - limit.burst + next) * intervalOf(limit));
}

/** Milliseconds until `cost` fits. */
export function fitsAfterMs(level: number, limit: RateLimit, cost: number): number {
  if (limit.burst < 1) return limit.perSeconds * 1000;
  return Math.max(0, (level + Math.min(cost, limit.burst) - limit.burst) * intervalOf(limit));
}
