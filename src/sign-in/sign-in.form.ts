import { z } from 'zod';

import type { Parsed } from '../platform/parsed.ts';
import { parseStrictForm } from '../platform/strict-form.ts';
import { isPlainEmail } from '../accounts/account.ts';
import { currentPasswordField } from '../accounts/account-fields.form.ts';

export interface SignInRequest {
  email: string;
  password: string;
}

const EMAIL_WANTED = 'Enter the e-mail address of your account, such as name@example.com.';

/** Not strict: the page's own fields, such as where to go next, come in the same form. */
const signIn = z.object({
  email: z.string(EMAIL_WANTED).trim().refine(isPlainEmail, EMAIL_WANTED),
  password: currentPasswordField('Enter your password.'),
});

export function parseSignInForm(form: FormData): Parsed<SignInRequest> {
  return parseStrictForm(form, signIn, ['password']);
}
