import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { type Burst, rateStateAt } from '../../src/usage/rate-limit.ts';

const START_MS = Date.UTC(2026, 2, 3, 10);

/** Makes one call at each of these moments; returns which were allowed. */
function allowedAt(moments: readonly number[], limit: number, windowSeconds: number): boolean[] {
  let burst: Burst = { calls: 0, atMs: 0 };
  return moments.map((atMs) => {
    const state = rateStateAt(burst, limit, windowSeconds, atMs);
    burst = state.burst;
    return state.allowed;
  });
}

describe('the rate limit', () => {
  test('allows exactly the limit at once, then one call per interval, to the millisecond', () => {
    const burst = Array.from({ length: 61 }, () => START_MS);
    const moments = [...burst, START_MS + 999, START_MS + 1000, START_MS + 1000, START_MS + 1999, START_MS + 2000];
    const allowed = allowedAt(moments, 60, 60);
    expect(allowed.slice(0, 61).filter(Boolean)).toHaveLength(60);
    expect(allowed.slice(61)).toEqual([false, true, false, false, true]);
  });

  test.each([1, 3, 7, 1000, 99_999])('a burst of %i is exact however the interval rounds', (limit) => {
    const allowed = allowedAt(
      Array.from({ length: limit + 5 }, () => START_MS),
      limit,
      1,
    );
    expect(allowed.filter(Boolean)).toHaveLength(limit);
  });

  test('what it says is left can be called at once, and one more after the time that it names', () => {
    const moments = fc.array(fc.integer({ min: 0, max: 5000 }), { maxLength: 30 });
    fc.assert(
      fc.property(
        moments,
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 60 }),
        (gaps, limit, windowSeconds) => {
          let burst: Burst = { calls: 0, atMs: 0 };
          let nowMs = START_MS;
          for (const gapMs of gaps) {
            nowMs += gapMs;
            const state = rateStateAt(burst, limit, windowSeconds, nowMs);
            burst = state.burst;
            const calls = allowedFrom(burst, limit, windowSeconds, nowMs);
            expect(calls).toBe(state.remaining);
            expect(allowedFrom(burst, limit, windowSeconds, nowMs + Math.ceil(state.resetMs))).toBeGreaterThan(calls);
          }
        },
      ),
    );
  });

  test('never more than the limit in a burst plus what grew back', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 3000 }), { maxLength: 200 }),
        fc.integer({ min: 1, max: 10 }),
        (gaps, limit) => {
          let atMs = START_MS;
          const moments = gaps.map((gapMs) => (atMs += gapMs));
          const calls = allowedAt(moments, limit, 10).filter(Boolean).length;
          expect(calls).toBeLessThanOrEqual(limit + ((atMs - START_MS) * limit) / 10_000 + 1e-6);
        },
      ),
    );
  });

  test('a limit of nothing allows nothing and names a finite time', () => {
    expect(rateStateAt({ calls: 0, atMs: 0 }, 0, 60, START_MS)).toMatchObject({ allowed: false, resetMs: 60_000 });
  });
});

function allowedFrom(start: Burst, limit: number, windowSeconds: number, nowMs: number): number {
  let burst = start;
  for (let calls = 0; ; calls += 1) {
    const state = rateStateAt(burst, limit, windowSeconds, nowMs);
    if (!state.allowed) return calls;
    burst = state.burst;
  }
}
