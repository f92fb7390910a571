import { z } from 'zod';

import { textField } from '../applications/text.form.ts';
import type { Parsed } from '../platform/parsed.ts';
import { parseStrictForm } from '../platform/strict-form.ts';
import { readMoment } from './moment-text.ts';
import { REASON_MAX_LENGTH } from './reason-limit.ts';

/** What the sender has seen. */
export const revisionField = z
  .string()
  .regex(/^\d{1,9}$/, 'Reload the page and try again.')
  .transform(Number);

const reason = textField(REASON_MAX_LENGTH).refine((text) => text !== '', 'Say why, in a sentence for readers.');

/** Field: `revision`. */
export function parseSeenForm(form: FormData): Parsed<{ revision: number }> {
  return parseStrictForm(form, z.strictObject({ revision: revisionField }));
}

/** Fields: `revision`, and `publishAt` (UTC; empty: now). */
export function parsePublishNoticeForm(form: FormData): Parsed<{ revision: number; publishAtMs: number | null }> {
  const publishAt = z
    .string()
    .default('')
    .transform((typed, context) => {
      if (typed.trim() === '') return null;
      const atMs = readMoment(typed);
      if (atMs === null) context.addIssue('Enter a date and time (UTC), such as 2027-03-01T09:00, or nothing for now.');
      return atMs;
    });
  const parsed = parseStrictForm(form, z.strictObject({ revision: revisionField, publishAt }));
  if (!parsed.ok) return parsed;
  return { ok: true, value: { revision: parsed.value.revision, publishAtMs: parsed.value.publishAt } };
}

/** Fields: `revision`, `reason`, and `tell`: `yes` mails everybody it concerns once more. */
export function parseCorrectNoticeForm(form: FormData): Parsed<{ revision: number; reason: string; isTold: boolean }> {
  const tell = z.enum(['yes', 'no'], 'Choose whether it is mailed again.');
  const parsed = parseStrictForm(form, z.strictObject({ revision: revisionField, reason, tell }));
  if (!parsed.ok) return parsed;
  return { ok: true, value: { ...parsed.value, isTold: parsed.value.tell === 'yes' } };
}

/** Fields: `revision` and `reason`. */
export function parseWithdrawNoticeForm(form: FormData): Parsed<{ revision: number; reason: string }> {
  return parseStrictForm(form, z.strictObject({ revision: revisionField, reason }));
}
