import { describe, expect, test } from 'vitest';

import { type Limits, type PlanLimits, type Quota, type RateLimit, plainLimits } from '../../src/plans/plan-limits.ts';
import { type Price, decideLimits, priceOf } from '../../src/verify/decide-limits.ts';
import { limitHeaders } from '../../src/verify/verdict-headers.ts';
import { meterOf } from './facts.ts';
import { NOW_MS } from './world.ts';

const one: Price = { cost: 1, calls: 1 };
const plain = plainLimits(60, 60, 100, 'month');

function rate(calls: number, perSeconds: number, more: Partial<RateLimit> = {}): RateLimit {
  return { name: `rate-${perSeconds}s`, calls, perSeconds, burst: calls, counts: 'cost', ...more };
}

function quota(calls: number, more: Partial<Quota> = {}): Quota {
  const base = {
    name: 'quota',
    per: 'month',
    timeZone: 'UTC',
    hard: false,
    overrunPercent: 0,
    counts: 'cost',
  } as const;
  return { ...base, calls, ...more };
}

interface Asked {
  used?: number;
  level?: number;
  price?: Price;
}

function decide(limits: Limits, { used = 0, level = 0, price = one }: Asked = {}) {
  return decideLimits(meterOf({ used, level, limits }), price, NOW_MS);
}

function codeOf(...asked: Parameters<typeof decide>): string {
  const decided = decide(...asked);
  return decided.ok ? 'allowed' : decided.refusal.code;
}

describe('several limits', () => {
  const limits = { rateLimits: [rate(10, 1), rate(60, 60)], quotas: [quota(100)] };

  test('all have to fit, and a refusal names each that does not', () => {
    expect(codeOf(limits, { level: 9 })).toBe('allowed');
    const decided = decide(limits, { level: 60 });
    expect(decided).toMatchObject({
      ok: false,
      refusal: { code: 'rate_limited', violated: [{ name: 'rate-1s' }, { name: 'rate-60s' }] },
    });
  });

  test('Retry-After is when the call fits all of them, and never before the reset of one that it broke', () => {
    const decided = decide({ rateLimits: [rate(1, 60), rate(60, 60)], quotas: [quota(100)] }, { level: 1, used: 100 });
    if (decided.ok || !('violated' in decided.refusal)) throw new Error('allowed');
    const { violated, retryAfterSeconds } = decided.refusal;
    expect(violated.map(({ name }) => name)).toEqual(['rate-60s', 'quota']);
    for (const { resetSeconds } of violated) expect(retryAfterSeconds).toBeGreaterThanOrEqual(resetSeconds);
    expect(retryAfterSeconds).toBe((Date.UTC(2026, 3, 1) - NOW_MS) / 1000);
  });

  test('the headers name each with what is left, and stay short with as many as a plan may have', () => {
    const decided = decide(limits);
    if (!decided.ok) throw new Error('refused');
    expect(limitHeaders(decided.limits)).toEqual([
      'RateLimit-Policy',
      '"rate-1s";q=10;w=1, "rate-60s";q=60;w=60, "quota";q=100;w=2678400',
      'RateLimit',
      '"rate-1s";r=9;t=1, "rate-60s";r=59;t=1, "quota";r=99;t=2469600',
    ]);
    const name = 'a'.repeat(24);
    const most = Array.from({ length: 24 }, (_, index) => rate(1_000_000_000, 86_400 - index, { name }));
    const longest = decide({ rateLimits: most, quotas: [] });
    if (!longest.ok) throw new Error('refused');
    for (const text of limitHeaders(longest.limits)) expect(text.length).toBeLessThan(2048);
  });

  test('of a plan without limits there are no headers', () => {
    const decided = decide({ rateLimits: [], quotas: [] });
    expect(decided).toEqual({ ok: true, limits: [] });
    expect(limitHeaders([])).toEqual([]);
  });
});

describe('costs', () => {
  const five = { cost: 5, calls: 1 } as const;

  test('take as much as they say, where the limit counts costs, and one where it counts calls', () => {
    const decided = decide(
      { rateLimits: [rate(60, 60, { counts: 'calls' }), rate(60, 30)], quotas: [quota(100)] },
      { price: five },
    );
    if (!decided.ok) throw new Error('refused');
    expect(decided.limits.map(({ remaining }) => remaining)).toEqual([59, 55, 95]);
  });

  test('that do not fit are refused though a cheaper call would pass', () => {
    expect(codeOf(plain, { used: 96, price: five })).toBe('quota_exceeded');
    expect(codeOf(plain, { used: 95, price: five })).toBe('allowed');
    expect(codeOf(plain, { level: 56, price: five })).toBe('rate_limited');
    expect(codeOf(plain, { used: 96 })).toBe('allowed');
  });

  test('of nothing pass while something is left, and take nothing', () => {
    const free = { cost: 0, calls: 1 } as const;
    expect(codeOf(plain, { used: 99, price: free })).toBe('allowed');
    expect(codeOf(plain, { used: 100, price: free })).toBe('quota_exceeded');
  });

  test('are what the program says, else the plan, else the document', () => {
    const operation = { operationId: 'create', method: 'POST', path: '/', scopes: [], cost: 3 };
    const none = { rateLimits: [], quotas: [] };
    const planned: PlanLimits = { ...plain, operations: { create: { ...none, cost: 7 }, other: { ...none, cost: 9 } } };
    expect(priceOf(2, planned, operation)).toEqual({ cost: 2, calls: 1 });
    expect(priceOf(0, planned, operation)).toEqual({ cost: 0, calls: 0 });
    expect(priceOf(null, planned, operation).cost).toBe(7);
    expect(priceOf(null, plain, operation).cost).toBe(3);
    expect(priceOf(null, planned, null).cost).toBe(1);
    const unsaid: PlanLimits = { ...plain, operations: { create: { ...none, cost: null } } };
    expect(priceOf(null, unsaid, operation).cost).toBe(3);
    expect(priceOf(null, plain, { ...operation, operationId: 'toString' }).cost).toBe(3);
  });
});

describe('hard and soft quotas', () => {
  test('a soft one passes up to its overrun, and tells that nothing of the quota is left', () => {
    const soft = { rateLimits: [], quotas: [quota(100, { overrunPercent: 10 })] };
    const decided = decide(soft, { used: 109 });
    expect(decided).toMatchObject({ ok: true, limits: [{ remaining: 0, limit: 100 }] });
    expect(codeOf(soft, { used: 110 })).toBe('quota_exceeded');
  });

  test('where a count is not known or may be lost, a soft one passes and a hard one does not', () => {
    for (const [isKnown, isKept] of [
      [false, true],
      [true, false],
    ] as const) {
      for (const hard of [false, true]) {
        const meter = meterOf({ used: 0, level: 0, limits: { rateLimits: [], quotas: [quota(100, { hard })] } });
        const quotas = meter.quotas.map((counter) => ({ ...counter, isKnown }));
        const decided = decideLimits({ ...meter, quotas, isKept }, one, NOW_MS);
        expect(decided.ok ? 'allowed' : decided.refusal.code).toBe(hard ? 'unavailable' : 'allowed');
      }
    }
  });
});
