import { type AliasedExpression, type Kysely, sql } from 'kysely';

import { readInChunks } from '../platform/chunks.ts';
import type { Database } from '../database/database.ts';
import type { Measures, UsageSchema } from '../database/schema.ts';
import { MEASURE_NAMES } from './measures.ts';
import type { Grain } from './time-slots.ts';
import type { KeyActivity, KeyAddress } from './usage.ts';

/** Whose calls are asked for. */
export type UsageScope =
  | { of: 'application'; applicationId: string }
  | { of: 'key'; applicationId: string; keyId: string }
  /** Over all applications. */
  | { of: 'api'; apiSlug: string };

export interface UsageQuestion {
  scope: UsageScope;
  grain: Grain;
  /** Start of the first slot. */
  sinceMs: number;
}

export type SlotSum = Measures & { startMs: number; verdict: string };
/** `keyId` is '' over all applications. */
export type PartSum = Measures & {
  keyId: string;
  apiSlug: string;
  version: string;
  operationId: string;
  verdict: string;
};

/** What pages read of the statistics. */
export interface UsageReadingStore {
  /** Sums by slot and verdict, in no order. */
  slots(question: UsageQuestion): Promise<readonly SlotSum[]>;
  /** Sums by key, operation and verdict. */
  parts(question: UsageQuestion): Promise<readonly PartSum[]>;
  keyActivities(applicationId: string): Promise<readonly KeyActivity[]>;
  /** From where a key was used, newest first. */
  addresses(keyId: string, limit: number): Promise<readonly KeyAddress[]>;
  countAllowed(applicationIds: readonly string[], dayStartMs: number): Promise<number>;
}

export function createUsageReadingStore({ kysely }: Database<UsageSchema>): UsageReadingStore {
  return {
    slots: (question) =>
      rowsOf(kysely, question)
        .select(['start_ms as startMs', 'verdict'])
        .select(sums)
        .groupBy(['start_ms', 'verdict'])
        .execute(),
    parts: (question) =>
      rowsOf(kysely, question)
        .select(['key_id as keyId', 'api_slug as apiSlug', 'version', 'operation_id as operationId', 'verdict'])
        .select(sums)
        .groupBy(['key_id', 'api_slug', 'version', 'operation_id', 'verdict'])
        .execute(),
    keyActivities: (applicationId) =>
      kysely
        .selectFrom('key_activity')
        .select([
          'key_id as keyId',
          'first_called_at_ms as firstCalledAtMs',
          'last_called_at_ms as lastCalledAtMs',
          'last_allowed_at_ms as lastAllowedAtMs',
          'last_address as lastAddress',
          'last_verdict as lastVerdict',
          'leaked_in_query_at_ms as leakedInQueryAtMs',
        ])
        .where('application_id', '=', applicationId)
        .orderBy('last_called_at_ms', 'desc')
        .execute(),
    addresses: (keyId, limit) =>
      kysely
        .selectFrom('key_address')
        .select(['address', 'first_seen_at_ms as firstSeenAtMs', 'last_seen_at_ms as lastSeenAtMs', 'calls'])
        .where('key_id', '=', keyId)
        .orderBy('last_seen_at_ms', 'desc')
        .limit(limit)
        .execute(),
    async countAllowed(applicationIds, dayStartMs) {
      const rows = await readInChunks(applicationIds, (ids) =>
        kysely
          .selectFrom('call_total')
          .select(sql<number>`coalesce(cast(sum(calls) as bigint), 0)`.as('calls'))
          .where('application_id', 'in', ids)
          .where('grain', '=', 'day')
          .where('start_ms', '>=', dayStartMs)
          .where('verdict', '=', 'allowed')
          .execute(),
      );
      return rows.reduce((total, row) => total + row.calls, 0);
    },
  };
}

const sums = MEASURE_NAMES.map((name) => sum(name).as(name));

// PostgreSQL's sum of bigint is numeric, which its driver hands over as text.
function sum(name: keyof Measures) {
  return sql<number>`cast(sum(${sql.ref(name)}) as bigint)`;
}

interface Row extends Measures {
  start_ms: number;
  key_id: string;
  api_slug: string;
  version: string;
  operation_id: string;
  verdict: string;
}

const COLUMNS = ['api_slug', 'start_ms', 'version', 'operation_id', 'verdict', ...MEASURE_NAMES] as const;

/** All rows of a scope. The primary keys begin with what is asked for, so that a long history costs nothing. */
function rowsOf(kysely: Kysely<UsageSchema>, question: UsageQuestion) {
  const { scope } = question;
  const rows: AliasedExpression<Row, 'row'> =
    scope.of === 'api' ? apiRows(kysely, scope.apiSlug, question) : applicationRows(kysely, scope, question);
  return kysely.selectFrom(rows);
}

function apiRows(kysely: Kysely<UsageSchema>, apiSlug: string, { grain, sinceMs }: UsageQuestion) {
  return kysely
    .selectFrom('api_total')
    .select(COLUMNS)
    .select(sql<string>`''`.as('key_id'))
    .where('api_slug', '=', apiSlug)
    .where('grain', '=', grain)
    .where('start_ms', '>=', sinceMs)
    .as('row');
}

function applicationRows(
  kysely: Kysely<UsageSchema>,
  scope: Exclude<UsageScope, { of: 'api' }>,
  { grain, sinceMs }: UsageQuestion,
) {
  const rows = kysely
    .selectFrom('call_total')
    .select(COLUMNS)
    .select('key_id')
    .where('application_id', '=', scope.applicationId)
    .where('grain', '=', grain)
    .where('start_ms', '>=', sinceMs);
  return (scope.of === 'key' ? rows.where('key_id', '=', scope.keyId) : rows).as('row');
}
