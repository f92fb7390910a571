import { z } from 'zod';

import type { Parsed } from '../platform/parsed.ts';
import { parseStrictForm } from '../platform/strict-form.ts';
import { newPasswordField, tokenField } from '../accounts/account-fields.form.ts';

const reset = z.strictObject({ token: tokenField, password: newPasswordField });

export function parseResetPasswordForm(form: FormData): Parsed<{ token: string; password: string }> {
  return parseStrictForm(form, reset, ['token', 'password']);
}
