import type { QuotaPeriod } from './quota-window.ts';

/** What uses a limit up: every call as one, or what the call costs (1 unless something says otherwise). */
export type Counts = 'cost' | 'calls';

/** Most calls in a short time: `burst` at once, and then one every `perSeconds / calls`. */
export interface RateLimit {
  /** Unique among the limits that can apply to one call; headers and problem documents use it. */
  name: string;
  calls: number;
  perSeconds: number;
  burst: number;
  counts: Counts;
}

/** Most calls in a calendar day or month. */
export interface Quota {
  /** As that of a rate limit. */
  name: string;
  calls: number;
  per: QuotaPeriod;
  /** IANA name; midnight and the first of the month are those of this zone. */
  timeZone: string;
  /** Hard: a call whose count cannot be known or kept is refused. Soft: it passes. */
  hard: boolean;
  /** How far calls may go on above `calls` before they are refused, in percent; 0 for a hard quota. */
  overrunPercent: number;
  counts: Counts;
}

export interface Limits {
  readonly rateLimits: readonly RateLimit[];
  readonly quotas: readonly Quota[];
}

export interface OperationLimits extends Limits {
  /** What one call costs; null leaves it to the document. */
  readonly cost: number | null;
}

/** All limits of a plan. Those of `perKey` and `operations` apply besides the subscription's own. */
export interface PlanLimits extends Limits {
  readonly perKey: Limits;
  /** By operation id. */
  readonly operations: Readonly<Record<string, OperationLimits>>;
}

export const NO_LIMITS: Limits = { rateLimits: [], quotas: [] };

/** Where calls are refused: the quota and its overrun. */
export function mostCalls({ calls, overrunPercent }: Quota): number {
  return Math.floor(calls + (calls * overrunPercent) / 100);
}

/** What a row of the table `plan` says. */
export interface PlanLimitColumns {
  rate_limit: number;
  rate_window_seconds: number;
  quota: number;
  quota_period: QuotaPeriod;
  /** JSON of PlanLimits; null: the other columns say everything. */
  limits: string | null;
}

export function readPlanLimits(row: PlanLimitColumns): PlanLimits {
  // Written by this program, from a file that was checked.
  if (row.limits !== null) return JSON.parse(row.limits) as PlanLimits;
  return plainLimits(row.rate_limit, row.rate_window_seconds, row.quota, row.quota_period);
}

/** One rate limit and one quota, as most plans have. */
export function plainLimits(calls: number, perSeconds: number, quota: number, per: QuotaPeriod): PlanLimits {
  return {
    rateLimits: [{ name: 'rate', calls, perSeconds, burst: calls, counts: 'cost' }],
    quotas: [{ name: 'quota', calls: quota, per, timeZone: 'UTC', hard: false, overrunPercent: 0, counts: 'cost' }],
    perKey: NO_LIMITS,
    operations: {},
  };
}

/** The row of a plan; the first of each kind also stands in columns of its own. */
export function toPlanLimitColumns(limits: PlanLimits): PlanLimitColumns {
  const [rate] = limits.rateLimits;
  const [quota] = limits.quotas;
  return {
    rate_limit: rate?.calls ?? 0,
    rate_window_seconds: rate?.perSeconds ?? 1,
    quota: quota?.calls ?? 0,
    quota_period: quota?.per ?? 'month',
    limits: JSON.stringify(limits),
  };
}
