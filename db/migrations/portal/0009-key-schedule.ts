import { sql } from 'kysely';

import type { Migration } from '../../../src/database/migrate.ts';

export const up: Migration['up'] = async (db, { createTable, integer, blob }) => {
  // One column at a time: SQLite adds no more with one statement.
  const key = () => db.schema.alterTable('api_key');
  // Null for every key there is: they were issued before anybody was asked.
  await key().addColumn('unconfirmed_since_ms', integer).execute();
  await key().addColumn('suspend_cause', 'text').execute();
  await key().addColumn('resumed_at_ms', integer).execute();
  await key().addColumn('exposed_at_ms', integer).execute();
  await db.schema
    .createIndex('api_key_unconfirmed')
    .on('api_key')
    .column('unconfirmed_since_ms')
    .where(sql.ref('unconfirmed_since_ms'), 'is not', null)
    .execute();

  const plan = () => db.schema.alterTable('plan');
  await plan().addColumn('max_lifetime_days', integer).execute();
  await plan().addColumn('dormant_days', integer).execute();
  await plan()
    .addColumn('dormant_action', 'text', (column) => column.notNull().defaultTo('remind'))
    .execute();

  await createTable('calendar_feed')
    .addColumn('account_id', 'text', (column) => column.primaryKey().notNull().references('account.id'))
    .addColumn('token_hash', blob, (column) => column.notNull().unique())
    .addColumn('created_at_ms', integer, (column) => column.notNull())
    .addColumn('last_read_at_ms', integer)
    .execute();
  await db.schema.createIndex('audit_entry_team').on('audit_entry').columns(['team_id', 'sequence']).execute();
};
