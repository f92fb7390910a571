import { z } from 'zod';

import type { ApplicationUsage } from '../../usage/usage.ts';
import { describeQuotaUsage, quotaUsage } from './limits.ts';
import { answerSchema, timeText } from './registry.ts';

const DAYS_MAX = 90;
const DAYS = `days must be a number from 1 to ${DAYS_MAX}.`;

export const usageQuery = z.strictObject({
  days: z
    .string()
    .regex(/^[1-9]\d?$/, DAYS)
    .transform(Number)
    .refine((days) => days <= DAYS_MAX, DAYS)
    .default(30)
    .meta({ description: `How many days (UTC), today included: 1 to ${DAYS_MAX}.`, examples: ['30'] }),
});

const calls = { allowed: z.int(), refused: z.int() };

export const usageSchema = answerSchema(
  'Usage',
  z.object({
    days: z.array(z.object({ day: z.iso.date().meta({ examples: ['2026-11-25'] }), ...calls })),
    byOperation: z.array(z.object({ api: z.string(), version: z.string(), operationId: z.string(), ...calls })),
    byKey: z.array(z.object({ keyId: z.string(), ...calls })),
    byRefusal: z.array(z.object({ code: z.string().meta({ examples: ['rate_limited'] }), calls: z.int() })),
    quotas: z.array(quotaUsage),
  }),
);

export function describeUsage({ days, byOperation, byKey, byRefusal, quotas }: ApplicationUsage) {
  return {
    days: days.map(({ dayStartMs, allowed, refused }) => ({
      day: timeText(dayStartMs).slice(0, 10),
      allowed,
      refused,
    })),
    byOperation: byOperation.map(({ apiSlug, version, operationId, allowed, refused }) => ({
      api: apiSlug,
      version,
      operationId,
      allowed,
      refused,
    })),
    byKey: byKey.map(({ keyId, allowed, refused }) => ({ keyId, allowed, refused })),
    byRefusal: byRefusal.map(({ verdict, calls: count }) => ({ code: verdict, calls: count })),
    quotas: quotas.map(describeQuotaUsage),
  };
}
