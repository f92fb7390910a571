import type { Transaction } from 'kysely';

import type { Database } from '../database/database.ts';
import type { UsageSchema } from '../database/schema.ts';
import { prepareCallerInserts } from './caller-store.ts';
import { addMeasures, noMeasures } from './measures.ts';
import { API_KEY, CALL_KEY, prepareStatisticsInserts } from './statistics-inserts.ts';
import { type Grain, slotStart } from './time-slots.ts';

/** What a key called in one hour. */
export type HourCount = Omit<UsageSchema['call_total'], 'grain'>;

/** What was counted in memory since the last flush. */
export interface StatisticsBatch {
  counts: readonly HourCount[];
  activities: readonly UsageSchema['key_activity'][];
  addresses: readonly UsageSchema['key_address'][];
  /** Keys whose tokens were seen under the previous pepper. */
  rehashes?: readonly UsageSchema['key_rehash'][];
}

/** A batch of events as it is remembered. */
export interface EventBatch {
  id: string;
  bodySha256: string;
  /** What is answered, now and whenever the batch is sent again. */
  result: string;
}

export interface StatisticsStore {
  /** Adds a batch in one transaction: hours, and the days and months they belong to. */
  add(batch: StatisticsBatch): Promise<void>;
  /** As it was answered; null when no batch with this id was counted. */
  findEvents(id: string): Promise<EventBatch | null>;
  /** Adds what a batch of events says, unless one with its id was counted before, which is then returned. */
  addEvents(batch: EventBatch, counts: readonly HourCount[], nowMs: number): Promise<EventBatch>;
  /** Forgets all but the newest addresses of a key. */
  trimAddresses(keyId: string, kept: number): Promise<void>;
}

const GRAINS: readonly Grain[] = ['hour', 'day', 'month'];

export function createStatisticsStore(database: Database<UsageSchema>): StatisticsStore {
  const { kysely } = database;
  const insert = prepareStatisticsInserts(database);
  const addCallers = prepareCallerInserts(database);
  const addCounts = async (transaction: Transaction<UsageSchema>, counts: readonly HourCount[]): Promise<void> => {
    await insert.callTotals(transaction, callTotals(counts));
    await insert.apiTotals(transaction, apiTotals(counts));
    await addCallers(transaction, counts);
  };
  return {
    add: (batch) =>
      kysely.transaction().execute(async (transaction) => {
        await addCounts(transaction, batch.counts);
        await insert.activities(transaction, batch.activities);
        await insert.addresses(transaction, batch.addresses);
        await insert.rehashes(transaction, batch.rehashes ?? []);
      }),
    findEvents: async (id) => (await findEvents(kysely, id)) ?? null,
    addEvents: (batch, counts, nowMs) =>
      kysely.transaction().execute(async (transaction) => {
        const { numInsertedOrUpdatedRows: added = 0n } = await transaction
          .insertInto('event_batch')
          .values({ id: batch.id, body_sha256: batch.bodySha256, received_at_ms: nowMs, result: batch.result })
          .onConflict((conflict) => conflict.doNothing())
          .executeTakeFirst();
        if (added === 0n) return (await findEvents(transaction, batch.id)) ?? batch;
        await addCounts(transaction, counts);
        return batch;
      }),
    async trimAddresses(keyId, kept) {
      const oldest = await kysely
        .selectFrom('key_address')
        .select('last_seen_at_ms')
        .where('key_id', '=', keyId)
        .orderBy('last_seen_at_ms', 'desc')
        .offset(kept)
        .limit(1)
        .executeTakeFirst();
      if (!oldest) return;
      await kysely
        .deleteFrom('key_address')
        .where('key_id', '=', keyId)
        .where('last_seen_at_ms', '<=', oldest.last_seen_at_ms)
        .execute();
    },
  };
}

function findEvents(db: Pick<Transaction<UsageSchema>, 'selectFrom'>, id: string): Promise<EventBatch | undefined> {
  return db
    .selectFrom('event_batch')
    .select(['id', 'body_sha256 as bodySha256', 'result'])
    .where('id', '=', id)
    .executeTakeFirst();
}

type CallTotal = UsageSchema['call_total'];
type ApiTotal = UsageSchema['api_total'];

function callTotals(counts: readonly HourCount[]): CallTotal[] {
  return sums(
    counts.flatMap((count) => GRAINS.map((grain) => ({ ...count, grain, start_ms: slotStart(grain, count.start_ms) }))),
    CALL_KEY,
  );
}

/** Calls of no API are in no sum of one. */
function apiTotals(counts: readonly HourCount[]): ApiTotal[] {
  const called = counts.filter(({ api_slug }) => api_slug !== '');
  return sums(
    called.flatMap((count) => GRAINS.map((grain) => toApiTotal(count, grain))),
    API_KEY,
  );
}

function toApiTotal(count: HourCount, grain: Grain): ApiTotal {
  const { api_slug, version, operation_id, verdict } = count;
  const measures = noMeasures();
  addMeasures(measures, count);
  return { api_slug, grain, start_ms: slotStart(grain, count.start_ms), version, operation_id, verdict, ...measures };
}

/** One row per key, in the order of the keys: two verifiers on one database never wait for each other in a circle. */
function sums<Row extends ApiTotal>(rows: readonly Row[], key: readonly (keyof Row)[]): Row[] {
  const byKey = new Map<string, Row>();
  for (const row of rows) {
    const name = key.map((column) => row[column]).join('\n');
    const sum = byKey.get(name);
    if (sum) addMeasures(sum, row);
    else byKey.set(name, row);
  }
  return [...byKey].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, row]) => row);
}
