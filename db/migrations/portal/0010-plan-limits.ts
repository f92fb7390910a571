import { sql } from 'kysely';

import type { Migration } from '../../../src/database/migrate.ts';

export const up: Migration['up'] = async (db, { createTable, integer }) => {
  await db.schema.alterTable('plan').addColumn('limits', 'text').execute();
  await db.schema
    .alterTable('operation')
    .addColumn('cost', integer, (column) => column.notNull().defaultTo(1))
    .execute();
  await db.schema
    .alterTable('application')
    .addColumn('quota_mail', integer, (column) => column.notNull().defaultTo(1))
    .execute();
  await db.schema.alterTable('api_key').addColumn('lineage_id', 'text').execute();
  // Keys that were rotated before: each gets the first key of its chain.
  await sql`
    with recursive chain (key_id, lineage_id) as (
      select k.replaced_by_key_id, k.id from api_key k
      where k.replaced_by_key_id is not null
        and not exists (select 1 from api_key p where p.replaced_by_key_id = k.id)
      union all
      select k.replaced_by_key_id, chain.lineage_id from api_key k
      join chain on chain.key_id = k.id
      where k.replaced_by_key_id is not null
    )
    update api_key set lineage_id = (select lineage_id from chain where chain.key_id = api_key.id)
    where id in (select key_id from chain)`.execute(db);
  await createTable('quota_alert')
    .addColumn('counter', 'text', (column) => column.notNull())
    .addColumn('window_start_ms', integer, (column) => column.notNull())
    .addColumn('threshold_percent', integer, (column) => column.notNull())
    .addColumn('application_id', 'text', (column) => column.notNull().references('application.id'))
    .addColumn('api_slug', 'text', (column) => column.notNull())
    .addColumn('plan_slug', 'text', (column) => column.notNull())
    .addColumn('quota_name', 'text', (column) => column.notNull())
    .addColumn('operation_id', 'text', (column) => column.notNull())
    .addColumn('key_id', 'text', (column) => column.notNull())
    .addColumn('used', integer, (column) => column.notNull())
    .addColumn('quota_calls', integer, (column) => column.notNull())
    .addColumn('window_end_ms', integer, (column) => column.notNull())
    .addColumn('told_at_ms', integer, (column) => column.notNull())
    .addPrimaryKeyConstraint('quota_alert_pk', ['counter', 'window_start_ms', 'threshold_percent'])
    .execute();
  await db.schema.createIndex('quota_alert_told').on('quota_alert').column('told_at_ms').execute();
};
