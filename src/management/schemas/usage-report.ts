import { z } from 'zod';

import { type KeyAddress, USAGE_RANGES, type UsageRange, type UsageReport, type UsageSum } from '../../usage/usage.ts';
import { nextCursor } from './parts.ts';
import { answerSchema, time, timeText } from './registry.ts';

const ranges = Object.keys(USAGE_RANGES) as UsageRange[];

export const usageRangeQuery = z.strictObject({
  range: z
    .enum(ranges, `range must be one of ${ranges.join(', ')}.`)
    .default('30d')
    .meta({ description: 'How far to look back from now (UTC).', examples: ['30d'] }),
});

const latency = () =>
  z.number().nullable().meta({ description: 'Estimated from a histogram; null where nothing is known.' });

const sum = {
  allowed: z.int(),
  refused: z.int(),
  answers: z
    .object({ success: z.int(), redirect: z.int(), clientError: z.int(), serverError: z.int(), unknown: z.int() })
    .meta({ description: 'How allowed calls were answered; `unknown` where no gateway has told.' }),
  medianMs: latency(),
  p95Ms: latency(),
};

export const usageReportSchema = answerSchema(
  'UsageReport',
  z.object({
    range: z.enum(ranges),
    grain: z.enum(['hour', 'day', 'month']),
    total: z.object(sum),
    slots: z
      .array(z.object({ from: time(), until: time(), ...sum }))
      .meta({ description: 'Oldest first, also those without a call.' }),
    byOperation: z
      .array(z.object({ api: z.string(), version: z.string(), operationId: z.string(), ...sum }))
      .meta({ description: 'Busiest first.' }),
    byKey: z
      .array(z.object({ keyId: z.string(), ...sum }))
      .meta({ description: 'Busiest first; empty in the report of an API.' }),
    byRefusal: z.array(z.object({ code: z.string().meta({ examples: ['rate_limited'] }), calls: z.int() })),
  }),
);

export const keyAddressesSchema = answerSchema(
  'KeyAddresses',
  z.object({
    addresses: z
      .array(
        z.object({
          address: z.string().meta({ examples: ['203.0.113.7'] }),
          firstSeenAt: time(),
          lastSeenAt: time(),
          calls: z.int(),
        }),
      )
      .meta({ description: 'By their first call, newest first; of the 1000 that called last.' }),
    nextCursor,
  }),
);

export function describeUsageReport({ range, grain, total, ...report }: UsageReport) {
  return {
    range,
    grain,
    total: describeSum(total),
    slots: report.slots.map((slot) => ({
      from: timeText(slot.startMs),
      until: timeText(slot.endMs),
      ...describeSum(slot),
    })),
    byOperation: report.byOperation.map((line) => ({
      api: line.apiSlug,
      version: line.version,
      operationId: line.operationId,
      ...describeSum(line),
    })),
    byKey: report.byKey.map((line) => ({ keyId: line.keyId, ...describeSum(line) })),
    byRefusal: report.byRefusal.map(({ verdict, calls }) => ({ code: verdict, calls })),
  };
}

export function describeAddress({ address, firstSeenAtMs, lastSeenAtMs, calls }: KeyAddress) {
  return { address, firstSeenAt: timeText(firstSeenAtMs), lastSeenAt: timeText(lastSeenAtMs), calls };
}

function describeSum({ allowed, refused, answers, medianMs, p95Ms }: UsageSum): UsageSum {
  return { allowed, refused, answers, medianMs, p95Ms };
}
