import type { Migration } from '../../../src/database/migrate.ts';

export const up: Migration['up'] = async (db, { createTable, integer }) => {
  await createTable('command_line_sign_in')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('device_code_hash', 'text', (column) => column.notNull().unique())
    .addColumn('user_code_hash', 'text', (column) => column.notNull().unique())
    .addColumn('device_name', 'text', (column) => column.notNull())
    .addColumn('address', 'text', (column) => column.notNull())
    .addColumn('wanted_scopes', 'text', (column) => column.notNull())
    .addColumn('created_at_ms', integer, (column) => column.notNull())
    .addColumn('expires_at_ms', integer, (column) => column.notNull())
    .addColumn('polled_at_ms', integer, (column) => column.notNull())
    .addColumn('decided_at_ms', integer)
    .addColumn('account_id', 'text', (column) => column.references('account.id').onDelete('cascade'))
    .addColumn('token_name', 'text')
    .addColumn('scopes', 'text')
    .addColumn('expires_in_days', integer)
    .execute();
  await db.schema
    .createIndex('command_line_sign_in_expiry')
    .on('command_line_sign_in')
    .column('expires_at_ms')
    .execute();
};
