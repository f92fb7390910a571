import type { Migration } from '../../../src/database/migrate.ts';

export const up: Migration['up'] = async (db, { createTable, integer }) => {
  // One column at a time: SQLite adds no more with one statement.
  const key = () => db.schema.alterTable('api_key');
  await key()
    .addColumn('replaced_by_key_id', 'text', (column) => column.references('api_key.id'))
    .execute();
  await key().addColumn('replaced_at_ms', integer).execute();
  await key().addColumn('former_expires_at_ms', integer).execute();
  await key().addColumn('rotation_interval_days', integer).execute();
  await key().addColumn('suspend_reason', 'text').execute();
  await db.schema.createIndex('api_key_successor').on('api_key').column('replaced_by_key_id').unique().execute();

  const plan = () => db.schema.alterTable('plan');
  await plan()
    .addColumn('overlap_max_days', integer, (column) => column.notNull().defaultTo(30))
    .execute();
  await plan().addColumn('rotation_interval_days', integer).execute();

  await createTable('key_reminder')
    .addColumn('key_id', 'text', (column) => column.notNull().references('api_key.id'))
    .addColumn('event', 'text', (column) => column.notNull())
    .addColumn('due_at_ms', integer, (column) => column.notNull())
    .addColumn('days', integer, (column) => column.notNull())
    .addColumn('sent_at_ms', integer, (column) => column.notNull())
    .addPrimaryKeyConstraint('key_reminder_pk', ['key_id', 'event', 'due_at_ms', 'days'])
    .execute();
};
