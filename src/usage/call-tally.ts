import type { UsageSchema } from '../database/schema.ts';
import { addAnswer, addMeasures, noMeasures } from './measures.ts';
import type { HourCount, StatisticsBatch } from './statistics-store.ts';
import { HOUR_MS } from './time-slots.ts';

/** What a call was about. */
interface CalledPart {
  atMs: number;
  keyId: string;
  applicationId: string;
  /** '' where the call matched none. */
  api: string;
  version: string;
  operationId: string;
}

/** Calls of a known key within one hour that were alike; `atMs` is when the last one came. */
export interface NotedCalls extends CalledPart {
  calls: number;
  firstAtMs: number;
  /** `allowed` or the code of the refusal. */
  verdict: string;
  /** '' when it is not known. */
  address: string;
  /** The whole token stood in a query string. */
  leakedInQuery: boolean;
}

/** How a call that was allowed was answered; `atMs` is when it arrived. */
export interface NotedAnswer extends CalledPart {
  status: number;
  /** Until the answer was complete; null when it is not known. */
  latencyMs: number | null;
}

/** Sums calls in memory until they are written. Bounded by keys times operations, never by what callers send. */
export interface CallTally {
  note(calls: NotedCalls): void;
  noteAnswer(answer: NotedAnswer): void;
  noteRehash(rehash: Rehash): void;
  /** Hands over what is known of some keys, those that called first. */
  take(mostKeys: number): StatisticsBatch;
  /** Keeps what could not be written. */
  putBack(batch: StatisticsBatch): void;
  /** Keys that called since they were handed over. */
  keys(): number;
  /** Calls and answers that found no room since the start. */
  dropped(): number;
}

/** Keys kept while the database cannot be written; calls of further keys are allowed but not counted. */
const MOST_KEYS = 50_000;
/** Addresses of one key between two writes; a caller with more of them is counted, but not where it came from. */
const MOST_ADDRESSES = 500;

type Activity = UsageSchema['key_activity'];
type Address = UsageSchema['key_address'];
export type Rehash = UsageSchema['key_rehash'];

interface KeyCalls {
  /** null while only answers are known. */
  activity: Activity | null;
  /** A key has few of them between two writes: a list is searched faster than a composed map key is made. */
  counts: HourCount[];
  addresses: Map<string, Address>;
  rehash: Rehash | null;
}

export function createCallTally(): CallTally {
  const keys = new Map<string, KeyCalls>();
  let dropped = 0;

  /** null when there is no room. */
  function callsOf(keyId: string): KeyCalls | null {
    const known = keys.get(keyId);
    if (known) return known;
    if (keys.size >= MOST_KEYS) {
      dropped += 1;
      return null;
    }
    const added: KeyCalls = { activity: null, counts: [], addresses: new Map(), rehash: null };
    keys.set(keyId, added);
    return added;
  }

  return {
    note(noted) {
      const calls = callsOf(noted.keyId);
      if (!calls) return;
      calls.activity = activityAfter(calls.activity, noted);
      noteAddress(calls, noted);
      countOf(calls.counts, noted, noted.verdict).calls += noted.calls;
    },
    noteAnswer(answer) {
      const calls = callsOf(answer.keyId);
      if (calls) addAnswer(countOf(calls.counts, answer, 'allowed'), answer.status, answer.latencyMs);
    },
    noteRehash(rehash) {
      const calls = callsOf(rehash.key_id);
      if (calls) calls.rehash = rehash;
    },
    take(mostKeys) {
      const taken: KeyCalls[] = [];
      for (const [keyId, calls] of keys) {
        if (taken.length >= mostKeys) break;
        taken.push(calls);
        keys.delete(keyId);
      }
      return {
        activities: taken.flatMap(({ activity }) => activity ?? []),
        counts: taken.flatMap(({ counts }) => counts),
        addresses: taken.flatMap(({ addresses }) => [...addresses.values()]),
        rehashes: taken.flatMap(({ rehash }) => rehash ?? []),
      };
    },
    putBack({ activities, counts, addresses, rehashes = [] }) {
      for (const activity of activities) {
        const calls = callsOf(activity.key_id);
        if (calls) calls.activity = calls.activity ? mergeActivities(activity, calls.activity) : activity;
      }
      for (const count of counts) {
        const calls = callsOf(count.key_id);
        const known = calls?.counts.find((newer) => isSameCount(newer, count));
        if (known) addMeasures(known, count);
        else calls?.counts.push(count);
      }
      for (const address of addresses) {
        const calls = callsOf(address.key_id);
        if (calls) putBackAddress(calls, address);
      }
      for (const rehash of rehashes) {
        const calls = callsOf(rehash.key_id);
        if (calls) calls.rehash ??= rehash;
      }
    },
    keys: () => keys.size,
    dropped: () => dropped,
  };
}

/** Kinds of calls are noted one after the other, so that what comes later may have happened before. */
function activityAfter(known: Activity | null, noted: NotedCalls): Activity {
  const { atMs, firstAtMs, address, verdict } = noted;
  const latest = { last_called_at_ms: atMs, last_address: address, last_verdict: verdict };
  const before = known ?? {
    ...latest,
    key_id: noted.keyId,
    application_id: noted.applicationId,
    leaked_in_query_at_ms: null,
    first_called_at_ms: firstAtMs,
    last_allowed_at_ms: null,
  };
  return {
    ...before,
    ...(atMs >= before.last_called_at_ms ? latest : {}),
    first_called_at_ms: Math.min(before.first_called_at_ms ?? firstAtMs, firstAtMs),
    last_allowed_at_ms: verdict === 'allowed' ? laterOf(before.last_allowed_at_ms, atMs) : before.last_allowed_at_ms,
    leaked_in_query_at_ms: noted.leakedInQuery
      ? laterOf(before.leaked_in_query_at_ms, atMs)
      : before.leaked_in_query_at_ms,
  };
}

function laterOf(knownMs: number | null, atMs: number): number {
  return Math.max(knownMs ?? atMs, atMs);
}

function mergeActivities(older: Activity, newer: Activity): Activity {
  return {
    ...newer,
    leaked_in_query_at_ms: newer.leaked_in_query_at_ms ?? older.leaked_in_query_at_ms,
    first_called_at_ms: older.first_called_at_ms,
    last_allowed_at_ms: newer.last_allowed_at_ms ?? older.last_allowed_at_ms,
  };
}

function noteAddress({ addresses }: KeyCalls, { keyId, address, calls, firstAtMs, atMs }: NotedCalls): void {
  if (address === '') return;
  const seen = addresses.get(address);
  if (seen) {
    seen.first_seen_at_ms = Math.min(seen.first_seen_at_ms, firstAtMs);
    seen.last_seen_at_ms = Math.max(seen.last_seen_at_ms, atMs);
    seen.calls += calls;
  } else if (addresses.size < MOST_ADDRESSES)
    addresses.set(address, { key_id: keyId, address, first_seen_at_ms: firstAtMs, last_seen_at_ms: atMs, calls });
}

function putBackAddress(calls: KeyCalls, older: Address): void {
  const newer = calls.addresses.get(older.address);
  if (newer) {
    newer.first_seen_at_ms = older.first_seen_at_ms;
    newer.calls += older.calls;
  } else if (calls.addresses.size < MOST_ADDRESSES) calls.addresses.set(older.address, older);
}

function countOf(counts: HourCount[], part: CalledPart, verdict: string): HourCount {
  const hourStartMs = part.atMs - (part.atMs % HOUR_MS);
  const { api, version, operationId } = part;
  const known = counts.find(
    (count) =>
      count.operation_id === operationId &&
      count.verdict === verdict &&
      count.start_ms === hourStartMs &&
      count.version === version &&
      count.api_slug === api,
  );
  if (known) return known;
  const added = {
    application_id: part.applicationId,
    start_ms: hourStartMs,
    key_id: part.keyId,
    api_slug: api,
    version,
    operation_id: operationId,
    verdict,
    ...noMeasures(),
  };
  counts.push(added);
  return added;
}

function isSameCount(one: HourCount, other: HourCount): boolean {
  return (
    one.operation_id === other.operation_id &&
    one.verdict === other.verdict &&
    one.start_ms === other.start_ms &&
    one.version === other.version &&
    one.api_slug === other.api_slug
  );
}
