import { sql } from 'kysely';

import type { Migration } from '../../../src/database/migrate.ts';

export const up: Migration['up'] = async (db, { createTable, integer }) => {
  // 1: an owner decides about each subscription to it.
  await db.schema
    .alterTable('plan')
    .addColumn('approval_required', integer, (column) => column.notNull().defaultTo(0))
    .execute();
  await createTable('subscription_request')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('application_id', 'text', (column) => column.notNull().references('application.id'))
    .addColumn('api_slug', 'text', (column) => column.notNull())
    .addColumn('plan_slug', 'text', (column) => column.notNull())
    .addColumn('created_at_ms', integer, (column) => column.notNull())
    .addColumn('decided_at_ms', integer)
    .addColumn('decision', 'text', (column) => column.check(sql`decision in ('approved', 'declined', 'withdrawn')`))
    .addColumn('message', 'text', (column) => column.notNull().defaultTo(''))
    .addForeignKeyConstraint('subscription_request_plan', ['api_slug', 'plan_slug'], 'plan', ['api_slug', 'slug'])
    .execute();
  await db.schema
    .createIndex('subscription_request_waiting')
    .on('subscription_request')
    .columns(['application_id', 'api_slug'])
    .unique()
    .where(sql.ref('decided_at_ms'), 'is', null)
    .execute();
};
