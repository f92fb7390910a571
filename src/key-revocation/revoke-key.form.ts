import { z } from 'zod';

import { lineField } from '../applications/text.form.ts';
import type { Parsed } from '../platform/parsed.ts';
import { parseStrictForm } from '../platform/strict-form.ts';
import { REVOKE_REASON_MAX_LENGTH } from '../keys/api-key.ts';

/**
 * Fields: `reason` (optional), `confirmation` (the name of the key, typed: a revoked key never comes back).
 * @param keyName the name as stored
 */
export function parseRevokeKeyForm(form: FormData, keyName: string): Parsed<{ reason: string }> {
  const message = `Type the name of the key, ${keyName}, to confirm.`;
  const schema = z.strictObject({
    reason: lineField(REVOKE_REASON_MAX_LENGTH),
    confirmation: z.string(message).refine((typed) => typed.normalize('NFC').trim() === keyName, message),
  });
  const parsed = parseStrictForm(form, schema);
  return parsed.ok ? { ok: true, value: { reason: parsed.value.reason } } : parsed;
}
