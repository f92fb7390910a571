import { z } from 'zod';

import type { Parsed } from '../platform/parsed.ts';
import { parseStrictForm } from '../platform/strict-form.ts';
import { DATED_STAGES, type DatedStage, NO_DATES, type PolicyDates } from './policy.ts';

const text = z.string().default('');

/** One field for each stage, named like it: as an input of type `datetime-local` sends it, read as UTC. */
export const datesFields = { announced: text, observed: text, warned: text, enforced: text };

/** What the sender of a change has seen. */
export const revision = z
  .string()
  .regex(/^\d{1,9}$/, 'Reload the page and try again.')
  .transform(Number);

/** `dates` of fields that are right; `errors` of the others. */
export function readDates(fields: Record<DatedStage, string>): { dates: PolicyDates; errors: Record<string, string> } {
  const dates: Record<DatedStage, number | null> = { ...NO_DATES };
  const errors: Record<string, string> = {};
  for (const stage of DATED_STAGES) {
    const typed = fields[stage].trim();
    if (typed === '') continue;
    const atMs = readMoment(typed);
    if (atMs === null) errors[stage] = 'Enter a date and time (UTC), such as 2027-03-01T09:00.';
    else dates[stage] = atMs;
  }
  return { dates, errors };
}

/** `2027-03-01T09:00` as a moment in UTC; null for what is none, such as 30 February. */
function readMoment(typed: string): number | null {
  const match = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(?::00(?:\.000)?)?$/.exec(typed);
  if (!match) return null;
  const atMs = Date.parse(`${match[1] ?? ''}T${match[2] ?? ''}:00.000Z`);
  return Number.isNaN(atMs) || momentText(atMs) !== `${match[1] ?? ''}T${match[2] ?? ''}` ? null : atMs;
}

/** As `readMoment` reads it, and as an input of type `datetime-local` shows it. */
export function momentText(atMs: number | null): string {
  return atMs === null ? '' : new Date(atMs).toISOString().slice(0, 16);
}

/** Fields: `revision` and a date for each stage that is to come. */
export function parsePolicyDatesForm(form: FormData): Parsed<{ revision: number; dates: PolicyDates }> {
  const parsed = parseStrictForm(form, z.strictObject({ revision, ...datesFields }));
  if (!parsed.ok) return parsed;
  const { dates, errors } = readDates(parsed.value);
  if (Object.keys(errors).length > 0) return { ok: false, errors, values: { ...parsed.value, revision: '' } };
  return { ok: true, value: { revision: parsed.value.revision, dates } };
}

/** Fields: `to` (a stage) and `revision` (what the sender has seen). */
export function parseMovePolicyForm(form: FormData): Parsed<{ to: DatedStage | 'withdrawn'; revision: number }> {
  const to = z.enum([...DATED_STAGES, 'withdrawn'], 'Choose a stage.');
  return parseStrictForm(form, z.strictObject({ to, revision }));
}
