import { z } from 'zod';

import type { Parsed } from '../platform/parsed.ts';
import { parseStrictForm } from '../platform/strict-form.ts';
import { codeField, currentPasswordField } from './account-fields.form.ts';

export interface TurnOffSecondFactorRequest {
  currentPassword: string;
  code: string;
}

const turnOff = z.strictObject({ currentPassword: currentPasswordField('Enter your password.'), code: codeField });

export function parseTurnOffSecondFactorForm(form: FormData): Parsed<TurnOffSecondFactorRequest> {
  return parseStrictForm(form, turnOff, ['currentPassword', 'code']);
}
