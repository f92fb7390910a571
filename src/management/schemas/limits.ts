import { z } from 'zod';

import type { PlanLimits, RateLimit } from '../../plans/plan-limits.ts';
import type { QuotaUsage, SubscriptionRates } from '../../usage/usage.ts';
import { time, timeText } from './registry.ts';

const name = z.string().meta({ description: 'As the headers of the gateway name it.', examples: ['quota'] });
const per = z.enum(['day', 'month']);
const timeZone = z.string().meta({ description: 'Its midnight and its first of the month count.', examples: ['UTC'] });

const counts = z.enum(['cost', 'calls']).meta({ description: 'Each call as one, or what it costs.' });

const rateLimit = z.object({
  name: z.string().meta({ description: 'As the headers of the gateway name it.', examples: ['rate'] }),
  calls: z.int(),
  perSeconds: z.int(),
  burst: z.int().meta({ description: 'Calls that may come at once.' }),
  counts,
});

/** Of a plan, for the whole subscription; there may be others for single operations and keys. */
export const planLimits = {
  rateLimits: z.array(rateLimit),
  quotas: z.array(
    z.object({ name, calls: z.int(), per, timeZone, hard: z.boolean(), overrunPercent: z.number(), counts }),
  ),
};

export const quotaUsage = z.object({
  api: z.string().meta({ examples: ['parcels'] }),
  plan: z.string().meta({ examples: ['free'] }),
  name,
  operationId: z.string().nullable().meta({ description: 'null when it counts all operations.' }),
  per,
  timeZone,
  used: z.int(),
  limit: z.int(),
  resetAt: time(),
});

export const subscriptionRates = z.object({ api: z.string(), plan: z.string(), rateLimits: z.array(rateLimit) });

export function describeLimits({ rateLimits, quotas }: PlanLimits) {
  return {
    rateLimits: rateLimits.map(describeRateLimit),
    quotas: quotas.map((quota) => ({
      name: quota.name,
      calls: quota.calls,
      per: quota.per,
      timeZone: quota.timeZone,
      hard: quota.hard,
      overrunPercent: quota.overrunPercent,
      counts: quota.counts,
    })),
  };
}

export function describeQuotaUsage(quota: QuotaUsage) {
  return {
    api: quota.apiSlug,
    plan: quota.planSlug,
    name: quota.name,
    operationId: quota.operationId === '' ? null : quota.operationId,
    per: quota.per,
    timeZone: quota.timeZone,
    used: quota.used,
    limit: quota.limit,
    resetAt: timeText(quota.resetAtMs),
  };
}

export function describeRates({ apiSlug, planSlug, rateLimits }: SubscriptionRates) {
  return { api: apiSlug, plan: planSlug, rateLimits: rateLimits.map(describeRateLimit) };
}

function describeRateLimit({ name: rate, calls, perSeconds, burst, counts: what }: RateLimit) {
  return { name: rate, calls, perSeconds, burst, counts: what };
}
