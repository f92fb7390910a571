import { z } from 'zod';

import { nameField } from '../applications/text.form.ts';
import type { Parsed } from '../platform/parsed.ts';
import { parseStrictForm } from '../platform/strict-form.ts';
import { allowlistField } from './allowlist.form.ts';
import { DAY_MS, type Environment, KEY_NAME_MAX_LENGTH } from './api-key.ts';
import { readLastDay } from './calendar-day.form.ts';
import { requestIdField } from './request-id.form.ts';

export interface IssueKeyRequest {
  name: string;
  environment: Environment;
  /** First moment at which the key no longer works; null for never. */
  expiresAtMs: number | null;
  /** Canonical CIDRs; empty means any address. */
  allowlist: readonly string[];
  /** Made when the form was rendered: a form that is sent twice makes one key. */
  requestId: string;
}

const DAYS: Readonly<Record<string, number>> = { '30': 30, '90': 90, '365': 365 };

/**
 * Fields: `name`; `environment` (`live` or `test`); `expiry` (`never`, `30`, `90` or `365` days, or a date
 * `yyyy-mm-dd`, the last day on which the key works, UTC); `allowlist`; `requestId`.
 */
export function parseIssueKeyForm(form: FormData, nowMs: number): Parsed<IssueKeyRequest> {
  const parsed = parseStrictForm(form, formSchema(nowMs));
  if (!parsed.ok) return parsed;
  const { expiry, ...request } = parsed.value;
  return { ok: true, value: { ...request, expiresAtMs: expiry } };
}

function formSchema(nowMs: number) {
  return z.strictObject({
    name: nameField(KEY_NAME_MAX_LENGTH),
    environment: z.enum(['live', 'test'], 'Choose live or test.'),
    expiry: z.string('Choose when the key ends.').transform((text, context): number | null => {
      const expiry = readExpiry(text.trim(), nowMs);
      if (expiry.ok) return expiry.atMs;
      context.addIssue({ code: 'custom', message: expiry.problem });
      return z.NEVER;
    }),
    allowlist: allowlistField,
    requestId: requestIdField,
  });
}

type Expiry = { ok: true; atMs: number | null } | { ok: false; problem: string };

function readExpiry(text: string, nowMs: number): Expiry {
  if (text === 'never') return { ok: true, atMs: null };
  const days = Object.hasOwn(DAYS, text) ? DAYS[text] : undefined;
  if (days !== undefined) return { ok: true, atMs: nowMs + days * DAY_MS };
  const day = readLastDay(text, nowMs);
  if (!day) return { ok: false, problem: 'Choose when the key ends, or enter a date such as 2027-01-31.' };
  return day.ok ? { ok: true, atMs: day.endsAtMs } : day;
}
