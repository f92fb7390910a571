import type { Migration } from '../../../src/database/migrate.ts';

export const up: Migration['up'] = async (db, { createTable, integer, blob }) => {
  await createTable('passkey')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('account_id', 'text', (column) => column.notNull().references('account.id').onDelete('cascade'))
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('credential_id', 'text', (column) => column.notNull().unique())
    .addColumn('public_key', blob, (column) => column.notNull())
    .addColumn('counter', integer, (column) => column.notNull())
    .addColumn('transports', 'text', (column) => column.notNull())
    .addColumn('is_backed_up', integer, (column) => column.notNull())
    .addColumn('created_at_ms', integer, (column) => column.notNull())
    .addColumn('last_used_at_ms', integer)
    .execute();
  await db.schema.createIndex('passkey_account').on('passkey').column('account_id').execute();
  await createTable('linked_identity')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('account_id', 'text', (column) => column.notNull().references('account.id').onDelete('cascade'))
    .addColumn('provider', 'text', (column) => column.notNull())
    .addColumn('issuer', 'text', (column) => column.notNull())
    .addColumn('subject', 'text', (column) => column.notNull())
    .addColumn('label', 'text', (column) => column.notNull())
    .addColumn('created_at_ms', integer, (column) => column.notNull())
    .addColumn('last_used_at_ms', integer)
    .addUniqueConstraint('linked_identity_subject', ['issuer', 'subject'])
    .execute();
  await db.schema.createIndex('linked_identity_account').on('linked_identity').column('account_id').execute();
  await createTable('used_ceremony')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('expires_at_ms', integer, (column) => column.notNull())
    .execute();
};
