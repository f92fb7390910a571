import { z } from 'zod';

import { normalizeEmail } from '../accounts/account.ts';
import type { Parsed } from '../platform/parsed.ts';
import { parseStrictForm } from '../platform/strict-form.ts';

const WANTED = 'Type the e-mail address of the account to confirm.';

/** @param email of the account: what has to be typed */
export function parseAskDeletionForm(form: FormData, email: string): Parsed<{ confirmation: string }> {
  const confirmed = z
    .string(WANTED)
    .max(254, WANTED)
    .refine((typed) => normalizeEmail(typed) === normalizeEmail(email), WANTED);
  return parseStrictForm(form, z.strictObject({ confirmation: confirmed }));
}
