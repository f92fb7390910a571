import { sql } from 'kysely';

import type { Migration } from '../../../src/database/migrate.ts';

export const up: Migration['up'] = async (db, { createTable, integer }) => {
  await createTable('notice_watch')
    .addColumn('id', integer, (column) => column.primaryKey().notNull())
    .addColumn('first_looked_at_ms', integer, (column) => column.notNull())
    .execute();
  await createTable('notice_publication')
    .addColumn('notice_slug', 'text', (column) => column.notNull())
    .addColumn('revision_at_ms', integer, (column) => column.notNull())
    .addColumn('seen_at_ms', integer, (column) => column.notNull())
    .addColumn('announced_at_ms', integer)
    .addColumn('reminded_at_ms', integer)
    .addPrimaryKeyConstraint('notice_publication_pk', ['notice_slug', 'revision_at_ms'])
    .execute();
  await createTable('notice_delivery')
    .addColumn('notice_slug', 'text', (column) => column.notNull())
    .addColumn('revision_at_ms', integer, (column) => column.notNull())
    .addColumn('account_id', 'text', (column) => column.notNull().references('account.id').onDelete('cascade'))
    .addColumn('manner', 'text', (column) => column.notNull().check(sql`manner in ('immediate', 'digest', 'none')`))
    .addColumn('created_at_ms', integer, (column) => column.notNull())
    .addColumn('queued_at_ms', integer)
    .addPrimaryKeyConstraint('notice_delivery_pk', ['notice_slug', 'revision_at_ms', 'account_id'])
    .execute();
  const waiting = (name: string) =>
    db.schema.createIndex(name).on('notice_delivery').where(sql.ref('queued_at_ms'), 'is', null);
  await waiting('notice_delivery_waiting').columns(['manner', 'created_at_ms']).execute();
  await waiting('notice_delivery_account').column('account_id').execute();
  await createTable('notice_reading')
    .addColumn('notice_slug', 'text', (column) => column.notNull())
    .addColumn('revision_at_ms', integer, (column) => column.notNull())
    .addColumn('account_id', 'text', (column) => column.notNull().references('account.id').onDelete('cascade'))
    .addColumn('read_at_ms', integer, (column) => column.notNull())
    .addPrimaryKeyConstraint('notice_reading_pk', ['notice_slug', 'revision_at_ms', 'account_id'])
    .execute();
  await createTable('notice_acknowledgement')
    .addColumn('notice_slug', 'text', (column) => column.notNull())
    .addColumn('revision_at_ms', integer, (column) => column.notNull())
    .addColumn('team_id', 'text', (column) => column.notNull().references('team.id').onDelete('cascade'))
    .addColumn('account_id', 'text', (column) => column.notNull())
    .addColumn('acknowledged_at_ms', integer, (column) => column.notNull())
    .addPrimaryKeyConstraint('notice_acknowledgement_pk', ['notice_slug', 'revision_at_ms', 'team_id'])
    .execute();
  await createTable('notice_preference')
    .addColumn('account_id', 'text', (column) =>
      column.primaryKey().notNull().references('account.id').onDelete('cascade'),
    )
    .addColumn('mail', 'text', (column) => column.notNull().check(sql`mail in ('immediate', 'digest', 'none')`))
    .addColumn('changed_at_ms', integer, (column) => column.notNull())
    .execute();
};
