import { type PlanLimitColumns, type PlanLimits, readPlanLimits } from '../plans/plan-limits.ts';

/** Texts of limits kept in memory. */
const MOST_PLANS = 1_000;
const known = new Map<string, PlanLimits>();

/** One object for all subscriptions to a plan, as long as its limits stay the same: a plan that changed is another text. */
export function readLimits(row: PlanLimitColumns): PlanLimits {
  const text = row.limits ?? `${row.rate_limit} ${row.rate_window_seconds} ${row.quota} ${row.quota_period}`;
  const remembered = known.get(text);
  if (remembered) return remembered;
  if (known.size >= MOST_PLANS) known.clear();
  const limits = readPlanLimits(row);
  known.set(text, limits);
  return limits;
}
