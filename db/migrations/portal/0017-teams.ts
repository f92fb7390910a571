import { sql } from 'kysely';

import type { Migration } from '../../../src/database/migrate.ts';

export const up: Migration['up'] = async (db, { createTable, integer }) => {
  // What owners pause: the message is shown while it lasts.
  await db.schema.alterTable('account').addColumn('suspend_message', 'text').execute();
  for (const table of ['team', 'application'] as const) {
    await db.schema.alterTable(table).addColumn('suspended_at_ms', integer).execute();
    await db.schema.alterTable(table).addColumn('suspend_message', 'text').execute();
  }
  await db.schema.alterTable('team').addColumn('deleted_at_ms', integer).execute();
  await db.schema
    .alterTable('team_member')
    .addColumn('joined_at_ms', integer, (column) => column.notNull().defaultTo(0))
    .execute();
  await sql`update team_member set joined_at_ms = (select created_at_ms from team where team.id = team_id)`.execute(db);
  await createTable('invitation')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    // null: to become an owner.
    .addColumn('team_id', 'text', (column) => column.references('team.id'))
    .addColumn('email', 'text', (column) => column.notNull())
    .addColumn('email_normalized', 'text', (column) => column.notNull())
    .addColumn('role', 'text', (column) => column.notNull().check(sql`role in ('admin', 'manager', 'viewer', 'owner')`))
    .addColumn('invited_by', 'text', (column) => column.notNull().references('account.id'))
    .addColumn('token_hash', 'text', (column) => column.unique())
    .addColumn('created_at_ms', integer, (column) => column.notNull())
    .addColumn('expires_at_ms', integer, (column) => column.notNull())
    .addColumn('ended_at_ms', integer)
    .execute();
  // One that waits for each address and team; '' stands for the owners.
  await sql`create unique index invitation_waiting on invitation (coalesce(team_id, ''), email_normalized)
    where ended_at_ms is null`.execute(db);
  await db.schema.createIndex('invitation_email').on('invitation').column('email_normalized').execute();
};
