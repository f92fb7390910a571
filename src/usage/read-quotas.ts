import type { Plan } from '../plans/plan.ts';
import { type Quota, mostCalls } from '../plans/plan-limits.ts';
import { quotaWindowAt } from '../plans/quota-window.ts';
import { type Subject, counterName } from './meter.ts';
import type { QuotaUsage } from './usage.ts';
import type { UsageStore } from './usage-store.ts';

interface SubscribedPlan {
  id: string;
  plan: Plan;
}

/**
 * All quotas of these subscriptions with what is used in the windows of `nowMs`.
 * @param keyIds first keys of the chains of rotations whose own quotas are asked for
 */
export async function readQuotas(
  store: Pick<UsageStore, 'findQuotaUsed'>,
  subscriptions: readonly SubscribedPlan[],
  keyIds: readonly string[],
  nowMs: number,
): Promise<QuotaUsage[]> {
  const all = subscriptions.flatMap(({ id, plan }) => quotasOf(id, plan, keyIds).map((found) => ({ ...found, plan })));
  return Promise.all(
    all.map(async ({ quota, subject, plan }): Promise<QuotaUsage> => {
      const window = quotaWindowAt(quota.per, nowMs, quota.timeZone);
      const { name, per, timeZone, hard, counts, calls: limit } = quota;
      const used = (await store.findQuotaUsed(counterName(subject, quota), window.startMs)) ?? 0;
      const about = { apiSlug: plan.apiSlug, planSlug: plan.slug, ...subject };
      return {
        ...about,
        name,
        per,
        timeZone,
        hard,
        counts,
        used,
        limit,
        most: mostCalls(quota),
        resetAtMs: window.endMs,
      };
    }),
  );
}

function quotasOf(
  subscriptionId: string,
  { limits: { quotas, operations, perKey } }: Plan,
  keyIds: readonly string[],
): { quota: Quota; subject: Subject }[] {
  const whole = { subscriptionId, operationId: '', keyId: '' };
  return [
    ...quotas.map((quota) => ({ quota, subject: whole })),
    ...Object.entries(operations).flatMap(([operationId, limits]) =>
      limits.quotas.map((quota) => ({ quota, subject: { ...whole, operationId } })),
    ),
    ...keyIds.flatMap((keyId) => perKey.quotas.map((quota) => ({ quota, subject: { ...whole, keyId } }))),
  ];
}
