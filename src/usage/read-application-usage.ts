import { type Plan, quotaWindowAt } from '../plans/plan.ts';
import type { ApplicationUsage, DayCount, QuotaUsage } from './usage.ts';
import type { DayVerdict, UsageStore } from './usage-store.ts';

const DAY_MS = 86_400_000;

export interface ApplicationUsageRequest {
  applicationId: string;
  /** Subscriptions that have not ended. */
  subscriptions: readonly { id: string; plan: Plan }[];
  /** Days to look back, today (UTC) included. */
  days: number;
}

/** What one application called, as its page shows it. */
export async function readApplicationUsage(
  store: UsageStore,
  { applicationId, subscriptions, days }: ApplicationUsageRequest,
  nowMs: number,
): Promise<ApplicationUsage> {
  const sinceMs = nowMs - (nowMs % DAY_MS) - (days - 1) * DAY_MS;
  const byDay = await store.countsByDay(applicationId, sinceMs);
  const byOperation = await store.countsByOperation(applicationId, sinceMs);
  const byKey = await store.countsByKey(applicationId, sinceMs);
  return {
    days: fillDays(byDay, sinceMs, days),
    byOperation: sumVerdicts(byOperation, (row) => `${row.apiSlug} ${row.version} ${row.operationId}`),
    byKey: sumVerdicts(byKey, (row) => row.keyId),
    byRefusal: refusalsOf(byDay),
    quotas: await Promise.all(subscriptions.map((subscription) => readQuota(store, subscription, nowMs))),
  };
}

async function readQuota(
  store: UsageStore,
  { id, plan }: ApplicationUsageRequest['subscriptions'][number],
  nowMs: number,
): Promise<QuotaUsage> {
  const window = quotaWindowAt(plan.quotaPeriod, nowMs);
  return {
    subscriptionId: id,
    apiSlug: plan.apiSlug,
    planSlug: plan.slug,
    used: (await store.findQuotaUsed(id, window.startMs)) ?? 0,
    limit: plan.quota,
    resetAtMs: window.endMs,
    rateLimit: plan.rateLimit,
    rateWindowSeconds: plan.rateWindowSeconds,
  };
}

function fillDays(rows: readonly DayVerdict[], sinceMs: number, days: number): DayCount[] {
  const sums = new Map(sumVerdicts(rows, (row) => String(row.dayStartMs)).map((day) => [day.dayStartMs, day]));
  return Array.from({ length: days }, (_, index) => {
    const dayStartMs = sinceMs + index * DAY_MS;
    const { allowed, refused } = sums.get(dayStartMs) ?? { allowed: 0, refused: 0 };
    return { dayStartMs, allowed, refused };
  });
}

type Named<Row> = Omit<Row, 'verdict' | 'calls'> & { allowed: number; refused: number };

/** One line per name, busiest first. */
function sumVerdicts<Row extends { verdict: string; calls: number }>(
  rows: readonly Row[],
  nameOf: (row: Row) => string,
): Named<Row>[] {
  const sums = new Map<string, Named<Row>>();
  for (const row of rows) {
    const { verdict, calls, ...names } = row;
    const sum = sums.get(nameOf(row)) ?? { ...names, allowed: 0, refused: 0 };
    if (verdict === 'allowed') sum.allowed += calls;
    else sum.refused += calls;
    sums.set(nameOf(row), sum);
  }
  return [...sums.values()].sort((a, b) => b.allowed + b.refused - a.allowed - a.refused);
}

function refusalsOf(rows: readonly DayVerdict[]): { verdict: string; calls: number }[] {
  const sums = new Map<string, number>();
  for (const { verdict, calls } of rows) {
    if (verdict !== 'allowed') sums.set(verdict, (sums.get(verdict) ?? 0) + calls);
  }
  return Array.from(sums, ([verdict, calls]) => ({ verdict, calls })).sort((a, b) => b.calls - a.calls);
}
