import { z } from 'zod';

import type { Parsed } from '../platform/parsed.ts';
import { parseStrictForm } from '../platform/strict-form.ts';
import { emailField } from '../accounts/account-fields.form.ts';

/** Not strict, as all forms for people who are not signed in yet. */
const request = z.object({ email: emailField });

export function parseRequestPasswordResetForm(form: FormData): Parsed<{ email: string }> {
  return parseStrictForm(form, request);
}
