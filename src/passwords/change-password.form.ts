import { z } from 'zod';

import type { Parsed } from '../platform/parsed.ts';
import { parseStrictForm } from '../platform/strict-form.ts';
import { currentPasswordField, newPasswordField } from '../accounts/account-fields.form.ts';

export interface ChangePasswordRequest {
  currentPassword: string;
  password: string;
}

const changePassword = z.strictObject({
  currentPassword: currentPasswordField('Enter your present password.'),
  password: newPasswordField,
});

export function parseChangePasswordForm(form: FormData): Parsed<ChangePasswordRequest> {
  return parseStrictForm(form, changePassword, ['currentPassword', 'password']);
}
