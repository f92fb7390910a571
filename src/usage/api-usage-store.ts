import { type ExpressionBuilder, type Kysely, sql } from 'kysely';

import { readInChunks } from '../platform/chunks.ts';
import type { Database } from '../platform/database.ts';
import type { UsageSchema } from '../platform/schema.ts';

/** Who calls what of an API, over all applications. */
export interface ApiUsageStore {
  /** One row for each key that called anything of the API within the question's times. */
  callsByKey(question: CallsQuestion): Promise<readonly NamedCalls[]>;
  /** What these keys called of the part that the question names, busiest first. */
  callsByOperation(question: CallsQuestion, keyIds: readonly string[]): Promise<readonly NamedOperationCalls[]>;
}

/** A part of an API, and times. */
export interface CallsQuestion {
  apiSlug: string;
  /** None means all of them. */
  versions: readonly string[];
  operations: readonly string[];
  sinceMs: number;
  untilMs: number;
  /** Start of "this week"; the week before began seven days earlier. */
  weekStartMs: number;
  /** null asks for those of everybody. */
  applicationIds: readonly string[] | null;
}

export interface NamedCalls {
  applicationId: string;
  keyId: string;
  /** Of the named part. */
  named: number;
  namedThisWeek: number;
  namedWeekBefore: number;
  any: number;
}

export interface NamedOperationCalls {
  keyId: string;
  version: string;
  /** '' when no operation matched. */
  operationId: string;
  calls: number;
  callsThisWeek: number;
}

/** Calls that meant this API: allowed ones, and those that come too late for a version. Refused strangers are not users. */
const MEANT = ['allowed', 'version_retired'];
const WEEK_MS = 7 * 86_400_000;

export function createApiUsageStore({ kysely }: Database<UsageSchema>): ApiUsageStore {
  return {
    callsByKey: (question) =>
      question.applicationIds === null
        ? callsByKey(kysely, question, null)
        : readInChunks(question.applicationIds, (ids) => callsByKey(kysely, question, ids)),
    async callsByOperation(question, keyIds) {
      const rows = await readInChunks(keyIds, (ids) => callsByOperation(kysely, question, ids));
      return rows.toSorted((a, b) => b.callsThisWeek - a.callsThisWeek || b.calls - a.calls);
    },
  };
}

function callsByKey(
  kysely: Kysely<UsageSchema>,
  question: CallsQuestion,
  applicationIds: readonly string[] | null,
): Promise<NamedCalls[]> {
  const { sinceMs, untilMs, weekStartMs } = question;
  const earliestMs = Math.min(sinceMs, weekStartMs - WEEK_MS);
  const rows = kysely
    .selectFrom('call_count')
    .select(['application_id as applicationId', 'key_id as keyId'])
    .select((row) => {
      const isNamed = named(row, question);
      const isWithin = (fromMs: number, toMs: number) =>
        row.and([row('hour_start_ms', '>=', fromMs), row('hour_start_ms', '<', toMs)]);
      return [
        callsWhere(row, row.and([isNamed, isWithin(sinceMs, untilMs)])).as('named'),
        callsWhere(row, row.and([isNamed, row('hour_start_ms', '>=', weekStartMs)])).as('namedThisWeek'),
        callsWhere(row, row.and([isNamed, isWithin(weekStartMs - WEEK_MS, weekStartMs)])).as('namedWeekBefore'),
        callsWhere(row, isWithin(sinceMs, untilMs)).as('any'),
      ];
    })
    .where('api_slug', '=', question.apiSlug)
    .where('hour_start_ms', '>=', earliestMs)
    .where('verdict', 'in', MEANT)
    .groupBy(['application_id', 'key_id']);
  return (applicationIds ? rows.where('application_id', 'in', applicationIds) : rows).execute();
}

function callsByOperation(
  kysely: Kysely<UsageSchema>,
  question: CallsQuestion,
  keyIds: readonly string[],
): Promise<NamedOperationCalls[]> {
  const { sinceMs, untilMs, weekStartMs } = question;
  const rows = kysely
    .selectFrom('call_count')
    .select(['key_id as keyId', 'version', 'operation_id as operationId'])
    .select((row) => [
      callsWhere(row, row('hour_start_ms', '<', untilMs)).as('calls'),
      callsWhere(row, row('hour_start_ms', '>=', weekStartMs)).as('callsThisWeek'),
    ])
    .where((row) => named(row, question))
    .where('api_slug', '=', question.apiSlug)
    .where('hour_start_ms', '>=', Math.min(sinceMs, weekStartMs))
    .where('verdict', 'in', MEANT)
    .where('key_id', 'in', keyIds)
    .groupBy(['key_id', 'version', 'operation_id']);
  const { applicationIds } = question;
  // The primary key begins with the application: without it every call of everybody would be looked at.
  return (applicationIds ? rows.where('application_id', 'in', applicationIds) : rows).execute();
}

type Row = ExpressionBuilder<UsageSchema, 'call_count'>;
type Condition = ReturnType<Row['and']>;

function named(row: Row, { versions, operations }: CallsQuestion): Condition {
  return row.and([
    ...(versions.length > 0 ? [row('version', 'in', versions)] : []),
    ...(operations.length > 0 ? [row('operation_id', 'in', operations)] : []),
  ]);
}

// PostgreSQL's sum of bigint is numeric, which its driver hands over as text.
function callsWhere(row: Row, condition: Condition) {
  return sql<number>`cast(sum(${row.case().when(condition).then(row.ref('calls')).else(0).end()}) as bigint)`;
}
