import { type CreateTableBuilder, sql } from 'kysely';

import type { Migration } from '../../../src/database/migrate.ts';

const DAY_MS = 86_400_000;
const DAYS = Array.from({ length: 28 }, (_, day) => day);

export const up: Migration['up'] = async (db, { createClusteredTable, integer }) => {
  let table: CreateTableBuilder<string, string> = createClusteredTable('api_caller')
    .addColumn('api_slug', 'text', (column) => column.notNull())
    .addColumn('block_start_ms', integer, (column) => column.notNull());
  for (const column of ['application_id', 'key_id', 'version', 'operation_id'])
    table = table.addColumn(column, 'text', (built) => built.notNull());
  for (const day of DAYS) table = table.addColumn(`d${day}`, integer, (column) => column.notNull().defaultTo(0));
  await table
    .addPrimaryKeyConstraint('api_caller_pk', [
      'api_slug',
      'block_start_ms',
      'application_id',
      'key_id',
      'version',
      'operation_id',
    ])
    .execute();
  const block = sql.lit(DAYS.length * DAY_MS);
  const columns = sql.raw(DAYS.map((day) => `d${day}`).join(', '));
  const sums = DAYS.map(
    (day) => sql`
      cast(sum(case when start_ms / ${sql.lit(DAY_MS)} % ${sql.lit(DAYS.length)} = ${sql.lit(day)} then calls else 0 end)
        as ${sql.raw(integer)})`,
  );
  await sql`
    insert into api_caller (api_slug, block_start_ms, application_id, key_id, version, operation_id, ${columns})
    select api_slug, start_ms - start_ms % ${block}, application_id, key_id, version, operation_id, ${sql.join(sums)}
    from call_total
    where grain = 'day' and verdict in ('allowed', 'version_retired') and api_slug <> ''
    group by 1, 2, 3, 4, 5, 6`.execute(db);
  // Its only question is answered by the new table.
  await db.schema.dropIndex('call_total_api_day').execute();
};
