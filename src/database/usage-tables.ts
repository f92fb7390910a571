import type { PolicyUsageTables } from './policy-tables.ts';

import type { Generated } from 'kysely';

/** The usage database, written by the verifier only (on PostgreSQL: tables of the same database). */
export interface UsageSchema extends PolicyUsageTables {
  /** `counter` says who is counted, what, and over which window, such as `sub_1 cost day Europe/Berlin`. */
  quota_count: { counter: string; window_start_ms: number; used: number };
  /** Up to which batch of which journal the counts hold what was taken. */
  /** One row: a sum over `quota_count`, see `usage/count-seal.ts`. */
  quota_seal: { id: number; seal: number };
  counter_journal: { journal_id: string; sequence: number };
  /** Costs that were reported after the call: each once. */
  reported_cost: { report_id: string; at_ms: number };
  /** A share of a quota that was reached; the portal tells people. */
  quota_mark: {
    counter: string;
    window_start_ms: number;
    threshold_percent: number;
    subscription_id: string;
    operation_id: string;
    key_id: string;
    quota_name: string;
    quota_calls: number;
    used: number;
    window_end_ms: number;
    at_ms: number;
  };
  /** What the keys of an application called in an hour, a day or a month (UTC), all three written at once. */
  call_total: TotalKey & { application_id: string; key_id: string } & Measures;
  /** The same over all keys. */
  api_total: TotalKey & Measures;
  /** Who called an API: calls by key and operation on each of 28 days (UTC), of callers that were not refused as strangers. */
  api_caller: {
    api_slug: string;
    /** Of the 28 days; `d0` is its first one. */
    block_start_ms: number;
    application_id: string;
    key_id: string;
    version: string;
    /** '' when no operation matched. */
    operation_id: string;
  } & Record<DayColumn, Generated<number>>;
  key_activity: {
    key_id: string;
    application_id: string;
    last_called_at_ms: number;
    last_address: string;
    last_verdict: string;
    /** When the whole token was last seen in a query string (yardstick A25); null if never. */
    leaked_in_query_at_ms: number | null;
    /** Whatever the answer was; null when it was before this was noted. */
    first_called_at_ms: number | null;
    /** null: never allowed. */
    last_allowed_at_ms: number | null;
  };
  /** A key whose call showed its token: hashes in hex, the one it is stored under and the one under the current pepper. */
  key_rehash: { key_id: string; former_hash: string; token_hash: string; pepper_id: number; at_ms: number };
  /** From where a key was used: about the newest thousand addresses. */
  key_address: {
    key_id: string;
    address: string;
    first_seen_at_ms: number;
    last_seen_at_ms: number;
    calls: number;
  };
  /** Batches of access-log events that were counted: each once, however often it is sent. */
  event_batch: {
    id: string;
    body_sha256: string;
    received_at_ms: number;
    /** What was answered, JSON. */
    result: string;
  };
}

type Digit = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9;
type DayColumn = `d${Digit | `1${Digit}` | `2${Exclude<Digit, 8 | 9>}`}`;

interface TotalKey {
  api_slug: string;
  grain: 'hour' | 'day' | 'month';
  start_ms: number;
  version: string;
  /** '' when no operation matched. */
  operation_id: string;
  /** `allowed` or the code of the refusal. */
  verdict: string;
}

/** Answers are known only where the gateway tells them: the built-in one, or one whose access log is sent. */
export interface Measures {
  calls: number;
  answers_2xx: number;
  answers_3xx: number;
  answers_4xx: number;
  answers_5xx: number;
  /** Sum over all answers whose latency is known. */
  latency_ms: number;
  /** How many of them took at most that many ms, and more than the bound before. */
  latency_10: number;
  latency_25: number;
  latency_50: number;
  latency_100: number;
  latency_250: number;
  latency_500: number;
  latency_1000: number;
  latency_2500: number;
  latency_5000: number;
  latency_more: number;
}
