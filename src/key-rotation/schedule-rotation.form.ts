import { z } from 'zod';

import type { Parsed } from '../platform/parsed.ts';
import { parseStrictForm } from '../platform/strict-form.ts';
import { ROTATION_INTERVAL_MAX_DAYS } from '../keys/api-key.ts';

const MESSAGE = `Choose none, or a number of days from 1 to ${ROTATION_INTERVAL_MAX_DAYS}.`;

const schema = z.strictObject({
  interval: z
    .string(MESSAGE)
    .trim()
    .regex(/^(none|[1-9]\d{0,2})$/, MESSAGE)
    .transform((text) => (text === 'none' ? null : Number(text)))
    .refine((days) => days === null || days <= ROTATION_INTERVAL_MAX_DAYS, MESSAGE),
});

/** Field: `interval` (`none` or a number of days). */
export function parseScheduleRotationForm(form: FormData): Parsed<{ rotationIntervalDays: number | null }> {
  const parsed = parseStrictForm(form, schema);
  return parsed.ok ? { ok: true, value: { rotationIntervalDays: parsed.value.interval } } : parsed;
}
