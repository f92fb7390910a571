import type { Migration } from '../../../src/database/migrate.ts';

export const up: Migration['up'] = async (db, { createClusteredTable, integer }) => {
  await createClusteredTable('call_manner')
    .addColumn('key_id', 'text', (column) => column.notNull())
    .addColumn('start_ms', integer, (column) => column.notNull())
    .addColumn('api_slug', 'text', (column) => column.notNull())
    .addColumn('is_basic', integer, (column) => column.notNull())
    .addColumn('address', 'text', (column) => column.notNull())
    .addColumn('calls', integer, (column) => column.notNull())
    .addPrimaryKeyConstraint('call_manner_pk', ['key_id', 'start_ms', 'api_slug', 'is_basic', 'address'])
    .execute();
  await db.schema.createIndex('call_manner_start').on('call_manner').column('start_ms').execute();
  await createClusteredTable('policy_count')
    .addColumn('policy_id', 'text', (column) => column.notNull())
    .addColumn('start_ms', integer, (column) => column.notNull())
    .addColumn('key_id', 'text', (column) => column.notNull())
    .addColumn('rule', 'text', (column) => column.notNull())
    .addColumn('outcome', 'text', (column) => column.notNull())
    .addColumn('calls', integer, (column) => column.notNull())
    .addPrimaryKeyConstraint('policy_count_pk', ['policy_id', 'start_ms', 'key_id', 'rule', 'outcome'])
    .execute();
};
