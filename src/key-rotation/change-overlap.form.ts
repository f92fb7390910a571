import { z } from 'zod';

import type { Parsed } from '../platform/parsed.ts';
import { parseStrictForm } from '../platform/strict-form.ts';
import { overlapFields, readOverlap } from './overlap.form.ts';

/** Fields: `overlap` and `until` as for a rotation, counted from now. */
export function parseChangeOverlapForm(form: FormData, nowMs: number): Parsed<{ overlapMs: number }> {
  const schema = z
    .strictObject(overlapFields)
    .transform((choice, context) => ({ overlapMs: readOverlap(choice, nowMs, context) }));
  return parseStrictForm(form, schema);
}
