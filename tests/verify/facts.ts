import { parseIpAddress } from '../../src/platform/ip-address.ts';
import { createAllowlistReader } from '../../src/verify/allowlists.ts';
import type { Facts } from '../../src/verify/decide.ts';
import type { RouteVersion } from '../../src/verify/route-table.ts';
import type { KeyFacts, SubscriptionFacts } from '../../src/verify/verification-store.ts';
import { NOW_MS } from './world.ts';

export const subscription: SubscriptionFacts = {
  id: 'sub_1',
  planSlug: 'free',
  scopes: 'parcels:read parcels:write',
  rateLimit: 60,
  rateWindowSeconds: 60,
  quota: 100,
  quotaPeriod: 'month',
};

export const key: KeyFacts = {
  caller: { keyId: 'key_1', applicationId: 'app_1', teamId: 'team_1', environment: 'live' },
  allowlist: '[]',
  expiresAtMs: null,
  suspendedAtMs: null,
  revokedAtMs: null,
  isReplaced: false,
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
  allowlist: null,
  address: parseIpAddress('203.0.113.9'),
  target: {
    refusal: null,
    api: 'parcels',
    version: 'v2',
    route,
    operation: { operationId: 'listParcels', method: 'GET', path: '/parcels', scopes: ['parcels:read'] },
  },
  counted: {
    window: { startMs: Date.UTC(2026, 2, 1), endMs: Date.UTC(2026, 3, 1) },
    used: 10,
    burst: { calls: 0, atMs: 0 },
  },
};

export const allowlist = createAllowlistReader()('["10.0.0.0/8"]');

/** The rate limit's burst is used up. */
export const burstUsed = { ...goodFacts.counted, burst: { calls: 60, atMs: NOW_MS } } as NonNullable<Facts['counted']>;
/** The quota is used up. */
export const quotaUsed = { ...goodFacts.counted, used: 100 } as NonNullable<Facts['counted']>;
