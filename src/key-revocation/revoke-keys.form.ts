import { z } from 'zod';

import { lineField } from '../applications/text.form.ts';
import type { Parsed } from '../platform/parsed.ts';
import { parseStrictForm } from '../platform/strict-form.ts';
import { REVOKE_REASON_MAX_LENGTH } from '../keys/api-key.ts';

/**
 * Fields: `reason` (the rest of the team reads it), `confirmation` (the name of the application or team, typed).
 * @param name the name as stored
 */
export function parseRevokeKeysForm(form: FormData, name: string): Parsed<{ reason: string }> {
  const message = `Type the name, ${name}, to confirm.`;
  const schema = z.strictObject({
    reason: lineField(REVOKE_REASON_MAX_LENGTH).refine((reason) => reason !== '', 'Enter a reason.'),
    confirmation: z.string(message).refine((typed) => typed.normalize('NFC').trim() === name, message),
  });
  const parsed = parseStrictForm(form, schema);
  return parsed.ok ? { ok: true, value: { reason: parsed.value.reason } } : parsed;
}
