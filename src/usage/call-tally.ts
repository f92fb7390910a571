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

  function count(calls: KeyCalls, call: Omit<UsageSchema['call_count'], 'calls'>, by: number): void {
    for (const known of calls.counts) {
      if (
        known.operation_id === call.operation_id &&
        known.verdict === call.verdict &&
        known.hour_start_ms === call.hour_start_ms &&
        known.version === call.version &&
        known.api_slug === call.api_slug
      ) {
        known.calls += by;
        return;
      }
    }
    calls.counts.push({ ...call, calls: by });
  }

  return {
    note(call) {
      const calls = keys.get(call.keyId) ?? addKey(keys, call);
      if (!calls) return;
      const { activity } = calls;
      activity.last_called_at_ms = call.atMs;
      activity.last_address = call.address;
      activity.last_verdict = call.verdict;
      if (call.leakedInQuery) activity.leaked_in_query_at_ms = call.atMs;
      count(calls, toCount(call), 1);
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
      for (const { calls: by, ...call } of counts) {
        const calls = keys.get(call.key_id);
        if (calls) count(calls, call, by);
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

function toCount(call: NotedCall): Omit<UsageSchema['call_count'], 'calls'> {
  return {
    hour_start_ms: call.atMs - (call.atMs % HOUR_MS),
    application_id: call.applicationId,
    key_id: call.keyId,
    api_slug: call.api,
    version: call.version,
    operation_id: call.operationId,
    verdict: call.verdict,
  };
}
