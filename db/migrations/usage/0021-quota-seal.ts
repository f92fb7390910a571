import { crc32 } from 'node:zlib';

import { sql } from 'kysely';

import type { Migration } from '../../../src/database/migrate.ts';

export const up: Migration['up'] = async (db, { createTable, integer }) => {
  await createTable('quota_seal')
    .addColumn('id', integer, (column) => column.primaryKey().notNull())
    .addColumn('seal', integer, (column) => column.notNull())
    .execute();
  const { rows } = await sql<{ counter: string; window_start_ms: number; used: number }>`
    select counter, window_start_ms, used from quota_count where used <> 0`.execute(db);
  // As the program computes it; written anew, because a migration does not change when the program does.
  const seal = rows.reduce((sum, row) => sum + crc32(`${row.counter}@${row.window_start_ms}=${row.used}`), 0);
  await sql`insert into quota_seal (id, seal) values (1, ${sql.lit(seal)})`.execute(db);
};
