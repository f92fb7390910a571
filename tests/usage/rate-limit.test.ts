import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { RateLimit } from '../../src/plans/plan-limits.ts';
import { type Bucket, fitsAfterMs, fitsRate, levelAt, moreAfterMs, remainingOf } from '../../src/usage/rate-limit.ts';

const START_MS = Date.UTC(2026, 2, 3, 10);

function limitOf(calls: number, perSeconds: number, burst = calls): RateLimit {
  return { name: 'rate', calls, perSeconds, burst, counts: 'cost' };
}

/** Makes one call at each of these moments; returns which were allowed. */
function allowedAt(moments: readonly number[], limit: RateLimit, cost = 1): boolean[] {
  let bucket: Bucket = { level: 0, atMs: 0 };
  return moments.map((atMs) => {
    const level = levelAt(bucket, limit, atMs);
    const fits = fitsRate(level, limit, cost);
    if (fits) bucket = { level: level + cost, atMs };
    return fits;
  });
}

describe('the rate limit', () => {
  test('allows exactly the limit at once, then one call per interval, to the millisecond', () => {
    const burst = Array.from({ length: 61 }, () => START_MS);
    const moments = [...burst, START_MS + 999, START_MS + 1000, START_MS + 1000, START_MS + 1999, START_MS + 2000];
    const allowed = allowedAt(moments, limitOf(60, 60));
    expect(allowed.slice(0, 61).filter(Boolean)).toHaveLength(60);
    expect(allowed.slice(61)).toEqual([false, true, false, false, true]);
  });

  test('a burst smaller or larger than the limit is what fits at once; the pace stays that of the limit', () => {
    const many = Array.from({ length: 100 }, () => START_MS);
    for (const burst of [1, 5, 90]) {
      const allowed = allowedAt([...many, START_MS + 999, START_MS + 1000, START_MS + 1000], limitOf(60, 60, burst));
      expect(allowed.slice(0, 100).filter(Boolean)).toHaveLength(burst);
      expect(allowed.slice(100)).toEqual([false, true, false]);
    }
  });

  test.each([1, 3, 7, 1000, 99_999])('a burst of %i is exact however the interval rounds', (calls) => {
    const moments = Array.from({ length: calls + 5 }, () => START_MS);
    expect(allowedAt(moments, limitOf(calls, 1)).filter(Boolean)).toHaveLength(calls);
  });

  test('a call that costs five takes the room of five; one above the whole burst waits for all of it', () => {
    const moments = Array.from({ length: 5 }, () => START_MS);
    expect(allowedAt(moments, limitOf(12, 12), 5)).toEqual([true, true, false, false, false]);
    const dear = [START_MS, START_MS, START_MS + 29_999, START_MS + 30_000];
    expect(allowedAt(dear, limitOf(10, 10), 30)).toEqual([true, false, false, true]);
  });

  test('what it says is left can be called at once, and one more after the time that it names', () => {
    const moments = fc.array(fc.integer({ min: 0, max: 5000 }), { maxLength: 30 });
    const numbers = fc.integer({ min: 1, max: 20 });
    fc.assert(
      fc.property(moments, numbers, numbers, fc.integer({ min: 1, max: 60 }), (gaps, calls, burst, perSeconds) => {
        const limit = limitOf(calls, perSeconds, burst);
        let bucket: Bucket = { level: 0, atMs: 0 };
        let nowMs = START_MS;
        for (const gapMs of gaps) {
          nowMs += gapMs;
          const level = levelAt(bucket, limit, nowMs);
          if (fitsRate(level, limit, 1)) bucket = { level: level + 1, atMs: nowMs };
          const left = callsThatFit(bucket, limit, nowMs);
          const now = levelAt(bucket, limit, nowMs);
          expect(left).toBe(remainingOf(now, limit));
          const later = callsThatFit(bucket, limit, nowMs + Math.ceil(moreAfterMs(now, limit)));
          if (left < burst) expect(later).toBeGreaterThan(left);
          else expect(later).toBe(burst);
        }
      }),
    );
  });

  test('a cost fits after the time that it names, and not a millisecond before', () => {
    const costs = fc.integer({ min: 1, max: 30 });
    fc.assert(
      fc.property(costs, costs, fc.integer({ min: 1, max: 20 }), (used, cost, calls) => {
        const limit = limitOf(calls, 7);
        const bucket = { level: used, atMs: START_MS };
        const afterMs = Math.ceil(fitsAfterMs(used, limit, cost));
        expect(fitsRate(levelAt(bucket, limit, START_MS + afterMs), limit, cost)).toBe(true);
        if (afterMs > 1) expect(fitsRate(levelAt(bucket, limit, START_MS + afterMs - 2), limit, cost)).toBe(false);
      }),
    );
  });

  test('never more than the burst plus what grew back', () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 3000 }), { maxLength: 200 });
    fc.assert(
      fc.property(gaps, fc.integer({ min: 1, max: 10 }), fc.integer({ min: 1, max: 20 }), (some, calls, burst) => {
        let atMs = START_MS;
        const moments = some.map((gapMs) => (atMs += gapMs));
        const allowed = allowedAt(moments, limitOf(calls, 10, burst)).filter(Boolean).length;
        expect(allowed).toBeLessThanOrEqual(burst + ((atMs - START_MS) * calls) / 10_000 + 1e-6);
      }),
    );
  });

  test('a limit of nothing allows nothing and names a finite time', () => {
    expect(fitsRate(0, limitOf(0, 60), 1)).toBe(false);
    expect(fitsAfterMs(0, limitOf(0, 60), 1)).toBe(60_000);
  });

  test('a clock that goes back gives nothing back, and takes nothing', () => {
    expect(levelAt({ level: 3, atMs: START_MS }, limitOf(10, 10), START_MS - 86_400_000)).toBe(3);
  });
});

function callsThatFit(start: Bucket, limit: RateLimit, nowMs: number): number {
  let level = levelAt(start, limit, nowMs);
  for (let calls = 0; ; calls += 1) {
    if (!fitsRate(level, limit, 1)) return calls;
    level += 1;
  }
}
