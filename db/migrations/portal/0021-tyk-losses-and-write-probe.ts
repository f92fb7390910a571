import { sql } from 'kysely';

import type { Migration } from '../../../src/database/migrate.ts';

export const up: Migration['up'] = async (db, { createTable, integer }) => {
  // Since when keys are lost that no owner was told of; and when they were last told of others.
  await db.schema.alterTable('tyk_watch').addColumn('untold_loss_ms', integer).execute();
  await db.schema.alterTable('tyk_watch').addColumn('loss_told_at_ms', integer).execute();
  // Written to find out whether anything can be written. Here, because SQLite writes no row that stays as it is.
  await createTable('write_probe')
    .addColumn('id', integer, (column) => column.primaryKey().notNull())
    .addColumn('tried_at_ms', integer, (column) => column.notNull())
    .execute();
  await sql`insert into write_probe (id, tried_at_ms) values (1, 0)`.execute(db);
};
