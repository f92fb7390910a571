import type { UsageSchema } from '../database/schema.ts';
import { DAY_MS } from './time-slots.ts';

/** Days (UTC) that one row of `api_caller` holds; blocks are counted from the Unix epoch. */
export const BLOCK_DAYS = 28;
const BLOCK_MS = BLOCK_DAYS * DAY_MS;

/** The column of one day of a block, from `d0` to `d27`. */
export type DayColumn = Extract<keyof UsageSchema['api_caller'], `d${number}`>;

/** Calls that meant an API: allowed ones, and those that its version refuses to all. Refused strangers are no callers. */
const MEANT: readonly string[] = ['allowed', 'version_retired', 'brown_out'];

export function blockStart(atMs: number): number {
  return atMs - (atMs % BLOCK_MS);
}

export function dayColumn(atMs: number): DayColumn {
  return `d${Math.floor((atMs % BLOCK_MS) / DAY_MS)}` as DayColumn;
}

/** Starts of the blocks that hold these days, oldest first. @param untilMs excluded */
export function blocksOf(sinceMs: number, untilMs: number): number[] {
  const first = blockStart(sinceMs);
  const count = Math.max(0, Math.ceil((untilMs - first) / BLOCK_MS));
  return Array.from({ length: count }, (_, index) => first + index * BLOCK_MS);
}

/** The columns of those days of a block that begin at `sinceMs` or later and before `untilMs`. */
export function daysOfBlock(blockStartMs: number, sinceMs: number, untilMs: number): DayColumn[] {
  const starts = Array.from({ length: BLOCK_DAYS }, (_, day) => blockStartMs + day * DAY_MS);
  return starts.filter((startMs) => startMs >= sinceMs && startMs < untilMs).map(dayColumn);
}

/** What is read of calls that were counted by the hour. */
export type CalledHour = Pick<
  UsageSchema['call_total'],
  'api_slug' | 'application_id' | 'key_id' | 'version' | 'operation_id' | 'verdict' | 'start_ms' | 'calls'
>;

/** What one key called of one operation on one day. */
export type CallerDay = Omit<UsageSchema['api_caller'], DayColumn> & { calls: number };

/** Sums by key, operation and day, in the order of the primary key; one list for each column that they add to. */
export function callerDays(counts: readonly CalledHour[]): Map<DayColumn, CallerDay[]> {
  const sums = new Map<string, { column: DayColumn; row: CallerDay }>();
  for (const { api_slug, application_id, key_id, version, operation_id, verdict, start_ms, calls } of counts) {
    if (api_slug === '' || calls === 0 || !MEANT.includes(verdict)) continue;
    const column = dayColumn(start_ms);
    const key = { api_slug, block_start_ms: blockStart(start_ms), application_id, key_id, version, operation_id };
    const name = [...Object.values(key), column].join('\n');
    const sum = sums.get(name);
    if (sum) sum.row.calls += calls;
    else sums.set(name, { column, row: { ...key, calls } });
  }
  const inOrder = [...sums].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, sum]) => sum);
  const byColumn = new Map<DayColumn, CallerDay[]>();
  for (const { column, row } of inOrder) {
    const rows = byColumn.get(column);
    if (rows) rows.push(row);
    else byColumn.set(column, [row]);
  }
  return new Map([...byColumn].sort(([one], [other]) => (one < other ? -1 : 1)));
}
