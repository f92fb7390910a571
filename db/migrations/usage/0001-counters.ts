import type { Migration } from '../../../src/database/migrate.ts';

export const up: Migration['up'] = async (db, { createTable, integer }) => {
  await createTable('quota_usage')
    .addColumn('subscription_id', 'text', (column) => column.notNull())
    .addColumn('window_start_ms', integer, (column) => column.notNull())
    .addColumn('used', integer, (column) => column.notNull())
    .addPrimaryKeyConstraint('quota_usage_pk', ['subscription_id', 'window_start_ms'])
    .execute();
  await createTable('call_count')
    .addColumn('hour_start_ms', integer, (column) => column.notNull())
    .addColumn('application_id', 'text', (column) => column.notNull())
    .addColumn('key_id', 'text', (column) => column.notNull())
    .addColumn('api_slug', 'text', (column) => column.notNull())
    .addColumn('version', 'text', (column) => column.notNull())
    .addColumn('operation_id', 'text', (column) => column.notNull())
    .addColumn('verdict', 'text', (column) => column.notNull())
    .addColumn('calls', integer, (column) => column.notNull())
    .addPrimaryKeyConstraint('call_count_pk', [
      'application_id',
      'hour_start_ms',
      'key_id',
      'api_slug',
      'version',
      'operation_id',
      'verdict',
    ])
    .execute();
  await createTable('key_activity')
    .addColumn('key_id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('application_id', 'text', (column) => column.notNull())
    .addColumn('last_called_at_ms', integer, (column) => column.notNull())
    .addColumn('last_address', 'text', (column) => column.notNull())
    .addColumn('last_verdict', 'text', (column) => column.notNull())
    .addColumn('leaked_in_query_at_ms', integer)
    .execute();
  await db.schema.createIndex('key_activity_application').on('key_activity').column('application_id').execute();
};
