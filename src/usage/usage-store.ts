import { type Transaction, sql } from 'kysely';

import type { Database } from '../database/database.ts';
import type { InsertRows } from '../database/prepared-insert.ts';
import type { UsageSchema } from '../database/schema.ts';
import type { QuotaWindow } from '../plans/quota-window.ts';
import { changeSeal, nameOf, sealChange, sealOf } from './count-seal.ts';
import type { Subject } from './meter.ts';

export type MaybePromise<T> = T | Promise<T>;

/** What was taken of a quota in one window. */
export interface QuotaCount {
  counter: string;
  windowStartMs: number;
  amount: number;
}

/** A cost that was reported after the call; its id makes sure that it counts once. */
export interface CostReport {
  id: string;
  atMs: number;
}

export type QuotaTotal = UsageSchema['quota_count'];
export type QuotaMark = UsageSchema['quota_mark'];

/** What has to be known of a counter to tell people when shares of its quota are reached. */
export interface MarkBasis {
  counter: string;
  subject: Subject;
  quotaName: string;
  quotaCalls: number;
  window: QuotaWindow;
  /** Up to which share it was marked before. */
  markedPercent: number;
}

/** What was counted in memory since the last flush. */
export interface UsageBatch {
  counts: readonly QuotaCount[];
  /** Costs reported after the call that are part of the counts. */
  reports: readonly CostReport[];
  /** Counters that have moved to another window, and up to when their windows are not needed any more. */
  outdated: readonly { counter: string; beforeMs: number }[];
  /** Up to where the journal's batches are in these counts. */
  journal: { id: string; sequence: number };
  /** The shares of quotas that the new totals have reached; written in the same transaction. */
  marksOf(totals: readonly QuotaTotal[]): readonly QuotaMark[];
  /** What `marksOf` rests on, for a store in another thread: functions cannot go there. */
  bases?: readonly MarkBasis[];
}

/** What is used of quotas. Written by the verifier only. */
export interface UsageStore {
  /** What was counted so far; undefined when there was nothing. */
  findQuotaUsed(counter: string, windowStartMs: number): MaybePromise<number | undefined>;
  /** Adds a batch in one transaction, all of it or nothing; returns the new totals. */
  add(batch: UsageBatch): Promise<readonly QuotaTotal[]>;
  /** Up to which batch of a journal everything is in the counts; 0 for one that is not known. */
  journalSequence(journalId: string): Promise<number>;
  /** True when a cost with this id was added before. */
  hasReport(reportId: string): Promise<boolean>;
  /** Shares of quotas reached since a moment, oldest first. */
  listMarks(sinceMs: number): Promise<readonly QuotaMark[]>;
  /** Removes marks and reports that nobody asks for any more. */
  removeOld(nowMs: number): Promise<void>;
}

/** Rows per statement: as many as keep the number of parameters below every limit. */
const ROWS_PER_STATEMENT = 100;
/** Marks of this month and the one before, with room. */
const MARKS_KEPT_MS = 70 * 86_400_000;
/** How long a reported cost is known again. */
const REPORTS_KEPT_MS = 7 * 86_400_000;

export function createUsageStore(database: Database<UsageSchema>): UsageStore {
  const { kysely } = database;
  const lookUp = database.prepareLookup<{ used: number }>(
    'select used from quota_count where counter = ? and window_start_ms = ?',
    ['text', 'bigint'],
  );
  const insertCounts = database.prepareInsert<QuotaTotal, QuotaTotal>({
    table: 'quota_count',
    columns: { counter: 'text', window_start_ms: 'integer', used: 'integer' },
    ending: 'on conflict (counter, window_start_ms) do update set used = quota_count.used + excluded.used',
    returning: 'counter, window_start_ms, used',
  });
  return {
    findQuotaUsed(counter, windowStartMs) {
      const row = lookUp([counter, windowStartMs]);
      return row instanceof Promise ? row.then((found) => found?.used) : row?.used;
    },
    add: (batch) => kysely.transaction().execute((transaction) => addBatch(transaction, batch, insertCounts)),
    async journalSequence(journalId) {
      const row = await kysely
        .selectFrom('counter_journal')
        .select('sequence')
        .where('journal_id', '=', journalId)
        .executeTakeFirst();
      return row?.sequence ?? 0;
    },
    async hasReport(reportId) {
      const row = await kysely
        .selectFrom('reported_cost')
        .select('report_id')
        .where('report_id', '=', reportId)
        .executeTakeFirst();
      return row !== undefined;
    },
    listMarks: (sinceMs) =>
      kysely.selectFrom('quota_mark').selectAll().where('at_ms', '>=', sinceMs).orderBy('at_ms').execute(),
    async removeOld(nowMs) {
      await kysely
        .deleteFrom('quota_mark')
        .where('at_ms', '<', nowMs - MARKS_KEPT_MS)
        .execute();
      await kysely
        .deleteFrom('reported_cost')
        .where('at_ms', '<', nowMs - REPORTS_KEPT_MS)
        .execute();
    },
  };
}

async function addBatch(
  transaction: Transaction<UsageSchema>,
  batch: UsageBatch,
  insertCounts: InsertRows<UsageSchema, QuotaTotal, QuotaTotal>,
): Promise<QuotaTotal[]> {
  const totals = await insertCounts(
    transaction,
    batch.counts.map(({ counter, windowStartMs, amount }) => ({
      counter,
      window_start_ms: windowStartMs,
      used: amount,
    })),
  );
  const amounts = new Map(
    batch.counts.map(({ counter, windowStartMs, amount }) => [
      nameOf({ counter, window_start_ms: windowStartMs }),
      amount,
    ]),
  );
  let seal = sealChange(totals, amounts);
  await transaction
    .insertInto('counter_journal')
    .values({ journal_id: batch.journal.id, sequence: batch.journal.sequence })
    .onConflict((conflict) => conflict.column('journal_id').doUpdateSet({ sequence: sql`excluded.sequence` }))
    .execute();
  for (const rows of chunks(batch.outdated)) {
    const removed = await transaction
      .deleteFrom('quota_count')
      .where(
        'counter',
        'in',
        rows.map(({ counter }) => counter),
      )
      .where('window_start_ms', '<', Math.min(...rows.map(({ beforeMs }) => beforeMs)))
      .returningAll()
      .execute();
    for (const row of removed) seal -= sealOf(row);
  }
  await changeSeal(transaction, seal);
  for (const rows of chunks(batch.reports)) {
    await transaction
      .insertInto('reported_cost')
      .values(rows.map(({ id, atMs }) => ({ report_id: id, at_ms: atMs })))
      .onConflict((conflict) => conflict.column('report_id').doNothing())
      .execute();
  }
  for (const rows of chunks(batch.marksOf(totals))) {
    await transaction
      .insertInto('quota_mark')
      .values(rows)
      .onConflict((conflict) => conflict.columns(['counter', 'window_start_ms', 'threshold_percent']).doNothing())
      .execute();
  }
  return totals;
}

function* chunks<Row>(rows: readonly Row[]): Generator<readonly Row[]> {
  for (let start = 0; start < rows.length; start += ROWS_PER_STATEMENT)
    yield rows.slice(start, start + ROWS_PER_STATEMENT);
}
