import { z } from 'zod';

import { PASSWORD_MAX_LENGTH, isPlainEmail } from './account.ts';
import { passwordLength } from '../passwords/password-length.ts';

const EMAIL_WANTED = 'Enter one plain e-mail address, such as name@example.com.';
const NEW_PASSWORD_WANTED = 'Enter a new password.';
const CODE_WANTED = 'Enter the six digits that the app shows now.';

/** Fields that several forms share. */
export const emailField = z.string(EMAIL_WANTED).trim().refine(isPlainEmail, EMAIL_WANTED);

/** How long it must be depends on the account. */
export const newPasswordField = z
  .string(NEW_PASSWORD_WANTED)
  .min(1, NEW_PASSWORD_WANTED)
  .refine(
    (password) => passwordLength(password) <= PASSWORD_MAX_LENGTH,
    `Use ${PASSWORD_MAX_LENGTH} characters or fewer.`,
  );

/** An existing password. In UTF-16 units: at most twice the code points that a new one may have. */
export const currentPasswordField = (wanted: string) =>
  z
    .string(wanted)
    .min(1, wanted)
    .max(2 * PASSWORD_MAX_LENGTH, `A password has ${PASSWORD_MAX_LENGTH} characters at most.`);

/** A code of the authenticator app, or a recovery code. */
export const codeField = z.string(CODE_WANTED).trim().min(6, CODE_WANTED).max(60, CODE_WANTED);

export const tokenField = z.string().max(200).default('');
