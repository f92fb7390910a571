import { z } from 'zod';

import type { Parsed } from '../platform/parsed.ts';
import { parseStrictForm } from '../platform/strict-form.ts';
import { PASSWORD_MAX_LENGTH, PASSWORD_MIN_LENGTH, isPlainEmail } from './account.ts';

/** Also what creates the first owner. */
export interface SignUpRequest {
  email: string;
  password: string;
}

const EMAIL_WANTED = 'Enter one plain e-mail address, such as name@example.com.';
const PASSWORD_WANTED = `Use ${PASSWORD_MIN_LENGTH} characters or more. A sentence or a few unrelated words work well.`;

/** Code points, so that no script is at a disadvantage (NIST SP 800-63B 3.1.1.2). */
const lengthOf = (password: string): number => Array.from(password.normalize('NFKC')).length;

/** Not strict: the page's own fields, such as the token of a first owner's link, come in the same form. */
const signUp = z.object({
  email: z.string(EMAIL_WANTED).trim().refine(isPlainEmail, EMAIL_WANTED),
  password: z
    .string(PASSWORD_WANTED)
    .refine((password) => lengthOf(password) >= PASSWORD_MIN_LENGTH, PASSWORD_WANTED)
    .refine((password) => lengthOf(password) <= PASSWORD_MAX_LENGTH, `Use ${PASSWORD_MAX_LENGTH} characters or fewer.`),
});

export function parseSignUpForm(form: FormData): Parsed<SignUpRequest> {
  return parseStrictForm(form, signUp, ['password']);
}
