import { timingSafeEqual } from 'node:crypto';

import type { Database } from '../database/database.ts';
import type { HmacInSteps } from '../platform/hash.ts';
import type { PortalSchema } from '../database/schema.ts';
import type { PlanLimitColumns } from '../plans/plan-limits.ts';
import type { PolicyKeyFacts } from '../policies/policy-rule.ts';
import { hasScopes } from '../policies/stored-scopes.ts';
import type { MaybePromise } from '../usage/usage-store.ts';
import { type AllowlistReader, createAllowlistReader } from './allowlists.ts';
import { type CallRulesReader, createCallRulesReader } from './call-rules.ts';
import type { KeyFacts } from './key-facts.ts';
import { readLimits } from './read-limits.ts';
import type { Caller } from './verdict.ts';

interface KeyRow extends PlanLimitColumns {
  token_hash: Uint8Array;
  key_id: string;
  environment: Caller['environment'];
  created_at_ms: number;
  allowlist: string;
  restrictions: string;
  expires_at_ms: number | null;
  suspended_at_ms: number | null;
  revoked_at_ms: number | null;
  replaced_by_key_id: string | null;
  application_id: string;
  team_id: string;
  deleted_at_ms: number | null;
  application_suspended_at_ms: number | null;
  team_suspended_at_ms: number | null;
  subscription_id: string | null;
  plan_slug: string;
  scopes: string;
  lineage_id: string | null;
}

/**
 * A plan that is no longer offered keeps serving those who are subscribed to it.
 * The derived table and the cast keep both variables out of the planner's sight: SQLite built with STAT4 compiles a
 * join anew for every value that it could plan with, which took 55 of 63 µs.
 */
const KEY_LOOKUP = `
  select k.token_hash, k.id as key_id, k.environment, k.created_at_ms, k.allowlist, k.restrictions, k.expires_at_ms, k.suspended_at_ms,
         k.revoked_at_ms, k.replaced_by_key_id, a.id as application_id, a.team_id, a.deleted_at_ms,
         a.suspended_at_ms as application_suspended_at_ms, t.suspended_at_ms as team_suspended_at_ms,
         s.id as subscription_id, p.slug as plan_slug, p.scopes,
         p.rate_limit, p.rate_window_seconds, p.quota, p.quota_period, p.limits, k.lineage_id
  from (select token_hash, id, environment, created_at_ms, allowlist, expires_at_ms, suspended_at_ms, revoked_at_ms, application_id,
               replaced_by_key_id, restrictions, lineage_id
        from api_key where token_hash = ? limit 1) k
  join application a on a.id = k.application_id
  join team t on t.id = a.team_id
  left join subscription s
    on s.application_id = k.application_id and s.api_slug = cast(? as text) and s.ended_at_ms is null
  left join plan p on p.api_slug = s.api_slug and p.slug = s.plan_slug`;

/** How tokens are stored. Keys in memory go by the first step alone: a known key costs one hash, and no token stays. */
export interface TokenHashes {
  current: HmacInSteps;
  /** null while no pepper is being replaced. */
  previous: HmacInSteps | null;
  /** Told of a key that is still stored under the previous one. */
  onPrevious(keyId: string, formerHash: Uint8Array, tokenHash: Uint8Array): void;
}

/** Finds a key by the first step of its token's hash, in the database. */
export type KeyLookup = (begun: string, api: string, token: string) => MaybePromise<KeyFacts | null>;

export function createKeyLookup(database: Database<PortalSchema>, tokens: TokenHashes): KeyLookup {
  const lookUp = database.prepareLookup<KeyRow>(KEY_LOOKUP, ['bytea', 'text']);
  const readers: Readers = {
    readAllowlist: createAllowlistReader(),
    readCallRules: createCallRulesReader(),
    share: createSharing(),
  };
  const findByHash = (hash: Uint8Array, api: string): MaybePromise<KeyFacts | null> => {
    const row = lookUp([hash, api]);
    return row instanceof Promise ? row.then((found) => toFacts(found, hash, readers)) : toFacts(row, hash, readers);
  };
  const { current, previous } = tokens;
  const findByPrevious = (before: HmacInSteps, token: string, hash: Uint8Array, api: string) => {
    const formerHash = before.finish(before.begin(token));
    const noted = (facts: KeyFacts | null): KeyFacts | null => {
      if (facts) tokens.onPrevious(facts.caller.keyId, formerHash, hash);
      return facts;
    };
    const found = findByHash(formerHash, api);
    return found instanceof Promise ? found.then(noted) : noted(found);
  };
  return (begun, api, token) => {
    const hash = current.finish(begun);
    const found = findByHash(hash, api);
    if (!previous) return found;
    const orByPrevious = (facts: KeyFacts | null) => facts ?? findByPrevious(previous, token, hash, api);
    return found instanceof Promise ? found.then(orByPrevious) : orByPrevious(found);
  };
}

interface Readers {
  readAllowlist: AllowlistReader;
  readCallRules: CallRulesReader;
  /** The same text as an object that all keys share: what every call reads stays near. */
  share: (text: string) => string;
}

/** Texts kept; there are about as many as plans. */
const MOST_TEXTS = 10_000;

function createSharing(): Readers['share'] {
  const texts = new Map<string, string>();
  return (text) => {
    const known = texts.get(text);
    if (known !== undefined) return known;
    if (texts.size >= MOST_TEXTS) texts.clear();
    texts.set(text, text);
    return text;
  };
}

function toFacts(
  row: KeyRow | undefined,
  tokenHash: Uint8Array,
  { readAllowlist, readCallRules, share }: Readers,
): KeyFacts | null {
  if (!row || !timingSafeEqual(row.token_hash, tokenHash)) return null;
  return {
    caller: {
      keyId: row.key_id,
      applicationId: row.application_id,
      teamId: row.team_id,
      environment: row.environment === 'test' ? 'test' : 'live',
    },
    runs: null,
    lineageId: row.lineage_id ?? row.key_id,
    allowlist: readAllowlist(row.allowlist),
    rules: readCallRules(row.restrictions),
    expiresAtMs: row.expires_at_ms,
    suspendedAtMs: row.suspended_at_ms,
    ownerSuspension: ownerSuspensionOf(row),
    revokedAtMs: row.revoked_at_ms ?? row.deleted_at_ms,
    isReplaced: row.replaced_by_key_id !== null,
    policyFacts: policyFactsOf(row),
    subscription:
      row.subscription_id === null
        ? null
        : {
            id: row.subscription_id,
            planSlug: share(row.plan_slug),
            scopes: share(row.scopes),
            limits: readLimits(row),
            found: null,
            foundIn: null,
          },
  };
}

function ownerSuspensionOf(row: KeyRow): KeyFacts['ownerSuspension'] {
  if (row.application_suspended_at_ms !== null) return { of: 'application', atMs: row.application_suspended_at_ms };
  return row.team_suspended_at_ms === null ? null : { of: 'team', atMs: row.team_suspended_at_ms };
}

function policyFactsOf(row: KeyRow): PolicyKeyFacts {
  return {
    environment: row.environment,
    createdAtMs: row.created_at_ms,
    expiresAtMs: row.expires_at_ms,
    hasAllowlist: row.allowlist !== '[]',
    hasScopes: hasScopes(row.restrictions),
  };
}
