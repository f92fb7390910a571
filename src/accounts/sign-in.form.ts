import { z } from 'zod';

import type { Parsed } from '../platform/parsed.ts';
import { parseStrictForm } from '../platform/strict-form.ts';
import { PASSWORD_MAX_LENGTH, isPlainEmail } from './account.ts';

export interface SignInRequest {
  email: string;
  password: string;
}

const EMAIL_WANTED = 'Enter the e-mail address of your account, such as name@example.com.';
const PASSWORD_WANTED = 'Enter your password.';

/** Not strict: the page's own fields, such as where to go next, come in the same form. */
const signIn = z.object({
  email: z.string(EMAIL_WANTED).trim().refine(isPlainEmail, EMAIL_WANTED),
  password: z
    .string(PASSWORD_WANTED)
    .min(1, PASSWORD_WANTED)
    // UTF-16 units: at most twice the code points that signing up allows.
    .max(2 * PASSWORD_MAX_LENGTH, `A password has ${PASSWORD_MAX_LENGTH} characters at most.`),
});

export function parseSignInForm(form: FormData): Parsed<SignInRequest> {
  return parseStrictForm(form, signIn, ['password']);
}
