/** What was counted, as the portal shows it. */
export interface QuotaUsage {
  subscriptionId: string;
  apiSlug: string;
  planSlug: string;
  used: number;
  limit: number;
  /** When the quota renews. */
  resetAtMs: number;
  rateLimit: number;
  rateWindowSeconds: number;
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
  lastCalledAtMs: number;
  lastAddress: string;
  lastVerdict: string;
  leakedInQueryAtMs: number | null;
}

/** Usage of one application over the last `days` days (UTC), today included; `days.length` is always that number. */
export interface ApplicationUsage {
  days: readonly DayCount[];
  byOperation: readonly OperationCount[];
  byKey: readonly KeyCount[];
  /** Refusal code -> calls, most first. */
  byRefusal: readonly { verdict: string; calls: number }[];
  quotas: readonly QuotaUsage[];
}
