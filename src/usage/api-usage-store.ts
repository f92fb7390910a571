import { setImmediate as nextTurn } from 'node:timers/promises';

import { type Expression, type ExpressionBuilder, type Kysely, type SqlBool, sql } from 'kysely';

import { readInChunks } from '../platform/chunks.ts';
import type { Database } from '../database/database.ts';
import type { UsageSchema } from '../database/schema.ts';
import { blocksOf, daysOfBlock } from './caller-days.ts';
import { DAY_MS, slotStart } from './time-slots.ts';

/** Who calls what of an API, over all applications. */
export interface ApiUsageStore {
  /** One row for each key that called anything of the API within the question's times. */
  callsByKey(question: CallsQuestion): Promise<readonly NamedCalls[]>;
  /** What these keys called of the part that the question names, busiest first. */
  callsByOperation(question: CallsQuestion, keyIds: readonly string[]): Promise<readonly NamedOperationCalls[]>;
}

/** A part of an API, and times; calls are known by the day (UTC). */
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

const WEEK_MS = 7 * DAY_MS;

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

/** Block by block: rows of one come in the order in which they are summed, and the process has a turn after each. */
async function callsByKey(
  kysely: Kysely<UsageSchema>,
  question: CallsQuestion,
  applicationIds: readonly string[] | null,
): Promise<NamedCalls[]> {
  const { reach, thisWeek, weekBefore } = inDays(question);
  const byKey = new Map<string, NamedCalls>();
  for (const block of blocksWith([reach, thisWeek, weekBefore])) {
    const rows = callers(kysely, question.apiSlug, [block])
      .select(['application_id as applicationId', 'key_id as keyId'])
      .select((row) => {
        const isNamed = named(row, question);
        return [
          callsWithin(row, block, reach, isNamed).as('named'),
          callsWithin(row, block, thisWeek, isNamed).as('namedThisWeek'),
          callsWithin(row, block, weekBefore, isNamed).as('namedWeekBefore'),
          callsWithin(row, block, reach, null).as('any'),
        ];
      })
      .groupBy(['application_id', 'key_id']);
    for (const row of await (applicationIds ? rows.where('application_id', 'in', applicationIds) : rows).execute())
      addCalls(byKey, row);
    await nextTurn();
  }
  return [...byKey.values()];
}

function addCalls(byKey: Map<string, NamedCalls>, row: NamedCalls): void {
  const sum = byKey.get(row.keyId);
  if (!sum) {
    byKey.set(row.keyId, row);
    return;
  }
  sum.named += row.named;
  sum.namedThisWeek += row.namedThisWeek;
  sum.namedWeekBefore += row.namedWeekBefore;
  sum.any += row.any;
}

async function callsByOperation(
  kysely: Kysely<UsageSchema>,
  question: CallsQuestion,
  keyIds: readonly string[],
): Promise<NamedOperationCalls[]> {
  const { reach, thisWeek } = inDays(question);
  const within: Days = { sinceMs: Math.min(reach.sinceMs, thisWeek.sinceMs), untilMs: reach.untilMs };
  const blocks = blocksWith([within, thisWeek]);
  const over = (row: Row, days: Days) =>
    sql<number>`${sql.join(
      blocks.map((block) => callsWithin(row, block, days, row('block_start_ms', '=', block))),
      sql` + `,
    )}`;
  const asked = callers(kysely, question.apiSlug, blocks)
    .select(['key_id as keyId', 'version', 'operation_id as operationId'])
    .select((row) => [over(row, within).as('calls'), over(row, thisWeek).as('callsThisWeek')])
    .where((row) => named(row, question) ?? row.lit(true))
    .where('key_id', 'in', keyIds)
    .groupBy(['key_id', 'version', 'operation_id']);
  const { applicationIds } = question;
  // The applications come first in the primary key: without them every caller of the API would be looked at.
  const rows = await (applicationIds ? asked.where('application_id', 'in', applicationIds) : asked).execute();
  return rows.filter(({ calls, callsThisWeek }) => calls > 0 || callsThisWeek > 0);
}

/** Days that begin at `sinceMs` or later and before `untilMs`. */
interface Days {
  sinceMs: number;
  untilMs: number;
}

/** A week is today and the six days before it: whole days, of which none is older than asked for. */
function inDays({ sinceMs, untilMs, weekStartMs }: CallsQuestion): Record<'reach' | 'thisWeek' | 'weekBefore', Days> {
  const startMs = slotStart('day', weekStartMs + DAY_MS - 1);
  return {
    reach: { sinceMs: slotStart('day', sinceMs), untilMs },
    thisWeek: { sinceMs: startMs, untilMs: startMs + WEEK_MS },
    weekBefore: { sinceMs: startMs - WEEK_MS, untilMs: startMs },
  };
}

/** The starts of the blocks in which any of these days are. */
function blocksWith(days: readonly Days[]): number[] {
  return [...new Set(days.flatMap(({ sinceMs, untilMs }) => blocksOf(sinceMs, untilMs)))];
}

function callers(kysely: Kysely<UsageSchema>, apiSlug: string, blocks: readonly number[]) {
  return kysely.selectFrom('api_caller').where('api_slug', '=', apiSlug).where('block_start_ms', 'in', blocks);
}

type Row = ExpressionBuilder<UsageSchema, 'api_caller'>;
type Condition = Expression<SqlBool>;

/** null: everything. */
function named(row: Row, { versions, operations }: CallsQuestion): Condition | null {
  if (versions.length === 0 && operations.length === 0) return null;
  return row.and([
    ...(versions.length > 0 ? [row('version', 'in', versions)] : []),
    ...(operations.length > 0 ? [row('operation_id', 'in', operations)] : []),
  ]);
}

/**
 * Of rows of one block: those of its columns that are days asked for; none where `condition` does not hold.
 * PostgreSQL's sum of bigint is numeric, which its driver hands over as text.
 */
function callsWithin(row: Row, blockStartMs: number, { sinceMs, untilMs }: Days, condition: Condition | null) {
  const columns = daysOfBlock(blockStartMs, sinceMs, untilMs).map((column) => sql.ref(column));
  if (columns.length === 0) return sql<number>`0`;
  const calls = sql<number>`${sql.join(columns, sql` + `)}`;
  return sql<number>`cast(sum(${condition ? row.case().when(condition).then(calls).else(0).end() : calls}) as bigint)`;
}
