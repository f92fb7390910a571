import { timingSafeEqual } from 'node:crypto';

import type { Database } from '../platform/database.ts';
import type { HmacInSteps } from '../platform/hash.ts';
import type { Allowlist } from '../platform/ip-address.ts';
import type { PortalSchema } from '../platform/schema.ts';
import type { PlanLimitColumns, PlanLimits } from '../plans/plan-limits.ts';
import type { PolicyKeyFacts } from '../policies/policy-rule.ts';
import { type AllowlistReader, createAllowlistReader } from './allowlists.ts';
import { type CallRules, type CallRulesReader, createCallRulesReader } from './call-rules.ts';
import { type KeyMemory, rememberUntilCommit } from './key-memory.ts';
import { hasScopes } from '../policies/stored-scopes.ts';
import { readLimits } from './read-limits.ts';
import type { RouteOperation, RouteVersion } from './route-table.ts';
import type { Caller } from './verdict.ts';
import { deprecationOf, endingOf, withEnds } from './version-ends.ts';

/** What the database knows about a key and its application's plan on one API, at the moment of the call. */
export interface KeyFacts {
  caller: Caller;
  /** The first key of its chain of rotations: limits per key are counted for it. */
  lineageId: string;
  /** null when it allows any address. */
  allowlist: Allowlist | null;
  /** What else it is limited to; null for nothing. */
  rules: CallRules | null;
  expiresAtMs: number | null;
  suspendedAtMs: number | null;
  /** Of the application or its team, by an owner; null while neither is. */
  ownerSuspension: { of: 'application' | 'team'; atMs: number } | null;
  /** Also set when the application was deleted. */
  revokedAtMs: number | null;
  /** Rotated: it ends at `expiresAtMs`, when another key has taken its place. */
  isReplaced: boolean;
  /** What security policies look at. */
  policyFacts: PolicyKeyFacts;
  /** null: not subscribed to the API that was asked for. */
  subscription: SubscriptionFacts | null;
}

export interface SubscriptionFacts {
  id: string;
  planSlug: string;
  /** Space-separated. */
  scopes: string;
  /** The same object as long as the plan's limits stay the same. */
  limits: PlanLimits;
}

/** Reads of the verifier: one look-up per call, and the routes whenever they changed. It writes nothing. */
export interface VerificationStore {
  /** Never older than the last commit, so that a revocation counts from the moment it is committed. */
  findKey(token: string, api: string): KeyFacts | null | Promise<KeyFacts | null>;
  /** Lets look-ups that `work` makes before it returns share one question for the last commit, asked at its start. */
  together(work: () => void): void;
  /** Changes whenever `loadRoutes` would answer differently. */
  routesFingerprint(): Promise<string>;
  loadRoutes(): Promise<readonly RouteVersion[]>;
}

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

const ROUTE_COLUMNS = [
  'api_slug',
  'version',
  'lifecycle',
  'upstream_url',
  'deprecated_at_ms',
  'sunset_at_ms',
  'gone_after_sunset',
  'brown_outs',
  'notice_slug',
  'operation_ends',
] as const;

/**
 * @param tokenHash as tokens are stored; keys in memory go by its first step alone, so that a known key costs one hash and
 * no token stays in memory
 */
export function createVerificationStore(database: Database<PortalSchema>, tokenHash: HmacInSteps): VerificationStore {
  const { kysely } = database;
  const lookUp = database.prepareLookup<KeyRow>(KEY_LOOKUP);
  const readers = { readAllowlist: createAllowlistReader(), readCallRules: createCallRulesReader() };
  const versions = kysely
    .selectFrom('api_version')
    .innerJoin('api', 'api.slug', 'api_version.api_slug')
    .where('api.removed_at_ms', 'is', null)
    .where('api_version.removed_at_ms', 'is', null)
    .orderBy('api_slug')
    .orderBy('version');
  const findKey = (begun: string, api: string): KeyFacts | null | Promise<KeyFacts | null> => {
    const hash = tokenHash.finish(begun);
    const row = lookUp([hash, api]);
    return row instanceof Promise ? row.then((found) => toFacts(found, hash, readers)) : toFacts(row, hash, readers);
  };
  const memory: KeyMemory<KeyFacts> =
    database.dialect === 'sqlite'
      ? rememberUntilCommit(lastCommitOf(database), findKey)
      : { find: findKey, together: (work) => work() };
  return {
    findKey: (token, api) => memory.find(tokenHash.begin(token), api),
    together: (work) => memory.together(work),
    async routesFingerprint() {
      const rows = await versions.select([...ROUTE_COLUMNS, 'document_sha256']).execute();
      return JSON.stringify(rows);
    },
    async loadRoutes() {
      const rows = await versions.select(ROUTE_COLUMNS).execute();
      const operations = await kysely
        .selectFrom('operation')
        .select(['api_slug', 'version', 'operation_id', 'method', 'path', 'scopes', 'cost'])
        .execute();
      const byVersion = Map.groupBy(operations, (operation) => `${operation.api_slug}/${operation.version}`);
      return rows.map((row) => ({
        api: row.api_slug,
        version: row.version,
        retired: row.lifecycle === 'retired',
        deprecation: deprecationOf(row, rows),
        ...endingOf(row),
        upstreamUrl: row.upstream_url,
        operations: withEnds((byVersion.get(`${row.api_slug}/${row.version}`) ?? []).map(toOperation), row, rows),
      }));
    },
  };
}

/** SQLite's number for what other connections have committed; PostgreSQL has none. */
function lastCommitOf(database: Database<PortalSchema>): () => unknown {
  const readVersion = database.prepareLookup<{ data_version: number }>('pragma data_version');
  return () => (readVersion([]) as { data_version: number }).data_version;
}

interface Readers {
  readAllowlist: AllowlistReader;
  readCallRules: CallRulesReader;
}

function toFacts(
  row: KeyRow | undefined,
  tokenHash: Uint8Array,
  { readAllowlist, readCallRules }: Readers,
): KeyFacts | null {
  if (!row || !timingSafeEqual(row.token_hash, tokenHash)) return null;
  return {
    caller: { keyId: row.key_id, applicationId: row.application_id, teamId: row.team_id, environment: row.environment },
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
            planSlug: row.plan_slug,
            scopes: row.scopes,
            limits: readLimits(row),
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

function toOperation(row: {
  operation_id: string;
  method: string;
  path: string;
  scopes: string;
  cost: number;
}): RouteOperation {
  return {
    operationId: row.operation_id,
    method: row.method,
    path: row.path,
    scopes: row.scopes.split(' ').filter((scope) => scope !== ''),
    cost: row.cost,
  };
}
