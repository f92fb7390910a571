import type { ApiKey } from '../keys/api-key.ts';
import { keyStateAt } from '../keys/api-key.ts';
import { operationName } from '../key-restrictions/key-restrictions.ts';
import type { PlanLimits } from '../plans/plan-limits.ts';
import { type TykOperation, type TykUrl, grantedUrls } from './tyk-urls.ts';

/**
 * The session object of Tyk, `user.SessionState`, as far as we write it. Times are unix seconds, and a limit of zero or
 * less means none.
 */
export interface TykSession {
  org_id: string;
  alias: string;
  tags: readonly string[];
  /** Texts only: middleware in JavaScript turns every value into one. */
  meta_data: Readonly<Record<string, string>>;
  /** 0: never. */
  expires: number;
  is_inactive: boolean;
  rate: number;
  per: number;
  allowance: number;
  quota_max: number;
  quota_renewal_rate: number;
  access_rights: Readonly<Record<string, TykAccess>>;
}

export interface TykAccess {
  api_id: string;
  api_name: string;
  versions: readonly string[];
  /** What is absent or empty allows every path. */
  allowed_urls: readonly TykUrl[];
  allowance_scope: string;
  limit: TykLimit;
}

export interface TykLimit {
  rate: number;
  per: number;
  quota_max: number;
  quota_renewal_rate: number;
}

/** How this Tyk is set up. */
export interface TykSetup {
  /** The same as in the API definitions, and never empty: else Tyk does not find a key under its SHA-256. */
  orgId: string;
  /** Our API -> Tyk's `api_id`. */
  apis: ReadonlyMap<string, string>;
  /** Whether something in Tyk enforces `meta_data.allowed_cidrs`; Tyk itself has no rule of addresses for one key. */
  enforcesAddresses: boolean;
}

/** Everything that the session of a key is made of. */
export interface TykKeyFacts {
  key: ApiKey;
  teamId: string;
  isApplicationDeleted: boolean;
  subscriptions: readonly TykSubscription[];
}

export interface TykSubscription {
  apiSlug: string;
  apiTitle: string;
  scopes: readonly string[];
  limits: PlanLimits;
  operations: readonly TykOperation[];
}

/** Why a key that works here is inactive in Tyk: nothing that Tyk cannot enforce is left to chance. */
export type HeldBack = '' | 'no_subscription' | 'addresses' | 'referrers';

export type Wanted = { kind: 'gone' } | { kind: 'kept'; session: TykSession; heldBack: HeldBack };

/**
 * What Tyk should have for a key. A revoked key is to be gone. Every other one stays, inactive while it does not work:
 * a past `expires` would be ignored, and a key without access rights would be refused or open every API.
 */
export function wantedInTyk(facts: TykKeyFacts, setup: TykSetup, nowMs: number): Wanted {
  const { key } = facts;
  const state = keyStateAt(key, nowMs);
  if (state === 'revoked' || facts.isApplicationDeleted) return { kind: 'gone' };
  const granted = facts.subscriptions.flatMap((subscription) => accessTo(subscription, key, setup) ?? []);
  const heldBack = state === 'active' ? holdBack(key, granted.length, setup) : '';
  const rights = granted.length > 0 ? granted : [...setup.apis].map(([slug, apiId]) => closedAccess(slug, apiId));
  return {
    kind: 'kept',
    heldBack,
    session: sessionOf(facts, rights, setup, state === 'active' && heldBack === '', nowMs),
  };
}

function holdBack(key: ApiKey, grantedApis: number, { enforcesAddresses }: TykSetup): HeldBack {
  if (grantedApis === 0) return 'no_subscription';
  if (key.allowlist.length > 0 && !enforcesAddresses) return 'addresses';
  return key.referrers.length > 0 ? 'referrers' : '';
}

function sessionOf(
  { key, teamId }: TykKeyFacts,
  rights: readonly TykAccess[],
  { orgId }: TykSetup,
  isActive: boolean,
  nowMs: number,
): TykSession {
  const limit = rights[0]?.limit ?? NO_LIMIT;
  const ended = key.expiresAtMs !== null && key.expiresAtMs <= nowMs;
  return {
    org_id: orgId,
    alias: key.id,
    tags: ['gatehouse'],
    meta_data: {
      portal_key_id: key.id,
      application: key.applicationId,
      team: teamId,
      environment: key.environment,
      allowed_cidrs: key.allowlist.map(({ cidr }) => cidr).join(','),
      // Old and new key of a rotation, and all others of the application, share one counter for each API.
      rate_limit_pattern: key.applicationId,
    },
    expires: key.expiresAtMs === null || ended ? 0 : Math.floor(key.expiresAtMs / 1000),
    is_inactive: !isActive,
    rate: limit.rate,
    per: limit.per,
    allowance: limit.rate,
    quota_max: limit.quota_max,
    quota_renewal_rate: limit.quota_renewal_rate,
    access_rights: Object.fromEntries(rights.map((access) => [access.api_id, access])),
  };
}

const NO_LIMIT: TykLimit = { rate: 0, per: 0, quota_max: -1, quota_renewal_rate: 0 };
const PERIOD_SECONDS = { day: 86_400, month: 2_592_000 };

/** null when the plan, or the key's own restrictions, leave nothing of the API that the key may call. */
function accessTo(subscription: TykSubscription, key: ApiKey, { apis }: TykSetup): TykAccess | null {
  const apiId = apis.get(subscription.apiSlug);
  const limit = limitOf(subscription.limits);
  if (apiId === undefined || limit === null) return null;
  const scopes = subscription.scopes.filter((scope) => key.scopes.length === 0 || key.scopes.includes(scope));
  const chosen = new Set(key.operations.map(operationName));
  const operations = subscription.operations.filter(
    (operation) =>
      operation.scopes.every((scope) => scopes.includes(scope)) &&
      (chosen.size === 0 || chosen.has(operationName({ api: subscription.apiSlug, ...operation }))),
  );
  const allowed_urls = grantedUrls(operations, key.methods);
  if (allowed_urls.length === 0) return null;
  const access = { api_id: apiId, api_name: subscription.apiTitle, versions: ['Default'], allowance_scope: apiId };
  return { ...access, allowed_urls, limit };
}

/** Rights that open nothing, for a session that is inactive besides. */
function closedAccess(slug: string, apiId: string): TykAccess {
  const allowed_urls = [{ url: '^$', methods: ['GET'] }];
  return {
    api_id: apiId,
    api_name: slug,
    versions: ['Default'],
    allowance_scope: apiId,
    allowed_urls,
    limit: NO_LIMIT,
  };
}

/** The first rate limit and the first quota of a plan: Tyk has one of each. null when one of them allows no call. */
function limitOf({ rateLimits, quotas }: PlanLimits): TykLimit | null {
  const [rate] = rateLimits;
  const [quota] = quotas;
  if (rate?.calls === 0 || quota?.calls === 0) return null;
  return {
    rate: rate?.calls ?? NO_LIMIT.rate,
    per: rate?.perSeconds ?? NO_LIMIT.per,
    quota_max: quota?.calls ?? NO_LIMIT.quota_max,
    quota_renewal_rate: quota ? PERIOD_SECONDS[quota.per] : NO_LIMIT.quota_renewal_rate,
  };
}
