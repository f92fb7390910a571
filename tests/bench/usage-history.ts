import { sql } from 'kysely';

import type { Database } from '../../src/database/database.ts';
import type { UsageSchema } from '../../src/database/schema.ts';
import { DAY_MS, HOUR_MS, slotStarts } from '../../src/usage/time-slots.ts';

/** A history as the verifier would have left it. */
export interface History {
  applications: number;
  /** Of each application. */
  keys: number;
  operations: number;
  /** Of each key and operation on each day. */
  callsPerDay: number;
}

/** Hours of a day in which anything is called. */
const HOURS_PER_DAY = 6;
const HOURS_KEPT_DAYS = 35;

/** Writes the days from `fromDay` (0 is today) up to, but without, `toDay`; @returns how many calls they hold */
export async function writeDays(
  { kysely }: Database<UsageSchema>,
  history: History,
  fromDay: number,
  toDay: number,
  nowMs: number,
): Promise<number> {
  const todayMs = nowMs - (nowMs % DAY_MS);
  for (let day = fromDay; day < toDay; day += 1) {
    const startMs = todayMs - day * DAY_MS;
    await insertTotals(kysely, history, 'day', [startMs], history.callsPerDay);
    if (day >= HOURS_KEPT_DAYS) continue;
    const hours = Array.from({ length: HOURS_PER_DAY }, (_, hour) => startMs + hour * 3 * HOUR_MS);
    await insertTotals(kysely, history, 'hour', hours, Math.ceil(history.callsPerDay / HOURS_PER_DAY));
  }
  const { applications, keys, operations, callsPerDay } = history;
  return applications * keys * operations * callsPerDay * (toDay - fromDay);
}

/** The thirteen months that pages can show. */
export async function writeMonths(database: Database<UsageSchema>, history: History, nowMs: number): Promise<void> {
  await insertTotals(database.kysely, history, 'month', slotStarts('month', 13, nowMs), history.callsPerDay * 30);
}

async function insertTotals(
  kysely: Database<UsageSchema>['kysely'],
  { applications, keys, operations }: History,
  grain: 'hour' | 'day' | 'month',
  starts: readonly number[],
  calls: number,
): Promise<void> {
  const upTo = (count: number) =>
    sql`(with recursive n(i) as (select 0 union all select i + 1 from n where i + 1 < ${count}) select i from n)`;
  for (const startMs of starts) {
    await sql`
      insert into call_total
        (application_id, grain, start_ms, key_id, api_slug, version, operation_id, verdict,
         calls, answers_2xx, latency_ms, latency_25, latency_100)
      select printf('app_%06d', a.i), ${grain}, ${startMs}, printf('key_%06d_%03d', a.i, k.i), 'parcels', 'v2',
        printf('operation%03d', o.i), 'allowed', ${calls}, ${calls}, ${calls * 20}, ${calls - 1}, 1
      from ${upTo(applications)} a cross join ${upTo(keys)} k cross join ${upTo(operations)} o`.execute(kysely);
  }
}
