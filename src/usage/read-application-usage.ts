import type { Plan } from '../plans/plan.ts';
import type { ApplicationUsage, DayCount } from './usage.ts';
import { readQuotas } from './read-quotas.ts';
import { DAY_MS, slotStart } from './time-slots.ts';
import type { SlotSum, UsageReadingStore } from './usage-reading-store.ts';
import type { UsageStore } from './usage-store.ts';

export interface ReadUsageDeps {
  reading: Pick<UsageReadingStore, 'slots' | 'parts'>;
  quotas: Pick<UsageStore, 'findQuotaUsed'>;
}

export interface ApplicationUsageRequest {
  applicationId: string;
  /** Subscriptions that have not ended. */
  subscriptions: readonly { id: string; plan: Plan }[];
  /** First keys of the chains of rotations whose own quotas are asked for. */
  keyIds?: readonly string[];
  /** Days to look back, today (UTC) included. */
  days: number;
}

/** What one application called, as its page shows it. */
export async function readApplicationUsage(
  { reading, quotas }: ReadUsageDeps,
  { applicationId, subscriptions, keyIds = [], days }: ApplicationUsageRequest,
  nowMs: number,
): Promise<ApplicationUsage> {
  const sinceMs = slotStart('day', nowMs) - (days - 1) * DAY_MS;
  const question = { scope: { of: 'application', applicationId }, grain: 'day', sinceMs } as const;
  const byDay = await reading.slots(question);
  const parts = await reading.parts(question);
  return {
    days: fillDays(byDay, sinceMs, days),
    byOperation: sumVerdicts(
      parts.map(({ apiSlug, version, operationId, verdict, calls }) => ({
        apiSlug,
        version,
        operationId,
        verdict,
        calls,
      })),
      (row) => `${row.apiSlug} ${row.version} ${row.operationId}`,
    ),
    byKey: sumVerdicts(
      parts.map(({ keyId, verdict, calls }) => ({ keyId, verdict, calls })),
      (row) => row.keyId,
    ),
    byRefusal: refusalsOf(byDay),
    quotas: await readQuotas(quotas, subscriptions, keyIds, nowMs),
    rateLimits: subscriptions.map(({ id, plan }) => ({
      subscriptionId: id,
      apiSlug: plan.apiSlug,
      planSlug: plan.slug,
      rateLimits: plan.limits.rateLimits,
    })),
  };
}

function fillDays(rows: readonly SlotSum[], sinceMs: number, days: number): DayCount[] {
  const sums = new Map(
    sumVerdicts(
      rows.map(({ startMs, verdict, calls }) => ({ startMs, verdict, calls })),
      (row) => String(row.startMs),
    ).map((day) => [day.startMs, day]),
  );
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

function refusalsOf(rows: readonly SlotSum[]): { verdict: string; calls: number }[] {
  const sums = new Map<string, number>();
  for (const { verdict, calls } of rows) {
    if (verdict !== 'allowed') sums.set(verdict, (sums.get(verdict) ?? 0) + calls);
  }
  return Array.from(sums, ([verdict, calls]) => ({ verdict, calls })).sort((a, b) => b.calls - a.calls);
}
