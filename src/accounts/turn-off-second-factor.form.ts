import { z } from 'zod';

import type { Parsed } from '../platform/parsed.ts';
import { parseStrictForm } from '../platform/strict-form.ts';
import { codeField, currentPasswordField } from './account-fields.form.ts';

export interface TurnOffSecondFactorRequest {
  /** null for an account that has none. */
  currentPassword: string | null;
  code: string;
}

const turnOff = z.strictObject({ currentPassword: currentPasswordField('Enter your password.'), code: codeField });

const withoutPassword = z.strictObject({ code: codeField }).transform(({ code }) => ({ code, currentPassword: null }));

/** @param hasPassword whether the account has one to ask for */
export function parseTurnOffSecondFactorForm(form: FormData, hasPassword: boolean): Parsed<TurnOffSecondFactorRequest> {
  const schema = hasPassword ? turnOff : withoutPassword;
  return parseStrictForm<TurnOffSecondFactorRequest>(form, schema, ['currentPassword', 'code']);
}
