import { z } from 'zod';

import { nameField } from '../applications/text.form.ts';
import type { FieldErrors, Parsed } from '../platform/parsed.ts';
import { parseStrictForm } from '../platform/strict-form.ts';
import { newAllowlistField } from '../key-restrictions/allowlist.form.ts';
import { DAY_MS, type Environment, KEY_NAME_MAX_LENGTH } from './api-key.ts';
import { readLastDay } from '../key-rotation/calendar-day.form.ts';
import type { AllowlistEntry } from '../key-restrictions/key-restrictions.ts';
import { requestIdField } from './request-id.form.ts';

export interface IssueKeyRequest {
  name: string;
  environment: Environment;
  /** First moment at which the key no longer works; null for never. */
  expiresAtMs: number | null;
  /** Empty means any address. */
  allowlist: readonly AllowlistEntry[];
  /** Made when the form was rendered: a form that is sent twice makes one key. */
  requestId: string;
}

const CHOOSE = 'Choose when the key ends, or enter a date such as 2027-01-31.';
const DAYS: Readonly<Record<string, number>> = { '30': 30, '90': 90, '365': 365 };

/**
 * Fields: `name`; `environment` (`live` or `test`); `expiry` (`never`, `30`, `90` or `365` days, the last day
 * `yyyy-mm-dd` on which the key works, UTC, or `until` and that day in `until`); `allowlist`; `requestId`.
 */
export function parseIssueKeyForm(form: FormData, nowMs: number): Parsed<IssueKeyRequest> {
  const until = form.get('until');
  const parsed = parseStrictForm(form, formSchema(nowMs, typeof until === 'string' ? until : ''));
  if (!parsed.ok) return { ...parsed, errors: atItsField(parsed.errors, form.get('expiry')) };
  const { name, environment, expiry, allowlist, requestId } = parsed.value;
  return { ok: true, value: { name, environment, expiresAtMs: expiry, allowlist, requestId } };
}

/** What is wrong with a date is told beside the date. */
function atItsField({ expiry, ...errors }: FieldErrors, chosen: FormDataEntryValue | null): FieldErrors {
  if (expiry === undefined) return errors;
  return chosen === 'until' ? { ...errors, until: expiry } : { ...errors, expiry };
}

function formSchema(nowMs: number, until: string) {
  return z.strictObject({
    name: nameField(KEY_NAME_MAX_LENGTH),
    environment: z.enum(['live', 'test'], 'Choose live or test.'),
    expiry: z.string(CHOOSE).transform((text, context): number | null => {
      const expiry = readExpiry((text === 'until' ? until : text).trim(), nowMs);
      if (expiry.ok) return expiry.atMs;
      context.addIssue({ code: 'custom', message: expiry.problem });
      return z.NEVER;
    }),
    until: z.string(CHOOSE).default(''),
    allowlist: newAllowlistField,
    requestId: requestIdField,
  });
}

type Expiry = { ok: true; atMs: number | null } | { ok: false; problem: string };

function readExpiry(text: string, nowMs: number): Expiry {
  if (text === 'never') return { ok: true, atMs: null };
  const days = Object.hasOwn(DAYS, text) ? DAYS[text] : undefined;
  if (days !== undefined) return { ok: true, atMs: nowMs + days * DAY_MS };
  const day = readLastDay(text, nowMs);
  if (!day) return { ok: false, problem: CHOOSE };
  return day.ok ? { ok: true, atMs: day.endsAtMs } : day;
}
