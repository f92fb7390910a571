import { z } from 'zod';

import type { Parsed } from '../platform/parsed.ts';
import { parseStrictForm } from '../platform/strict-form.ts';
import { PASSWORD_MAX_LENGTH, PASSWORD_MIN_LENGTH } from './account.ts';
import { emailField } from './account-fields.form.ts';
import { passwordLength } from '../passwords/password-length.ts';

/** Also what creates the first owner. */
export interface SignUpRequest {
  email: string;
  password: string;
}

const PASSWORD_WANTED = `Use ${PASSWORD_MIN_LENGTH} characters or more. A sentence or a few unrelated words work well.`;

/** Not strict: the page's own fields, such as the token of a first owner's link, come in the same form. */
const signUp = z.object({
  email: emailField,
  password: z
    .string(PASSWORD_WANTED)
    .refine((password) => passwordLength(password) >= PASSWORD_MIN_LENGTH, PASSWORD_WANTED)
    .refine(
      (password) => passwordLength(password) <= PASSWORD_MAX_LENGTH,
      `Use ${PASSWORD_MAX_LENGTH} characters or fewer.`,
    ),
});

export function parseSignUpForm(form: FormData): Parsed<SignUpRequest> {
  return parseStrictForm(form, signUp, ['password']);
}
