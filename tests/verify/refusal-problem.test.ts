import { describe, expect, test } from 'vitest';

import { problemBody } from '../../src/platform/problem.ts';
import { exactTime, refusalHeaders, refusalProblem } from '../../src/verify/refusal-problem.ts';
import { type LimitState, type Refusal, type RefusalCode, refusals, refused } from '../../src/verify/verdict.ts';
import { asciiJson } from '../../src/verify/verdict-headers.ts';
import { NOW_MS } from './world.ts';

const rate: LimitState = {
  name: 'rate',
  kind: 'rate',
  limit: 60,
  windowSeconds: 60,
  remaining: 0,
  resetSeconds: 7,
  resetAtMs: NOW_MS + 7000,
};
const quota: LimitState = {
  name: 'quota',
  kind: 'quota',
  limit: 100,
  windowSeconds: 86_400,
  remaining: 0,
  resetSeconds: 50_400,
  resetAtMs: Date.UTC(2026, 2, 4),
};

function overLimit(code: 'rate_limited' | 'quota_exceeded', violated: LimitState): Refusal {
  return { code, limits: [rate, quota], violated: [violated], retryAfterSeconds: violated.resetSeconds };
}

function problemOf(refusal: Refusal) {
  return refusalProblem(refused(null, refusal));
}

describe('what a refusal tells', () => {
  test.each<[Refusal, string]>([
    [{ code: 'key_expired', atMs: NOW_MS }, 'This key expired on 3 March 2026 at 10:00 UTC.'],
    [{ code: 'key_revoked', atMs: NOW_MS }, 'This key was revoked on 3 March 2026 at 10:00 UTC.'],
    [{ code: 'address_not_allowed', address: '203.0.113.9' }, "203.0.113.9 is not on this key's allowlist."],
    [
      { code: 'insufficient_scope', plan: 'free', missing: ['parcels:write'], isLimitedByKey: false },
      'The plan "free" does not include: parcels:write.',
    ],
    [
      { code: 'insufficient_scope', plan: 'free', missing: ['parcels:write'], isLimitedByKey: true },
      'This key is limited to other scopes than: parcels:write.',
    ],
    [
      { code: 'referrer_not_allowed', site: 'https://a.example' },
      'https://a.example is not among the sites of this key.',
    ],
    [
      { code: 'referrer_not_allowed', site: null },
      'This key works only on the pages of certain sites, and the call does not say',
    ],
    [{ code: 'method_not_allowed_for_key', method: 'POST' }, 'This key must not be used with POST.'],
    [
      { code: 'operation_not_allowed_for_key', operationId: 'purge' },
      'This key must not be used for the operation "purge".',
    ],
    [overLimit('rate_limited', rate), 'The plan allows 60 calls in 60 seconds.'],
    [
      overLimit('quota_exceeded', quota),
      'All 100 calls of this period are used; the quota renews on 4 March 2026 at 00:00 UTC.',
    ],
  ])('%o names the fact', (refusal, fact) => {
    expect(problemOf(refusal).detail.startsWith(fact)).toBe(true);
  });

  test('every code has a client or server error status, texts, and a remedy in its detail', () => {
    for (const code of Object.keys(refusals) as RefusalCode[]) {
      const { status, title, explanation, remedy } = refusals[code];
      expect(status).toBeGreaterThanOrEqual(400);
      for (const text of [title, explanation, remedy]) expect(text).toMatch(/^[A-Z"].{4,}/);
      const problem = problemOf({
        code,
        atMs: 0,
        untilMs: 0,
        sunsetAtMs: 0,
        successor: null,
        address: '',
        api: 'x',
        version: 'y',
        plan: '',
        missing: [],
        isLimitedByKey: false,
        violation: {
          policyId: 'pol_1',
          slug: 'no-basic',
          title: 'No Basic',
          rule: 'basic_refused',
          stage: 'enforced',
          enforcedAtMs: 0,
        },
        site: null,
        method: null,
        operationId: null,
        limits: [],
        violated: [],
        retryAfterSeconds: 1,
        // More codes than the compiler compares one by one.
      } as Refusal);
      expect(problem.detail.endsWith(remedy)).toBe(true);
      expect(problemBody(problem, 'http://portal.test')).toMatchObject({
        type: `http://portal.test/errors/${code}`,
        code,
        status,
      });
    }
  });

  test('only a 401 challenges, and only a wrong credential is called invalid', () => {
    expect(refusalHeaders(refused(null, { code: 'missing_credential' }))).toEqual([
      'WWW-Authenticate',
      'Bearer realm="gatehouse", Basic realm="gatehouse", charset="UTF-8"',
    ]);
    expect(refusalHeaders(refused(null, { code: 'unknown_key' }))[1]).toContain('error="invalid_token"');
    expect(refusalHeaders(refused(null, { code: 'key_suspended', atMs: 0 }))).toEqual([]);
  });

  test('a 429 says when to come back, and which limits it was', () => {
    expect(refusalHeaders(refused(null, overLimit('rate_limited', rate)))).toEqual(['Retry-After', '7']);
    expect(refusalHeaders(refused(null, overLimit('quota_exceeded', quota)))).toEqual(['Retry-After', '50400']);
    expect(problemOf(overLimit('rate_limited', rate)).extra).toEqual({
      'violated-policies': ['rate'],
      'retry-after-seconds': 7,
    });
  });
});

test('exact times are in UTC, to the minute', () => {
  expect(exactTime(Date.UTC(2026, 11, 31, 23, 59, 59, 999))).toBe('31 December 2026 at 23:59 UTC');
});

test('JSON for a header is one line of ASCII that means the same', () => {
  const value = { text: 'ü\r\n"\u2028 😀', nested: [1] };
  expect(asciiJson(value)).toMatch(/^[\x20-\x7e]+$/);
  expect(JSON.parse(asciiJson(value))).toEqual(value);
});
