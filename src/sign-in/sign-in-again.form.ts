import { z } from 'zod';

import type { Parsed } from '../platform/parsed.ts';
import { parseStrictForm } from '../platform/strict-form.ts';
import { currentPasswordField } from '../accounts/account-fields.form.ts';

const signInAgain = z.strictObject({ password: currentPasswordField('Enter your password.') });

export function parseSignInAgainForm(form: FormData): Parsed<{ password: string }> {
  return parseStrictForm(form, signInAgain, ['password']);
}
