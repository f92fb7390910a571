import { z } from 'zod';

import type { Parsed } from '../platform/parsed.ts';
import { parseStrictForm } from '../platform/strict-form.ts';
import { overlapField } from './overlap.form.ts';
import { requestIdField } from './request-id.form.ts';

export interface RotateKeyRequest {
  /** How long the old key goes on working; 0 ends it at once. */
  overlapMs: number;
  requestId: string;
}

/** Fields: `overlap` (`now`, `1h`, `24h`, `7d` or the last day `yyyy-mm-dd`, UTC), `requestId`. */
export function parseRotateKeyForm(form: FormData, nowMs: number): Parsed<RotateKeyRequest> {
  const parsed = parseStrictForm(form, z.strictObject({ overlap: overlapField(nowMs), requestId: requestIdField }));
  if (!parsed.ok) return parsed;
  const { overlap: overlapMs, requestId } = parsed.value;
  return { ok: true, value: { overlapMs, requestId } };
}
