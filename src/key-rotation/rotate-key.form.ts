import { z } from 'zod';

import type { Parsed } from '../platform/parsed.ts';
import { parseStrictForm } from '../platform/strict-form.ts';
import { overlapFields, readOverlap } from './overlap.form.ts';
import { requestIdField } from '../keys/request-id.form.ts';

export interface RotateKeyRequest {
  /** How long the old key goes on working; 0 ends it at once. */
  overlapMs: number;
  requestId: string;
}

/**
 * Fields: `overlap` (`now`, `1h`, `24h`, `7d`, the last day `yyyy-mm-dd`, UTC, or `until` and that day in `until`),
 * `requestId`.
 */
export function parseRotateKeyForm(form: FormData, nowMs: number): Parsed<RotateKeyRequest> {
  const schema = z
    .strictObject({ ...overlapFields, requestId: requestIdField })
    .transform(({ requestId, ...choice }, context) => ({ overlapMs: readOverlap(choice, nowMs, context), requestId }));
  return parseStrictForm(form, schema);
}
