import { z } from 'zod';

import type { Parsed } from '../platform/parsed.ts';
import { parseStrictForm } from '../platform/strict-form.ts';
import { codeField, currentPasswordField } from '../accounts/account-fields.form.ts';

export interface TurnOffSecondFactorRequest {
  /** null for an account that has none. */
  currentPassword: string | null;
  /** null where no app is asked. */
  code: string | null;
}

const notAsked = z
  .undefined()
  .optional()
  .transform(() => null);

/** What the account has, and can be asked for. */
export interface Provable {
  hasPassword: boolean;
  hasApp: boolean;
}

export function parseTurnOffSecondFactorForm(
  form: FormData,
  { hasPassword, hasApp }: Provable,
): Parsed<TurnOffSecondFactorRequest> {
  const schema = z.strictObject({
    currentPassword: hasPassword ? currentPasswordField('Enter your password.') : notAsked,
    code: hasApp ? codeField : notAsked,
  });
  return parseStrictForm<TurnOffSecondFactorRequest>(form, schema, ['currentPassword', 'code']);
}
