import type { Migration } from '../../../src/database/migrate.ts';

export const up: Migration['up'] = async (db, { createTable, integer, blob }) => {
  await createTable('access_token')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('account_id', 'text', (column) => column.notNull().references('account.id').onDelete('cascade'))
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('token_hash', 'text', (column) => column.notNull().unique())
    .addColumn('first_four', 'text', (column) => column.notNull())
    .addColumn('last_four', 'text', (column) => column.notNull())
    .addColumn('scopes', 'text', (column) => column.notNull())
    .addColumn('request_id', 'text', (column) => column.notNull())
    .addColumn('created_at_ms', integer, (column) => column.notNull())
    .addColumn('expires_at_ms', integer, (column) => column.notNull())
    .addColumn('last_used_at_ms', integer)
    .addColumn('last_used_address', 'text')
    .addColumn('revoked_at_ms', integer)
    .addColumn('revoke_reason', 'text')
    .addUniqueConstraint('access_token_request', ['account_id', 'request_id'])
    .execute();
  await createTable('idempotent_request')
    .addColumn('token_id', 'text', (column) => column.notNull().references('access_token.id').onDelete('cascade'))
    .addColumn('key_hash', 'text', (column) => column.notNull())
    .addColumn('request_hash', 'text', (column) => column.notNull())
    .addColumn('started_at_ms', integer, (column) => column.notNull())
    .addColumn('expires_at_ms', integer, (column) => column.notNull())
    .addColumn('answer', blob)
    .addPrimaryKeyConstraint('idempotent_request_pk', ['token_id', 'key_hash'])
    .execute();
  await db.schema.createIndex('idempotent_request_expiry').on('idempotent_request').column('expires_at_ms').execute();
};
