import type { UsageSchema } from '../../src/database/schema.ts';
import type { NotedAnswer, NotedCalls } from '../../src/usage/call-tally.ts';
import { noMeasures } from '../../src/usage/measures.ts';
import type { HourCount } from '../../src/usage/statistics-store.ts';

/** A Tuesday. */
export const DAY_START_MS = Date.UTC(2026, 2, 3);

export function count(calls: number, columns: Partial<HourCount> = {}): HourCount {
  return {
    application_id: 'app_1',
    start_ms: DAY_START_MS,
    key_id: 'key_1',
    api_slug: 'parcels',
    version: 'v2',
    operation_id: 'listParcels',
    verdict: 'allowed',
    ...noMeasures(),
    calls,
    ...columns,
  };
}

export function activity(columns: Partial<UsageSchema['key_activity']> = {}): UsageSchema['key_activity'] {
  return {
    key_id: 'key_1',
    application_id: 'app_1',
    last_called_at_ms: 1,
    last_address: '203.0.113.9',
    last_verdict: 'allowed',
    leaked_in_query_at_ms: null,
    first_called_at_ms: 1,
    last_allowed_at_ms: 1,
    ...columns,
  };
}

export function address(text: string, columns: Partial<UsageSchema['key_address']> = {}): UsageSchema['key_address'] {
  return { key_id: 'key_1', address: text, first_seen_at_ms: 1, last_seen_at_ms: 1, calls: 1, ...columns };
}

const part = {
  atMs: DAY_START_MS,
  keyId: 'key_1',
  applicationId: 'app_1',
  api: 'parcels',
  version: 'v2',
  operationId: 'listParcels',
};

/** One call. */
export function noted(columns: Partial<NotedCalls> = {}): NotedCalls {
  return {
    ...part,
    verdict: 'allowed',
    address: '203.0.113.9',
    leakedInQuery: false,
    calls: 1,
    firstAtMs: columns.atMs ?? part.atMs,
    ...columns,
  };
}

export function answered(columns: Partial<NotedAnswer> = {}): NotedAnswer {
  return { ...part, status: 200, latencyMs: 20, ...columns };
}
