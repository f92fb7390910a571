import { sql } from 'kysely';

import type { Migration } from '../../../src/database/migrate.ts';

export const up: Migration['up'] = async (db, { createTable, integer }) => {
  // Notices that owners write in the portal.
  await createTable('written_notice')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('slug', 'text', (column) => column.unique())
    .addColumn('state', 'text', (column) =>
      column.notNull().check(sql`state in ('draft', 'scheduled', 'published', 'withdrawn')`),
    )
    .addColumn('fields', 'text', (column) => column.notNull())
    .addColumn('markdown', 'text', (column) => column.notNull())
    .addColumn('revision', integer, (column) => column.notNull())
    .addColumn('authors', 'text', (column) => column.notNull())
    .addColumn('approved_by', 'text')
    .addColumn('created_at_ms', integer, (column) => column.notNull())
    .addColumn('changed_at_ms', integer, (column) => column.notNull())
    .addColumn('changed_by', 'text', (column) => column.notNull())
    .addColumn('published_at_ms', integer)
    .addColumn('told_at_ms', integer)
    .addColumn('withdrawn_at_ms', integer)
    .addColumn('withdrawn_reason', 'text')
    .execute();
  await db.schema
    .createIndex('written_notice_state')
    .on('written_notice')
    .columns(['state', 'published_at_ms'])
    .execute();
  // Every wording that was ever public.
  await createTable('written_notice_version')
    .addColumn('notice_id', 'text', (column) => column.notNull().references('written_notice.id'))
    .addColumn('number', integer, (column) => column.notNull())
    .addColumn('at_ms', integer, (column) => column.notNull())
    .addColumn('account_id', 'text', (column) => column.notNull())
    .addColumn('cause', 'text', (column) =>
      column.notNull().check(sql`cause in ('publication', 'correction', 'update')`),
    )
    .addColumn('reason', 'text', (column) => column.notNull())
    .addColumn('is_told', integer, (column) => column.notNull())
    .addColumn('fields', 'text', (column) => column.notNull())
    .addColumn('markdown', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('written_notice_version_pk', ['notice_id', 'number'])
    .execute();
  // The notice that tells of a version's end, and whether its dates are those of the version.
  await db.schema.alterTable('api_version').addColumn('notice_slug', 'text').execute();
  await db.schema
    .alterTable('api_version')
    .addColumn('dated_by_notice', integer, (column) => column.notNull().defaultTo(0))
    .execute();
  await db.schema
    .alterTable('api_version')
    .addColumn('operation_ends', 'text', (column) => column.notNull().defaultTo('[]'))
    .execute();
};
