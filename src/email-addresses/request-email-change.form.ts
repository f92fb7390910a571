import { z } from 'zod';

import type { Parsed } from '../platform/parsed.ts';
import { parseStrictForm } from '../platform/strict-form.ts';
import { currentPasswordField, emailField } from '../accounts/account-fields.form.ts';

export interface RequestEmailChangeRequest {
  email: string;
  /** null for an account that has none. */
  currentPassword: string | null;
}

const emailChange = z.strictObject({
  email: emailField,
  currentPassword: currentPasswordField('Enter your password.'),
});

const withoutPassword = z
  .strictObject({ email: emailField })
  .transform(({ email }) => ({ email, currentPassword: null }));

/** @param hasPassword whether the account has one to ask for */
export function parseRequestEmailChangeForm(form: FormData, hasPassword: boolean): Parsed<RequestEmailChangeRequest> {
  return parseStrictForm<RequestEmailChangeRequest>(form, hasPassword ? emailChange : withoutPassword, [
    'currentPassword',
  ]);
}
