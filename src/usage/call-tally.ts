import type { UsageSchema } from '../platform/schema.ts';
import type { UsageBatch } from './usage-store.ts';

/** One call of a known key. */
export interface NotedCall {
  atMs: number;
  keyId: string;
  applicationId: string;
  /** '' where the call matched none. */
  api: string;
  version: string;
  operationId: string;
  /** `allowed` or the code of the refusal. */
  verdict: string;
  /** '' when it is not known. */
  address: string;
  /** The whole token stood in a query string. */
  leakedInQuery: boolean;
}

type Calls = Pick<UsageBatch, 'counts' | 'activities'>;

/** Sums calls in memory until they are written. Counters are bounded by keys times operations, never by what callers send. */
export interface CallTally {
  note(call: NotedCall): void;
  /** Hands everything over and starts anew. */
  take(): Calls;
  /** Keeps what could not be written. */
  putBack(calls: Calls): void;
}

/** Keys kept while the database cannot be written; calls of further keys are allowed but not counted. */
const MOST_KEYS = 50_000;
const HOUR_MS = 3_600_000;

interface KeyCalls {
  activity: UsageSchema['key_activity'];
  /** A key has few of them between two writes: a list is searched faster than a composed map key is made. */
  counts: UsageSchema['call_count'][];
}

export function createCallTally(): CallTally {
  let keys = new Map<string, KeyCalls>();

  return {
    note(call) {
      const calls = keys.get(call.keyId) ?? addKey(keys, call);
      if (!calls) return;
      const { activity } = calls;
      activity.last_called_at_ms = call.atMs;
      activity.last_address = call.address;
      activity.last_verdict = call.verdict;
      if (call.leakedInQuery) activity.leaked_in_query_at_ms = call.atMs;
      const hourStartMs = call.atMs - (call.atMs % HOUR_MS);
      const { api, version, operationId, verdict } = call;
      const known = findCount(calls.counts, hourStartMs, api, version, operationId, verdict);
      if (known) known.calls += 1;
      else calls.counts.push(toCount(call, hourStartMs));
    },
    take() {
      const taken = [...keys.values()];
      keys = new Map();
      return { activities: taken.map((calls) => calls.activity), counts: taken.flatMap((calls) => calls.counts) };
    },
    putBack({ activities, counts }) {
      for (const activity of activities) {
        const newer = keys.get(activity.key_id);
        if (newer) newer.activity.leaked_in_query_at_ms ??= activity.leaked_in_query_at_ms;
        else if (keys.size < MOST_KEYS) keys.set(activity.key_id, { activity, counts: [] });
      }
      for (const count of counts) {
        const { hour_start_ms, api_slug, version, operation_id, verdict } = count;
        const newer = keys.get(count.key_id)?.counts;
        const known = newer && findCount(newer, hour_start_ms, api_slug, version, operation_id, verdict);
        if (known) known.calls += count.calls;
        else newer?.push(count);
      }
    },
  };
}

function addKey(keys: Map<string, KeyCalls>, call: NotedCall): KeyCalls | null {
  if (keys.size >= MOST_KEYS) return null;
  const activity = {
    key_id: call.keyId,
    application_id: call.applicationId,
    last_called_at_ms: call.atMs,
    last_address: call.address,
    last_verdict: call.verdict,
    leaked_in_query_at_ms: null,
  };
  const calls: KeyCalls = { activity, counts: [] };
  keys.set(call.keyId, calls);
  return calls;
}

function findCount(
  counts: readonly UsageSchema['call_count'][],
  hourStartMs: number,
  api: string,
  version: string,
  operationId: string,
  verdict: string,
): UsageSchema['call_count'] | undefined {
  return counts.find(
    (count) =>
      count.operation_id === operationId &&
      count.verdict === verdict &&
      count.hour_start_ms === hourStartMs &&
      count.version === version &&
      count.api_slug === api,
  );
}

function toCount(call: NotedCall, hourStartMs: number): UsageSchema['call_count'] {
  return {
    hour_start_ms: hourStartMs,
    application_id: call.applicationId,
    key_id: call.keyId,
    api_slug: call.api,
    version: call.version,
    operation_id: call.operationId,
    verdict: call.verdict,
    calls: 1,
  };
}
