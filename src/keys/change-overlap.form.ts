import { z } from 'zod';

import type { Parsed } from '../platform/parsed.ts';
import { parseStrictForm } from '../platform/strict-form.ts';
import { overlapField } from './overlap.form.ts';

/** Field: `overlap`, counted from now: `now`, `1h`, `24h`, `7d` or the last day `yyyy-mm-dd`, UTC. */
export function parseChangeOverlapForm(form: FormData, nowMs: number): Parsed<{ overlapMs: number }> {
  const parsed = parseStrictForm(form, z.strictObject({ overlap: overlapField(nowMs) }));
  return parsed.ok ? { ok: true, value: { overlapMs: parsed.value.overlap } } : parsed;
}
