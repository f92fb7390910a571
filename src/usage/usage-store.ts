import { type Kysely, type Transaction, sql } from 'kysely';

import type { Database } from '../platform/database.ts';
import type { UsageSchema } from '../platform/schema.ts';
import type { KeyActivity } from './usage.ts';

/** Calls that were counted in memory since the last flush. */
export interface UsageBatch {
  quotas: readonly { subscriptionId: string; windowStartMs: number; calls: number }[];
  counts: readonly UsageSchema['call_count'][];
  activities: readonly UsageSchema['key_activity'][];
}

export interface UsageStore {
  /** Calls counted against a quota so far; undefined when there were none. */
  findQuotaUsed(subscriptionId: string, windowStartMs: number): MaybePromise<number | undefined>;
  /** Adds a batch in one transaction; returns the new totals of its quotas. */
  add(batch: UsageBatch): Promise<readonly UsageSchema['quota_usage'][]>;
  /** Calls of one application since a moment, summed over hours to days (UTC). */
  countsByDay(applicationId: string, sinceMs: number): Promise<readonly DayVerdict[]>;
  countsByOperation(applicationId: string, sinceMs: number): Promise<readonly OperationVerdict[]>;
  countsByKey(applicationId: string, sinceMs: number): Promise<readonly KeyVerdict[]>;
  keyActivities(applicationId: string): Promise<readonly KeyActivity[]>;
  countAllowed(applicationIds: readonly string[], sinceMs: number): Promise<number>;
}

export type MaybePromise<T> = T | Promise<T>;

interface Sum {
  verdict: string;
  calls: number;
}
export type DayVerdict = Sum & { dayStartMs: number };
export type OperationVerdict = Sum & { apiSlug: string; version: string; operationId: string };
export type KeyVerdict = Sum & { keyId: string };

/** Rows per statement: as many as keep the number of parameters below every limit. */
const ROWS_PER_STATEMENT = 100;

export function createUsageStore(database: Database<UsageSchema>): UsageStore {
  const { kysely } = database;
  const lookUp = database.prepareLookup<{ used: number }>(
    'select used from quota_usage where subscription_id = ? and window_start_ms = ?',
  );
  return {
    findQuotaUsed(subscriptionId, windowStartMs) {
      const row = lookUp([subscriptionId, windowStartMs]);
      return row instanceof Promise ? row.then((found) => found?.used) : row?.used;
    },
    add: (batch) => kysely.transaction().execute((transaction) => addBatch(transaction, batch)),
    countsByDay: (applicationId, sinceMs) =>
      since(kysely, applicationId, sinceMs)
        .select([sql<number>`hour_start_ms - hour_start_ms % 86400000`.as('dayStartMs'), 'verdict', calls])
        .groupBy([sql`1`, 'verdict'])
        .execute(),
    countsByOperation: (applicationId, sinceMs) =>
      since(kysely, applicationId, sinceMs)
        .select(['api_slug as apiSlug', 'version', 'operation_id as operationId', 'verdict', calls])
        .groupBy(['api_slug', 'version', 'operation_id', 'verdict'])
        .execute(),
    countsByKey: (applicationId, sinceMs) =>
      since(kysely, applicationId, sinceMs)
        .select(['key_id as keyId', 'verdict', calls])
        .groupBy(['key_id', 'verdict'])
        .execute(),
    keyActivities: (applicationId) =>
      kysely
        .selectFrom('key_activity')
        .select([
          'key_id as keyId',
          'last_called_at_ms as lastCalledAtMs',
          'last_address as lastAddress',
          'last_verdict as lastVerdict',
          'leaked_in_query_at_ms as leakedInQueryAtMs',
        ])
        .where('application_id', '=', applicationId)
        .orderBy('last_called_at_ms', 'desc')
        .execute(),
    async countAllowed(applicationIds, sinceMs) {
      if (applicationIds.length === 0) return 0;
      const row = await kysely
        .selectFrom('call_count')
        .select(calls)
        .where('application_id', 'in', applicationIds)
        .where('hour_start_ms', '>=', sinceMs)
        .where('verdict', '=', 'allowed')
        .executeTakeFirst();
      return row?.calls ?? 0;
    },
  };
}

// PostgreSQL's sum of bigint is numeric, which its driver hands over as text.
const calls = sql<number>`cast(sum(calls) as bigint)`.as('calls');

function since(kysely: Kysely<UsageSchema>, applicationId: string, sinceMs: number) {
  return kysely
    .selectFrom('call_count')
    .where('application_id', '=', applicationId)
    .where('hour_start_ms', '>=', sinceMs);
}

async function addBatch(
  transaction: Transaction<UsageSchema>,
  batch: UsageBatch,
): Promise<UsageSchema['quota_usage'][]> {
  const totals: UsageSchema['quota_usage'][] = [];
  for (const rows of chunks(batch.quotas)) {
    const added = await transaction
      .insertInto('quota_usage')
      .values(
        rows.map((row) => ({
          subscription_id: row.subscriptionId,
          window_start_ms: row.windowStartMs,
          used: row.calls,
        })),
      )
      .onConflict((conflict) =>
        conflict
          .columns(['subscription_id', 'window_start_ms'])
          .doUpdateSet({ used: sql`quota_usage.used + excluded.used` }),
      )
      .returningAll()
      .execute();
    totals.push(...added);
  }
  for (const rows of chunks(batch.counts)) {
    await transaction
      .insertInto('call_count')
      .values(rows)
      .onConflict((conflict) =>
        conflict
          .columns(['application_id', 'hour_start_ms', 'key_id', 'api_slug', 'version', 'operation_id', 'verdict'])
          .doUpdateSet({ calls: sql`call_count.calls + excluded.calls` }),
      )
      .execute();
  }
  for (const rows of chunks(batch.activities)) {
    await transaction
      .insertInto('key_activity')
      .values(rows)
      .onConflict((conflict) =>
        conflict.column('key_id').doUpdateSet({
          last_called_at_ms: sql`excluded.last_called_at_ms`,
          last_address: sql`excluded.last_address`,
          last_verdict: sql`excluded.last_verdict`,
          leaked_in_query_at_ms: sql`coalesce(excluded.leaked_in_query_at_ms, key_activity.leaked_in_query_at_ms)`,
        }),
      )
      .execute();
  }
  return totals;
}

function* chunks<Row>(rows: readonly Row[]): Generator<readonly Row[]> {
  for (let start = 0; start < rows.length; start += ROWS_PER_STATEMENT)
    yield rows.slice(start, start + ROWS_PER_STATEMENT);
}
