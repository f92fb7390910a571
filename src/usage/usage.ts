import type { Quota, RateLimit } from '../plans/plan-limits.ts';

/** One quota and what is used of it, as the portal shows it. */
export interface QuotaUsage extends Pick<Quota, 'name' | 'per' | 'timeZone' | 'hard' | 'counts'> {
  subscriptionId: string;
  apiSlug: string;
  planSlug: string;
  /** '' when it is for all operations. */
  operationId: string;
  /** First key of the chain of rotations that it is for; '' when it is the subscription's. */
  keyId: string;
  used: number;
  limit: number;
  /** From here on calls are refused: `limit` and its overrun. */
  most: number;
  /** When the quota renews. */
  resetAtMs: number;
}

/** The rate limits of one subscription. */
export interface SubscriptionRates {
  subscriptionId: string;
  apiSlug: string;
  planSlug: string;
  rateLimits: readonly RateLimit[];
}

export interface DayCount {
  dayStartMs: number;
  allowed: number;
  refused: number;
}

export interface OperationCount {
  apiSlug: string;
  version: string;
  operationId: string;
  allowed: number;
  refused: number;
}

export interface KeyCount {
  keyId: string;
  allowed: number;
  refused: number;
}

export interface KeyActivity {
  keyId: string;
  /** Whatever the answer was; null when it was before this was noted. */
  firstCalledAtMs: number | null;
  /** null: never allowed. */
  lastAllowedAtMs: number | null;
  lastCalledAtMs: number;
  lastAddress: string;
  lastVerdict: string;
  leakedInQueryAtMs: number | null;
}

/** From where a key was used, and how often. */
export interface KeyAddress {
  address: string;
  firstSeenAtMs: number;
  lastSeenAtMs: number;
  calls: number;
}

/** Usage of one application over the last `days` days (UTC), today included; `days.length` is always that number. */
export interface ApplicationUsage {
  days: readonly DayCount[];
  byOperation: readonly OperationCount[];
  byKey: readonly KeyCount[];
  /** Refusal code -> calls, most first. */
  byRefusal: readonly { verdict: string; calls: number }[];
  /** Those of the subscription first, then those of operations and keys. */
  quotas: readonly QuotaUsage[];
  rateLimits: readonly SubscriptionRates[];
}

/** What a report can look back over. */
export const USAGE_RANGES = {
  '24h': { grain: 'hour', slots: 24 },
  '7d': { grain: 'day', slots: 7 },
  '30d': { grain: 'day', slots: 30 },
  '90d': { grain: 'day', slots: 90 },
  '13m': { grain: 'month', slots: 13 },
} as const;

export type UsageRange = keyof typeof USAGE_RANGES;

/** How calls were answered. `unknown`: allowed, but no gateway has told. */
export interface AnswerCounts {
  success: number;
  redirect: number;
  clientError: number;
  serverError: number;
  unknown: number;
}

/** Latencies in ms, estimated from a histogram; null where none is known. */
export interface UsageSum {
  allowed: number;
  refused: number;
  answers: AnswerCounts;
  medianMs: number | null;
  p95Ms: number | null;
}

export type UsageSlot = UsageSum & { startMs: number; endMs: number };
export type OperationUsage = UsageSum & { apiSlug: string; version: string; operationId: string };
export type KeyUsage = UsageSum & { keyId: string };

/** What an application, a key or an API did, over a range that ends now. */
export interface UsageReport {
  range: UsageRange;
  grain: 'hour' | 'day' | 'month';
  total: UsageSum;
  /** Oldest first, also those without a call. */
  slots: readonly UsageSlot[];
  /** Busiest first. */
  byOperation: readonly OperationUsage[];
  /** Empty over all applications. */
  byKey: readonly KeyUsage[];
  /** Refusal code -> calls, most first. */
  byRefusal: readonly { verdict: string; calls: number }[];
}
