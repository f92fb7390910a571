import { type CreateTableBuilder, sql } from 'kysely';

import type { Migration } from '../../../src/database/migrate.ts';

const MEASURES = [
  'calls',
  'answers_2xx',
  'answers_3xx',
  'answers_4xx',
  'answers_5xx',
  'latency_ms',
  'latency_10',
  'latency_25',
  'latency_50',
  'latency_100',
  'latency_250',
  'latency_500',
  'latency_1000',
  'latency_2500',
  'latency_5000',
  'latency_more',
];

export const up: Migration['up'] = async (db, { createClusteredTable, createTable, integer }) => {
  const createTotals = async (name: string, key: readonly [string, ...string[]]): Promise<void> => {
    let table: CreateTableBuilder<string, string> = createClusteredTable(name);
    for (const column of key)
      table = table.addColumn(column, column === 'start_ms' ? integer : 'text', (built) => built.notNull());
    for (const measure of MEASURES) table = table.addColumn(measure, integer, (built) => built.notNull().defaultTo(0));
    await table.addPrimaryKeyConstraint(`${name}_pk`, [...key]).execute();
  };
  await createTotals('call_total', [
    'application_id',
    'grain',
    'start_ms',
    'key_id',
    'api_slug',
    'version',
    'operation_id',
    'verdict',
  ]);
  await createTotals('api_total', ['api_slug', 'grain', 'start_ms', 'version', 'operation_id', 'verdict']);
  // Who called an API in these days: the index holds all that is asked, so that no row has to be looked up.
  await db.schema
    .createIndex('call_total_api_day')
    .on('call_total')
    .columns(['api_slug', 'start_ms', 'verdict', 'version', 'operation_id', 'key_id', 'application_id', 'calls'])
    .where(sql.ref('grain'), '=', sql.lit('day'))
    .execute();

  for (const [grain, start] of [
    ['hour', sql`hour_start_ms`],
    ['day', sql`hour_start_ms - hour_start_ms % 86400000`],
  ] as const) {
    await sql`
      insert into call_total
        (application_id, grain, start_ms, key_id, api_slug, version, operation_id, verdict, calls)
      select application_id, ${sql.lit(grain)}, ${start}, key_id, api_slug, version, operation_id, verdict,
        cast(sum(calls) as ${sql.raw(integer)})
      from call_count group by 1, 2, 3, 4, 5, 6, 7, 8`.execute(db);
  }
  const monthStart =
    integer === 'integer'
      ? sql`cast(strftime('%s', start_ms / 1000, 'unixepoch', 'start of month') as integer) * 1000`
      : sql`cast(extract(epoch from date_trunc('month', to_timestamp(start_ms / 1000) at time zone 'UTC') at time zone 'UTC') as bigint) * 1000`;
  await sql`
    insert into call_total
      (application_id, grain, start_ms, key_id, api_slug, version, operation_id, verdict, calls)
    select application_id, 'month', ${monthStart}, key_id, api_slug, version, operation_id, verdict,
      cast(sum(calls) as ${sql.raw(integer)})
    from call_total where grain = 'day' group by 1, 2, 3, 4, 5, 6, 7, 8`.execute(db);
  await sql`
    insert into api_total (api_slug, grain, start_ms, version, operation_id, verdict, calls)
    select api_slug, grain, start_ms, version, operation_id, verdict, cast(sum(calls) as ${sql.raw(integer)})
    from call_total group by 1, 2, 3, 4, 5, 6`.execute(db);

  await createClusteredTable('key_address')
    .addColumn('key_id', 'text', (column) => column.notNull())
    .addColumn('address', 'text', (column) => column.notNull())
    .addColumn('first_seen_at_ms', integer, (column) => column.notNull())
    .addColumn('last_seen_at_ms', integer, (column) => column.notNull())
    .addColumn('calls', integer, (column) => column.notNull())
    .addPrimaryKeyConstraint('key_address_pk', ['key_id', 'address'])
    .execute();
  await createTable('event_batch')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('body_sha256', 'text', (column) => column.notNull())
    .addColumn('received_at_ms', integer, (column) => column.notNull())
    .addColumn('result', 'text', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('event_batch_received').on('event_batch').column('received_at_ms').execute();

  await db.schema.alterTable('key_activity').addColumn('first_called_at_ms', integer).execute();
  await db.schema.alterTable('key_activity').addColumn('last_allowed_at_ms', integer).execute();
  await sql`
    update key_activity set
      first_called_at_ms = (select min(hour_start_ms) from call_count
        where call_count.application_id = key_activity.application_id and call_count.key_id = key_activity.key_id),
      last_allowed_at_ms = (select max(hour_start_ms) from call_count
        where call_count.application_id = key_activity.application_id and call_count.key_id = key_activity.key_id
          and verdict = 'allowed')`.execute(db);
  await db.schema.dropTable('call_count').execute();
};
