import { z } from 'zod';

import { textField } from '../applications/text.form.ts';
import type { Parsed } from '../platform/parsed.ts';
import { parseStrictForm } from '../platform/strict-form.ts';
import { REPORT_MAX_LENGTH, REPORT_STATES, type ReportRequest, type ReportState } from './security-report.ts';

const text = textField(REPORT_MAX_LENGTH);
const written = text.refine((value) => value !== '', 'Describe what you found.');

const report = z
  .strictObject({
    text: written,
    email: z
      .string()
      .trim()
      .max(254, 'Use 254 characters or fewer.')
      .default('')
      .refine(
        (value) => value === '' || z.email().safeParse(value).success,
        'Enter an e-mail address, or leave it out.',
      ),
  })
  .transform((value): ReportRequest => ({ text: value.text, email: value.email === '' ? null : value.email }));

/** Fields: `text`; `email`, may be empty. */
export function parseReportForm(form: FormData): Parsed<ReportRequest> {
  return parseStrictForm(form, report);
}

/** Field: `text`. */
export function parseAddToReportForm(form: FormData): Parsed<{ text: string }> {
  return parseStrictForm(form, z.strictObject({ text: written }));
}

/** Fields: `text`, may be empty; `state`. */
export function parseAnswerReportForm(form: FormData): Parsed<{ text: string; state: ReportState }> {
  return parseStrictForm(form, z.strictObject({ text, state: z.enum(REPORT_STATES, 'Choose a state.') }));
}
