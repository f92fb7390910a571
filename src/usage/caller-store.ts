import type { Transaction } from 'kysely';

import type { Database } from '../database/database.ts';
import type { UsageSchema } from '../database/schema.ts';
import { type CalledHour, type DayColumn, callerDays } from './caller-days.ts';

const KEY = ['api_slug', 'block_start_ms', 'application_id', 'key_id', 'version', 'operation_id'] as const;

/** Adds to the days of the callers of each API, within the transaction that counts the calls. */
export function prepareCallerInserts(
  database: Database<UsageSchema>,
): (transaction: Transaction<UsageSchema>, counts: readonly CalledHour[]) => Promise<void> {
  const prepare = (column: DayColumn) =>
    database.prepareInsert<Record<string, string | number>>({
      table: 'api_caller',
      columns: {
        ...Object.fromEntries(KEY.map((name) => [name, name === 'block_start_ms' ? 'integer' : 'text'] as const)),
        [column]: 'integer',
      },
      ending: `on conflict (${KEY.join(', ')}) do update set ${column} = api_caller.${column} + excluded.${column}`,
    });
  const inserts = new Map<DayColumn, ReturnType<typeof prepare>>();
  return async (transaction, counts) => {
    // Nearly all calls of a flush are of one day, and so one statement.
    for (const [column, days] of callerDays(counts)) {
      const insert = inserts.get(column) ?? prepare(column);
      inserts.set(column, insert);
      await insert(
        transaction,
        days.map(({ calls, ...key }) => ({ ...key, [column]: calls })),
      );
    }
  };
}
