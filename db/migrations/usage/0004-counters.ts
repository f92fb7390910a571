import { sql } from 'kysely';

import type { Migration } from '../../../src/database/migrate.ts';

export const up: Migration['up'] = async (db, { createClusteredTable, createTable, integer }) => {
  await createClusteredTable('quota_count')
    .addColumn('counter', 'text', (column) => column.notNull())
    .addColumn('window_start_ms', integer, (column) => column.notNull())
    .addColumn('used', integer, (column) => column.notNull())
    .addPrimaryKeyConstraint('quota_count_pk', ['counter', 'window_start_ms'])
    .execute();
  // The old rows did not say whether they counted a day or a month; only the first of a month can be the start of both.
  for (const per of ['day', 'month']) {
    await sql`
      insert into quota_count (counter, window_start_ms, used)
      select subscription_id || ${sql.lit(` cost ${per} UTC`)}, window_start_ms, used from quota_usage`.execute(db);
  }
  await db.schema.dropTable('quota_usage').execute();
  await createTable('counter_journal')
    .addColumn('journal_id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('sequence', integer, (column) => column.notNull())
    .execute();
  await createTable('reported_cost')
    .addColumn('report_id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('at_ms', integer, (column) => column.notNull())
    .execute();
  await db.schema.createIndex('reported_cost_at').on('reported_cost').column('at_ms').execute();
  await createTable('quota_mark')
    .addColumn('counter', 'text', (column) => column.notNull())
    .addColumn('window_start_ms', integer, (column) => column.notNull())
    .addColumn('threshold_percent', integer, (column) => column.notNull())
    .addColumn('subscription_id', 'text', (column) => column.notNull())
    .addColumn('operation_id', 'text', (column) => column.notNull())
    .addColumn('key_id', 'text', (column) => column.notNull())
    .addColumn('quota_name', 'text', (column) => column.notNull())
    .addColumn('quota_calls', integer, (column) => column.notNull())
    .addColumn('used', integer, (column) => column.notNull())
    .addColumn('window_end_ms', integer, (column) => column.notNull())
    .addColumn('at_ms', integer, (column) => column.notNull())
    .addPrimaryKeyConstraint('quota_mark_pk', ['counter', 'window_start_ms', 'threshold_percent'])
    .execute();
  await db.schema.createIndex('quota_mark_at').on('quota_mark').column('at_ms').execute();
};
