import { sql } from 'kysely';

import type { Migration } from '../../../src/database/migrate.ts';

export const up: Migration['up'] = async (db, { createTable, integer, blob }) => {
  await createTable('webhook_endpoint')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('team_id', 'text', (column) => column.references('team.id'))
    .addColumn('url', 'text', (column) => column.notNull())
    .addColumn('description', 'text', (column) => column.notNull())
    .addColumn('event_types', 'text', (column) => column.notNull())
    .addColumn('encrypted_secret', blob, (column) => column.notNull())
    .addColumn('previous_encrypted_secret', blob)
    .addColumn('previous_secret_ends_at_ms', integer)
    .addColumn('created_by_account_id', 'text', (column) => column.notNull())
    .addColumn('created_at_ms', integer, (column) => column.notNull())
    .addColumn('off_at_ms', integer)
    .addColumn('off_reason', 'text', (column) => column.check(sql`off_reason in ('by_hand', 'gone', 'failing')`))
    .addColumn('failing_since_ms', integer)
    .addColumn('succeeded_at_ms', integer)
    .execute();
  // Each address once for a team, and once for the owners.
  await db.schema
    .createIndex('webhook_endpoint_url')
    .unique()
    .on('webhook_endpoint')
    .columns([sql`coalesce(team_id, '')`, 'url'])
    .execute();
  await db.schema.createIndex('webhook_endpoint_team').on('webhook_endpoint').column('team_id').execute();
  await createTable('webhook_event')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('type', 'text', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addColumn('at_ms', integer, (column) => column.notNull())
    .addColumn('created_at_ms', integer, (column) => column.notNull())
    .execute();
  await db.schema.createIndex('webhook_event_created').on('webhook_event').column('created_at_ms').execute();
  await createTable('webhook_delivery')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('event_id', 'text', (column) => column.notNull().references('webhook_event.id').onDelete('cascade'))
    .addColumn('endpoint_id', 'text', (column) =>
      column.notNull().references('webhook_endpoint.id').onDelete('cascade'),
    )
    .addColumn('state', 'text', (column) => column.notNull().check(sql`state in ('waiting', 'delivered', 'failed')`))
    .addColumn('created_at_ms', integer, (column) => column.notNull())
    .addColumn('attempts', integer, (column) => column.notNull())
    .addColumn('tries', integer, (column) => column.notNull())
    .addColumn('due_at_ms', integer, (column) => column.notNull())
    .addUniqueConstraint('webhook_delivery_once', ['endpoint_id', 'event_id'])
    .execute();
  await db.schema
    .createIndex('webhook_delivery_due')
    .on('webhook_delivery')
    .columns(['endpoint_id', 'due_at_ms'])
    .where(sql.ref('state'), '=', sql.lit('waiting'))
    .execute();
  await db.schema
    .createIndex('webhook_delivery_log')
    .on('webhook_delivery')
    .columns(['endpoint_id', 'created_at_ms', 'id'])
    .execute();
  await db.schema.createIndex('webhook_delivery_event').on('webhook_delivery').column('event_id').execute();
  await createTable('webhook_attempt')
    .addColumn('delivery_id', 'text', (column) =>
      column.notNull().references('webhook_delivery.id').onDelete('cascade'),
    )
    .addColumn('number', integer, (column) => column.notNull())
    .addColumn('at_ms', integer, (column) => column.notNull())
    .addColumn('latency_ms', integer, (column) => column.notNull())
    .addColumn('status', integer)
    .addColumn('failure', 'text')
    .addColumn('answer', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('webhook_attempt_pk', ['delivery_id', 'number'])
    .execute();
  // An event may name thousands of teams; PostgreSQL refuses index entries of more than a third of a page.
  await db.schema.dropIndex('outbox_payload').execute();
  await db.schema
    .createIndex('outbox_payload')
    .on('outbox')
    .columns([sql`substr(payload, 1, 200)`, 'kind'])
    .execute();
};
