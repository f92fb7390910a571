/** A bundle of scopes, a rate limit and a quota that an API offers. */
export interface Plan {
  apiSlug: string;
  slug: string;
  title: string;
  summary: string;
  scopes: readonly string[];
  /** Most calls in `rateWindowSeconds`. */
  rateLimit: number;
  rateWindowSeconds: number;
  /** Most calls in a calendar day or month (UTC). */
  quota: number;
  quotaPeriod: QuotaPeriod;
  /** Longest time in which a rotated key and its successor both work. */
  overlapMaxDays: number;
  /** Keys are to be rotated at least this often; null when the plan asks for nothing. */
  rotationIntervalDays: number | null;
}

/** What the plans of one application ask of its keys; of several plans the strictest. */
export interface KeyRules {
  overlapMaxMs: number;
  rotationIntervalDays: number | null;
}

export const OVERLAP_MAX_DAYS_DEFAULT = 30;

export type QuotaPeriod = 'day' | 'month';

/** A calendar window in UTC: people expect a quota to renew at midnight, not 24 hours after the first call. */
export interface QuotaWindow {
  startMs: number;
  /** First moment of the next window: when the quota renews. */
  endMs: number;
}

export function quotaWindowAt(period: QuotaPeriod, nowMs: number): QuotaWindow {
  const now = new Date(nowMs);
  const [year, month, day] = [now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()];
  return period === 'day'
    ? { startMs: Date.UTC(year, month, day), endMs: Date.UTC(year, month, day + 1) }
    : { startMs: Date.UTC(year, month, 1), endMs: Date.UTC(year, month + 1, 1) };
}
