import type { PlanLimits } from './plan-limits.ts';

export { type QuotaPeriod, type QuotaWindow, quotaWindowAt } from './quota-window.ts';

/** A bundle of scopes and limits that an API offers. */
export interface Plan {
  apiSlug: string;
  slug: string;
  title: string;
  summary: string;
  scopes: readonly string[];
  limits: PlanLimits;
  /** Longest time in which a rotated key and its successor both work. */
  overlapMaxDays: number;
  /** Keys are to be rotated at least this often; null when the plan asks for nothing. */
  rotationIntervalDays: number | null;
  /** Keys expire this long after they were issued at the latest; null when they need not. */
  maxLifetimeDays: number | null;
  /** null when the plan says nothing about keys that are not used. */
  dormancy: DormancyRule | null;
  /** An owner decides about each subscription; absent: everybody may have it. */
  approval?: 'required';
}

/** What happens to a key that was not called for so long: its team is reminded, or the key suspended as well. */
export interface DormancyRule {
  days: number;
  action: 'remind' | 'suspend';
}

/** What the plans of one application ask of its keys; of several plans the strictest. */
export interface KeyRules {
  overlapMaxMs: number;
  rotationIntervalDays: number | null;
  maxLifetimeDays: number | null;
}

export const OVERLAP_MAX_DAYS_DEFAULT = 30;
