import { z } from 'zod';

const days = (least: number) =>
  z
    .string()
    .regex(/^[1-9]\d{0,3}$/, 'must be a number of days')
    .refine((value) => Number(value) >= least, `must be ${least} or more`);

/** What operating Gatehouse needs: how long statistics are kept, and who may read metrics. */
export const operationsSettings = {
  USAGE_HOURS_KEPT_DAYS: {
    meaning: 'Days for which calls are kept by the hour.',
    defaultText: '35',
    // Events of an access log may be 30 days old.
    schema: days(31),
  },
  USAGE_DAYS_KEPT_DAYS: {
    meaning: 'Days for which calls are kept by the day. By the month they are kept for ever.',
    defaultText: '400',
    schema: days(100),
  },
  METRICS_TOKEN: {
    meaning:
      'Secret that Prometheus presents to read /metrics of the portal and of the verifier, as Authorization: Bearer. Unset: the portal has no /metrics, and the verifier shows it to gateways only.',
    defaultText: null,
    schema: z.string().min(32, 'must be 32 characters or more, for example from: openssl rand -base64 32').optional(),
    secret: 'optional',
  },
} as const;
