import { sql } from 'kysely';

import type { Migration } from '../../../src/database/migrate.ts';

export const up: Migration['up'] = async (db, { createTable, integer }) => {
  await createTable('tyk_key')
    .addColumn('key_id', 'text', (column) => column.primaryKey().notNull().references('api_key.id'))
    .addColumn('tyk_hash', 'text', (column) => column.notNull())
    .addColumn('former_hashes', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('held_back', 'text', (column) => column.notNull())
    .addColumn('problem', 'text', (column) => column.notNull())
    .addColumn('drift', 'text', (column) => column.notNull())
    .addColumn('drift_at_ms', integer)
    .addColumn('since_ms', integer, (column) => column.notNull())
    .addColumn('synced_at_ms', integer)
    .addColumn('mark', integer, (column) => column.notNull())
    .addColumn('synced_mark', integer, (column) => column.notNull())
    .addColumn('due_at_ms', integer)
    .addColumn('attempts', integer, (column) => column.notNull())
    .addColumn('leased_until_ms', integer, (column) => column.notNull())
    .execute();
  await db.schema.createIndex('tyk_key_due').on('tyk_key').column('due_at_ms').execute();
  await createTable('tyk_watch')
    .addColumn('id', integer, (column) => column.primaryKey().notNull())
    .addColumn('audit_sequence', integer, (column) => column.notNull())
    .addColumn('seen_at_ms', integer)
    .addColumn('checked_at_ms', integer)
    .addColumn('check_wanted', integer, (column) => column.notNull())
    .addColumn('problem', 'text', (column) => column.notNull())
    .execute();
  await sql`insert into tyk_watch (id, audit_sequence, check_wanted, problem)
            select 1, sequence, 0, '' from audit_head where id = 1`.execute(db);
};
