import { sql } from 'kysely';

import type { Migration } from '../../../src/database/migrate.ts';

export const up: Migration['up'] = async (db, { blob, createTable, integer }) => {
  // What happens around a version's sunset.
  await db.schema
    .alterTable('api_version')
    .addColumn('gone_after_sunset', integer, (column) => column.notNull().defaultTo(0))
    .execute();
  await db.schema
    .alterTable('api_version')
    .addColumn('brown_outs', 'text', (column) => column.notNull().defaultTo('[]'))
    .execute();
  // Whether a page was clear.
  await createTable('page_feedback')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('page', 'text', (column) => column.notNull())
    .addColumn('revision', 'text', (column) => column.notNull())
    .addColumn('clear', integer, (column) => column.notNull())
    .addColumn('comment', 'text', (column) => column.notNull())
    .addColumn('created_at_ms', integer, (column) => column.notNull())
    .execute();
  await db.schema.createIndex('page_feedback_page').on('page_feedback').columns(['page', 'clear']).execute();
  await db.schema.createIndex('page_feedback_created').on('page_feedback').columns(['created_at_ms', 'id']).execute();
  // Reports of weaknesses, readable with the secret of the installation only.
  await createTable('security_report')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('token_hash', 'text', (column) => column.notNull().unique())
    .addColumn('state', 'text', (column) =>
      column.notNull().check(sql`state in ('received', 'confirmed', 'fixed', 'declined')`),
    )
    .addColumn('encrypted_contact', blob)
    .addColumn('created_at_ms', integer, (column) => column.notNull())
    .addColumn('changed_at_ms', integer, (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('security_report_created')
    .on('security_report')
    .columns(['created_at_ms', 'id'])
    .execute();
  await createTable('security_report_message')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('report_id', 'text', (column) => column.notNull().references('security_report.id').onDelete('cascade'))
    .addColumn('author', 'text', (column) => column.notNull().check(sql`author in ('reporter', 'owner')`))
    .addColumn('encrypted_text', blob, (column) => column.notNull())
    .addColumn('created_at_ms', integer, (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('security_report_message_report')
    .on('security_report_message')
    .columns(['report_id', 'created_at_ms'])
    .execute();
};
