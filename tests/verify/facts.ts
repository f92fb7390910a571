import { type Limits, plainLimits } from '../../src/plans/plan-limits.ts';
import { parseIpAddress } from '../../src/platform/ip-address.ts';
import type { Meter } from '../../src/usage/meter.ts';
import { createAllowlistReader } from '../../src/verify/allowlists.ts';
import type { Facts } from '../../src/verify/decide.ts';
import type { RouteVersion } from '../../src/verify/route-table.ts';
import type { KeyFacts, SubscriptionFacts } from '../../src/verify/key-facts.ts';
import { NOW_MS } from './world.ts';

export const subscription: SubscriptionFacts = {
  id: 'sub_1',
  planSlug: 'free',
  scopes: 'parcels:read parcels:write',
  limits: plainLimits(60, 60, 100, 'month'),
};

export const key: KeyFacts = {
  caller: { keyId: 'key_1', applicationId: 'app_1', teamId: 'team_1', environment: 'live' },
  runs: null,
  lineageId: 'key_1',
  allowlist: null,
  rules: null,
  expiresAtMs: null,
  suspendedAtMs: null,
  ownerSuspension: null,
  revokedAtMs: null,
  isReplaced: false,
  policyFacts: { environment: 'live', createdAtMs: 0, expiresAtMs: null, hasAllowlist: false, hasScopes: false },
  subscription,
};

const route: RouteVersion = {
  api: 'parcels',
  version: 'v2',
  retired: false,
  deprecation: null,
  upstreamUrl: 'http://127.0.0.1:9',
  operations: [],
};

/** Everything is as it should be: `decide` allows it. */
export const goodFacts: Facts = {
  credential: { ok: true, token: 'not read by the decision' },
  key,
  address: parseIpAddress('203.0.113.9'),
  isBasic: false,
  policies: null,
  from: { origin: undefined, referrer: undefined },
  method: 'GET',
  target: {
    refusal: null,
    api: 'parcels',
    version: 'v2',
    route,
    operation: { operationId: 'listParcels', method: 'GET', path: '/parcels', scopes: ['parcels:read'], cost: 1 },
  },
  cost: null,
  meter: meterOf({ used: 10, level: 0 }),
};

export const allowlist = createAllowlistReader()('["10.0.0.0/8"]');

/** The rate limit's burst is used up. */
export const burstUsed = meterOf({ used: 10, level: 60 });
/** The quota is used up. */
export const quotaUsed = meterOf({ used: 100, level: 0 });

/** What is counted of the limits of the plan. */
export function meterOf({ used, level, limits = subscription.limits }: CountedSoFar): Meter {
  const window = { startMs: Date.UTC(2026, 2, 1), endMs: Date.UTC(2026, 3, 1) };
  return {
    rates: limits.rateLimits.map((limit) => ({ limit, level, atMs: NOW_MS })),
    quotas: limits.quotas.map((quota) => ({ quota, window, used, isKnown: true })),
    isKept: true,
  };
}

interface CountedSoFar {
  used: number;
  level: number;
  limits?: Limits;
}
