import type { Database } from '../database/database.ts';
import type { UsageSchema } from '../database/schema.ts';
import { MEASURE_NAMES } from './measures.ts';

export const API_KEY = ['api_slug', 'grain', 'start_ms', 'version', 'operation_id', 'verdict'] as const;
export const CALL_KEY = [
  'application_id',
  'grain',
  'start_ms',
  'key_id',
  'api_slug',
  'version',
  'operation_id',
  'verdict',
] as const;

/** All that a flush of statistics writes, compiled once: a flush under load writes thousands of rows. */
export function prepareStatisticsInserts(database: Database<UsageSchema>) {
  return {
    callTotals: prepareTotals<UsageSchema['call_total']>(database, 'call_total', CALL_KEY),
    apiTotals: prepareTotals<UsageSchema['api_total']>(database, 'api_total', API_KEY),
    activities: database.prepareInsert<UsageSchema['key_activity']>({
      table: 'key_activity',
      columns: {
        ...{ key_id: 'text', application_id: 'text', last_called_at_ms: 'integer', last_address: 'text' },
        ...{ last_verdict: 'text', leaked_in_query_at_ms: 'integer' },
        ...{ first_called_at_ms: 'integer', last_allowed_at_ms: 'integer' },
      },
      ending: `on conflict (key_id) do update set ${ACTIVITY_CHANGES}`,
    }),
    rehashes: database.prepareInsert<UsageSchema['key_rehash']>({
      table: 'key_rehash',
      columns: { key_id: 'text', former_hash: 'text', token_hash: 'text', pepper_id: 'integer', at_ms: 'integer' },
      ending: `on conflict (key_id) do update set former_hash = excluded.former_hash, token_hash = excluded.token_hash,
        pepper_id = excluded.pepper_id, at_ms = excluded.at_ms`,
    }),
    addresses: database.prepareInsert<UsageSchema['key_address']>({
      table: 'key_address',
      columns: {
        ...{ key_id: 'text', address: 'text' },
        ...{ first_seen_at_ms: 'integer', last_seen_at_ms: 'integer', calls: 'integer' },
      },
      ending: `on conflict (key_id, address) do update set
        last_seen_at_ms = excluded.last_seen_at_ms, calls = key_address.calls + excluded.calls`,
    }),
  };
}

const ACTIVITY_CHANGES = `
  last_called_at_ms = excluded.last_called_at_ms,
  last_address = excluded.last_address,
  last_verdict = excluded.last_verdict,
  leaked_in_query_at_ms = coalesce(excluded.leaked_in_query_at_ms, key_activity.leaked_in_query_at_ms),
  first_called_at_ms = coalesce(key_activity.first_called_at_ms, excluded.first_called_at_ms),
  last_allowed_at_ms = coalesce(excluded.last_allowed_at_ms, key_activity.last_allowed_at_ms)`;

function prepareTotals<Row>(database: Database<UsageSchema>, table: string, key: readonly string[]) {
  return database.prepareInsert<Row>({
    table,
    columns: { ...keyColumns(key), ...Object.fromEntries(MEASURE_NAMES.map((name) => [name, 'integer'] as const)) },
    ending: `on conflict (${key.join(', ')}) do update set
      ${MEASURE_NAMES.map((name) => `${name} = ${table}.${name} + excluded.${name}`).join(', ')}`,
  });
}

function keyColumns(key: readonly string[]): Record<string, 'text' | 'integer'> {
  return Object.fromEntries(key.map((name) => [name, name.endsWith('start_ms') ? 'integer' : 'text'] as const));
}
