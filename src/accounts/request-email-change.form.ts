import { z } from 'zod';

import type { Parsed } from '../platform/parsed.ts';
import { parseStrictForm } from '../platform/strict-form.ts';
import { currentPasswordField, emailField } from './account-fields.form.ts';

export interface RequestEmailChangeRequest {
  email: string;
  currentPassword: string;
}

const emailChange = z.strictObject({
  email: emailField,
  currentPassword: currentPasswordField('Enter your password.'),
});

export function parseRequestEmailChangeForm(form: FormData): Parsed<RequestEmailChangeRequest> {
  return parseStrictForm(form, emailChange, ['currentPassword']);
}
