import { describe, expect, test } from 'vitest';

import type { ApiKey } from '../../src/keys/api-key.ts';
import { UNRESTRICTED } from '../../src/key-restrictions/key-restrictions.ts';
import { NO_LIMITS, plainLimits } from '../../src/plans/plan-limits.ts';
import { differencesOf } from '../../src/tyk/tyk-difference.ts';
import { type TykKeyFacts, type TykSubscription, wantedInTyk } from '../../src/tyk/tyk-session.ts';
import { grantedUrls } from '../../src/tyk/tyk-urls.ts';

const NOW_MS = Date.UTC(2026, 10, 24, 10);
const HOUR_MS = 3_600_000;

const key: ApiKey = {
  ...UNRESTRICTED,
  id: 'key_1',
  applicationId: 'app_1',
  name: 'Depot',
  environment: 'live',
  firstFour: 'aaaa',
  lastFour: 'zzzz',
  createdAtMs: 0,
  expiresAtMs: null,
  suspendedAtMs: null,
  revokedAtMs: null,
  revokeReason: null,
  suspendReason: null,
  replaced: null,
  rotationIntervalDays: null,
  unconfirmedSinceMs: null,
  suspendCause: null,
  resumedAtMs: null,
  exposedAtMs: null,
};

const operation = (method: string, path: string, ...scopes: string[]) => ({
  version: 'v2',
  operationId: `${method} ${path}`,
  method,
  path,
  scopes,
});

const parcels: TykSubscription = {
  apiSlug: 'parcels',
  apiTitle: 'Parcels',
  scopes: ['read'],
  limits: plainLimits(100, 60, 10_000, 'month'),
  operations: [
    operation('GET', '/parcels', 'read'),
    operation('POST', '/parcels', 'write'),
    operation('GET', '/parcels/{parcelId}.json', 'read'),
  ],
};
const setup = { orgId: 'portal', apis: new Map([['parcels', 'api1']]), enforcesAddresses: false };

function wanted(change: Partial<ApiKey> = {}, facts: Partial<TykKeyFacts> = {}, more: Partial<typeof setup> = {}) {
  const all = { key: { ...key, ...change }, teamId: 'team_1', isApplicationDeleted: false, subscriptions: [parcels] };
  const found = wantedInTyk({ ...all, ...facts }, { ...setup, ...more }, NOW_MS);
  return found.kind === 'gone' ? { gone: true as const } : { ...found.session, heldBack: found.heldBack };
}

test('a working key has the limits of its plan, the paths of its scopes, and one counter with its application', () => {
  expect(wanted()).toEqual({
    org_id: 'portal',
    alias: 'key_1',
    tags: ['gatehouse'],
    meta_data: {
      portal_key_id: 'key_1',
      application: 'app_1',
      team: 'team_1',
      environment: 'live',
      allowed_cidrs: '',
      rate_limit_pattern: 'app_1',
    },
    expires: 0,
    is_inactive: false,
    rate: 100,
    per: 60,
    allowance: 100,
    quota_max: 10_000,
    quota_renewal_rate: 2_592_000,
    access_rights: {
      api1: {
        api_id: 'api1',
        api_name: 'Parcels',
        versions: ['Default'],
        allowance_scope: 'api1',
        allowed_urls: [
          { url: '/v2/parcels$', methods: ['GET', 'HEAD'] },
          { url: String.raw`/v2/parcels/[^/]+\.json$`, methods: ['GET', 'HEAD'] },
        ],
        limit: { rate: 100, per: 60, quota_max: 10_000, quota_renewal_rate: 2_592_000 },
      },
    },
    heldBack: '',
  });
});

describe('what does not work here does not work there', () => {
  test.each<[string, Partial<ApiKey>, Partial<TykKeyFacts>]>([
    ['suspended', { suspendedAtMs: NOW_MS - 1 }, {}],
    ['expired', { expiresAtMs: NOW_MS }, {}],
    ['with an IP allowlist, which Tyk cannot check', { allowlist: [{ cidr: '203.0.113.0/24', note: '' }] }, {}],
    ['restricted to pages, which Tyk cannot check', { referrers: ['https://app.example.com'] }, {}],
    ['without a subscription', {}, { subscriptions: [] }],
    ['with scopes of which its plan has none', { scopes: ['other'] }, {}],
    ['with a method that no operation has', { methods: ['DELETE'] }, {}],
    ['with a plan that allows no calls', {}, { subscriptions: [{ ...parcels, limits: plainLimits(9, 9, 0, 'day') }] }],
    ['of an API that Tyk does not have', {}, { subscriptions: [{ ...parcels, apiSlug: 'tariffs' }] }],
    ['of an API without operations', {}, { subscriptions: [{ ...parcels, operations: [] }] }],
  ])('a key %s is inactive, and still names an API: no rights at all would be all rights', (_, change, facts) => {
    const session = wanted(change, facts);
    expect(session).toMatchObject({ is_inactive: true, expires: 0 });
    expect(Object.keys('gone' in session ? {} : session.access_rights)).toEqual(['api1']);
  });

  test.each<[string, Partial<ApiKey>, Partial<TykKeyFacts>]>([
    ['revoked', { revokedAtMs: NOW_MS - 1 }, {}],
    ['of a deleted application', {}, { isApplicationDeleted: true }],
  ])('a key %s is gone', (_, change, facts) => expect(wanted(change, facts)).toEqual({ gone: true }));
});

test('where a plugin checks addresses, a key with an allowlist works and carries it', () => {
  const allowlist = [
    { cidr: '203.0.113.0/24', note: 'Office' },
    { cidr: '2001:db8::/32', note: '' },
  ];
  expect(wanted({ allowlist }, {}, { enforcesAddresses: true })).toMatchObject({
    is_inactive: false,
    meta_data: { allowed_cidrs: '203.0.113.0/24,2001:db8::/32' },
  });
});

test('a key in its overlap ends by date, in whole seconds and never later', () => {
  const replaced = { byKeyId: 'key_2', atMs: NOW_MS, formerExpiresAtMs: null };
  expect(wanted({ replaced, expiresAtMs: NOW_MS + HOUR_MS + 999 })).toMatchObject({
    is_inactive: false,
    expires: (NOW_MS + HOUR_MS) / 1000,
  });
});

test('a plan without limits is unlimited, not nothing', () => {
  const limits = { ...NO_LIMITS, perKey: NO_LIMITS, operations: {} };
  expect(wanted({}, { subscriptions: [{ ...parcels, limits }] })).toMatchObject({ is_inactive: false, quota_max: -1 });
});

describe('the paths that a key may call', () => {
  test('are narrowed by its own operations and methods; GET includes HEAD', () => {
    const [list, create] = parcels.operations;
    const operations = [{ api: 'parcels', version: 'v2', operationId: list?.operationId ?? '' }];
    expect(wanted({ operations })).toMatchObject({
      access_rights: { api1: { allowed_urls: [{ url: '/v2/parcels$', methods: ['GET', 'HEAD'] }] } },
    });
    expect(grantedUrls([...(list ? [list] : []), ...(create ? [create] : [])], ['POST'])).toEqual([
      { url: '/v2/parcels$', methods: ['POST'] },
    ]);
    expect(grantedUrls(list ? [list] : [], ['GET'])).toEqual([{ url: '/v2/parcels$', methods: ['GET', 'HEAD'] }]);
    expect(grantedUrls(list ? [list] : [], ['HEAD'])).toEqual([{ url: '/v2/parcels$', methods: ['HEAD'] }]);
  });

  test('are expressions in which every other character means itself: one that does not compile would allow all', () => {
    const odd = String.raw`/a.b*c+(d)[e]^$|f\g/{id}:cancel/{x}`;
    const [found] = grantedUrls([operation('GET', odd)], []);
    const expression = new RegExp(found?.url ?? '');
    expect(expression.test(String.raw`/v2/a.b*c+(d)[e]^$|f\g/17:cancel/y`)).toBe(true);
    expect(expression.test(String.raw`/v2/aXb*c+(d)[e]^$|f\g/17:cancel/y`)).toBe(false);
    expect(expression.test(String.raw`/v2/a.b*c+(d)[e]^$|f\g/17:cancel/y/z`)).toBe(false);
  });
});

test('a session differs in what we write, in rights too many and in meta data too many, and not in what Tyk adds', () => {
  const found = wantedInTyk(
    { key, teamId: 'team_1', isApplicationDeleted: false, subscriptions: [parcels] },
    setup,
    NOW_MS,
  );
  if (found.kind === 'gone') throw new Error('gone');
  const { session } = found;
  const stored = JSON.parse(JSON.stringify(session)) as Record<string, unknown>;
  expect(differencesOf(session, { ...stored, quota_remaining: 5, last_updated: '1', basic_auth_data: {} })).toEqual([]);
  expect(differencesOf(session, { ...stored, is_inactive: true })).toEqual(['is_inactive']);
  expect(differencesOf(session, { ...stored, access_rights: { ...session.access_rights, api2: {} } })).toEqual([
    'access_rights',
  ]);
  expect(differencesOf(session, { ...stored, meta_data: { ...session.meta_data, more: '' }, rate: 1 })).toEqual([
    'meta_data',
    'rate',
  ]);
  const { api1 } = session.access_rights;
  const opened = { api1: { ...api1, allowed_urls: [] } };
  expect(differencesOf(session, { ...stored, access_rights: opened })).toEqual(['access_rights']);
});
