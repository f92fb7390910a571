import { z } from 'zod';

import type { Parsed } from '../platform/parsed.ts';
import { parseStrictForm } from '../platform/strict-form.ts';

const NO_ID = 'A key id starts with key_. It is not the token: the developer finds it on the page of the key.';

const schema = z.strictObject({
  keyId: z
    .string(NO_ID)
    .trim()
    .regex(/^key_[0-9A-Za-z]{1,40}$/, NO_ID),
});

/** Field: `keyId`. What is no id is not shown again: it may be a token. */
export function parseFindKeyForm(form: FormData): Parsed<{ keyId: string }> {
  return parseStrictForm(form, schema, ['keyId']);
}
