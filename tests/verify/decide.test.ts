import { describe, expect, test } from 'vitest';

import { type CallRules, createCallRulesReader } from '../../src/verify/call-rules.ts';
import { type Limits, plainLimits } from '../../src/plans/plan-limits.ts';
import { writePolicyBook } from '../../src/policies/policy-book.ts';
import { type Facts, decide } from '../../src/verify/decide.ts';
import type { RefusalCode } from '../../src/verify/verdict.ts';
import { allowlist, burstUsed, goodFacts, key, meterOf, quotaUsed, subscription } from './facts.ts';
import { NOW_MS } from './world.ts';

const readCallRules = createCallRulesReader();
const NO_RULES: CallRules = { scopes: null, methods: null, operations: null, referrers: null };

const enforcedPolicy = writePolicyBook([
  {
    id: 'pol_1',
    slug: 'scopes',
    title: 'Limited scopes',
    stage: 'enforced',
    rules: [{ kind: 'allowlist_required' }],
    dates: { announced: 1, observed: null, warned: null, enforced: 2 },
    apiSlug: null,
    planSlug: null,
    environment: 'all',
  },
]);

/** One wrong fact each, in the order in which they are checked. */
const wrongs: [code: RefusalCode, change: (facts: Facts) => Facts][] = [
  ['missing_credential', (facts) => ({ ...facts, credential: { ok: false, code: 'missing_credential' } })],
  ['unknown_key', (facts) => ({ ...facts, key: null })],
  ['key_revoked', withKey({ revokedAtMs: NOW_MS - 1 })],
  ['key_expired', withKey({ expiresAtMs: NOW_MS })],
  ['key_suspended', withKey({ suspendedAtMs: NOW_MS - 1 })],
  ['application_suspended', withKey({ ownerSuspension: { of: 'application', atMs: NOW_MS - 1 } })],
  ['address_not_allowed', (facts) => ({ ...facts, key: { ...key, allowlist } })],
  ['referrer_not_allowed', withRules({ referrers: ['https://app.example.com'] })],
  ['ambiguous_path', (facts) => ({ ...facts, target: { ...facts.target, refusal: { code: 'ambiguous_path' } } })],
  ['not_subscribed', withKey({ subscription: null })],
  ['method_not_allowed_for_key', withRules({ methods: ['POST'] })],
  [
    'operation_not_allowed_for_key',
    withRules({ operations: [{ api: 'parcels', version: 'v2', operationId: 'getParcel' }] }),
  ],
  ['insufficient_scope', withKey({ subscription: { ...subscription, scopes: 'parcels:write' } })],
  ['policy_violated', (facts) => ({ ...facts, policies: enforcedPolicy })],
  ['rate_limited', (facts) => ({ ...facts, meter: burstUsed })],
  ['quota_exceeded', (facts) => ({ ...facts, meter: quotaUsed })],
];

function withKey(columns: Partial<typeof key>): (facts: Facts) => Facts {
  return (facts) => ({ ...facts, key: { ...(facts.key ?? key), ...columns } });
}

/** Adds to the limits of the key. */
function withRules(lists: Record<string, unknown[]>): (facts: Facts) => Facts {
  const added = readCallRules(JSON.stringify(lists));
  const given = Object.entries(added ?? {}).filter(([, list]) => list !== null);
  return (facts) => {
    const known = facts.key ?? key;
    return { ...facts, key: { ...known, rules: { ...NO_RULES, ...known.rules, ...Object.fromEntries(given) } } };
  };
}

function codeOf(facts: Facts): string {
  const { verdict } = decide(facts, NOW_MS);
  return verdict.allowed ? 'allowed' : verdict.refusal.code;
}

describe('decide', () => {
  test('a call with everything in order is allowed, and told what is left after it', () => {
    const { verdict, price } = decide(goodFacts, NOW_MS);
    expect(verdict).toEqual({
      allowed: true,
      caller: key.caller,
      api: 'parcels',
      version: 'v2',
      operationId: 'listParcels',
      plan: { slug: 'free', scopes: 'parcels:read parcels:write' },
      limits: [
        {
          name: 'rate',
          kind: 'rate',
          limit: 60,
          windowSeconds: 60,
          remaining: 59,
          resetSeconds: 1,
          resetAtMs: NOW_MS + 1000,
        },
        {
          name: 'quota',
          kind: 'quota',
          limit: 100,
          windowSeconds: 31 * 86_400,
          remaining: 89,
          resetSeconds: 2_469_600,
          resetAtMs: Date.UTC(2026, 3, 1),
        },
      ],
      keyEndsAtMs: null,
      deprecation: null,
    });
    expect(price).toEqual({ cost: 1, calls: 1 });
  });

  test.each(wrongs)('%s alone refuses', (code, change) => {
    expect(codeOf(change(goodFacts))).toBe(code);
  });

  test('of two wrong facts the earlier in the order is told', () => {
    for (const [first, [code, change]] of wrongs.entries()) {
      for (const [, changeLater] of wrongs.slice(first + 1)) {
        // A key that does not exist cannot have further faults.
        if (code !== 'unknown_key') expect(codeOf(change(changeLater(goodFacts)))).toBe(code);
      }
    }
  });

  test('a refused call takes nothing from rate limit or quota', () => {
    for (const [, change] of wrongs) expect(decide(change(goodFacts), NOW_MS).price).toBeNull();
    const { verdict } = decide({ ...goodFacts, meter: quotaUsed }, NOW_MS);
    expect(verdict).toMatchObject({ refusal: { violated: [{ name: 'quota', remaining: 0 }] } });
  });

  test('a key with an allowlist and a caller without a known address: refused', () => {
    expect(codeOf({ ...goodFacts, key: { ...key, allowlist }, address: null })).toBe('address_unknown');
  });

  test('expiry is exact: the last millisecond works, the next does not', () => {
    expect(codeOf(withKey({ expiresAtMs: NOW_MS + 1 })(goodFacts))).toBe('allowed');
    expect(codeOf(withKey({ expiresAtMs: NOW_MS })(goodFacts))).toBe('key_expired');
  });

  test('an operation without scopes needs none; one with two needs both', () => {
    const operation = { operationId: 'x', method: 'GET', path: '/', scopes: [] as string[], cost: 1 };
    const asking = (scopes: string[]): Facts => ({
      ...goodFacts,
      target: { ...goodFacts.target, operation: { ...operation, scopes } },
    });
    expect(codeOf(asking([]))).toBe('allowed');
    expect(codeOf(asking(['parcels:read', 'parcels:write']))).toBe('allowed');
    const { verdict } = decide(asking(['parcels:read', 'parcels:admin']), NOW_MS);
    expect(verdict).toMatchObject({
      refusal: { code: 'insufficient_scope', plan: 'free', missing: ['parcels:admin'] },
    });
    expect(codeOf(asking(['parcels']))).toBe('insufficient_scope');
  });

  test('without usage there is no limit to check, and nothing passes', () => {
    expect(codeOf({ ...goodFacts, meter: null })).toBe('unavailable');
  });

  test('a plan that allows no calls at all allows none', () => {
    const asked = (limits: Limits): string => codeOf({ ...goodFacts, meter: meterOf({ used: 0, level: 0, limits }) });
    expect(asked(plainLimits(0, 60, 100, 'month'))).toBe('rate_limited');
    expect(asked(plainLimits(60, 60, 0, 'month'))).toBe('quota_exceeded');
  });

  test('a question that names no API is about the key alone', () => {
    const target = { refusal: null, api: '', version: '', route: null, operation: null };
    expect(decide({ ...goodFacts, target, meter: null }, NOW_MS).verdict).toMatchObject({
      allowed: true,
      plan: null,
      limits: null,
      keyEndsAtMs: null,
      deprecation: null,
    });
    expect(codeOf(withKey({ revokedAtMs: 1 })({ ...goodFacts, target, meter: null }))).toBe('key_revoked');
  });
});
