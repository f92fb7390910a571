import { sql } from 'kysely';

import type { Migration } from '../../../src/database/migrate.ts';

export const up: Migration['up'] = async (db, { createTable, integer, blob }) => {
  // Made anew, because SQLite cannot change a check. Links live for minutes; each can be asked for again.
  await db.schema.dropTable('one_time_token').execute();
  await createTable('one_time_token')
    .addColumn('token_hash', 'text', (column) => column.primaryKey().notNull())
    .addColumn('purpose', 'text', (column) =>
      column.notNull().check(sql`purpose in ('verify_email', 'first_owner', 'reset_password', 'change_email')`),
    )
    .addColumn('account_id', 'text', (column) => column.references('account.id').onDelete('cascade'))
    .addColumn('email', 'text')
    .addColumn('created_at_ms', integer, (column) => column.notNull())
    .addColumn('expires_at_ms', integer, (column) => column.notNull())
    .addColumn('used_at_ms', integer)
    .execute();
  await db.schema
    .alterTable('session')
    .addColumn('last_used_at_ms', integer, (column) => column.notNull().defaultTo(0))
    .execute();
  await sql`update session set last_used_at_ms = created_at_ms`.execute(db);
  await createTable('allowance')
    .addColumn('subject', 'text', (column) => column.primaryKey().notNull())
    .addColumn('spent_until_ms', integer, (column) => column.notNull())
    .execute();
  await createTable('email_change')
    .addColumn('account_id', 'text', (column) => column.primaryKey().notNull().references('account.id'))
    .addColumn('email', 'text', (column) => column.notNull())
    .addColumn('requested_at_ms', integer, (column) => column.notNull())
    .execute();
  await createTable('totp_factor')
    .addColumn('account_id', 'text', (column) => column.primaryKey().notNull().references('account.id'))
    .addColumn('encrypted_secret', blob, (column) => column.notNull())
    .addColumn('created_at_ms', integer, (column) => column.notNull())
    .addColumn('confirmed_at_ms', integer)
    .addColumn('last_step', integer, (column) => column.notNull())
    .execute();
  await createTable('recovery_code')
    .addColumn('code_hash', 'text', (column) => column.primaryKey().notNull())
    .addColumn('account_id', 'text', (column) => column.notNull().references('account.id'))
    .addColumn('used_at_ms', integer)
    .execute();
  await db.schema.createIndex('recovery_code_account').on('recovery_code').column('account_id').execute();
  await createTable('pending_sign_in')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('account_id', 'text', (column) => column.notNull().references('account.id'))
    .addColumn('expires_at_ms', integer, (column) => column.notNull())
    .execute();
};
