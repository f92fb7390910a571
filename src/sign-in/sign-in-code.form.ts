import { z } from 'zod';

import type { Parsed } from '../platform/parsed.ts';
import { parseStrictForm } from '../platform/strict-form.ts';
import { codeField } from '../accounts/account-fields.form.ts';

const signInCode = z.strictObject({ code: codeField });

/** Also what turns the second factor on. */
export function parseSignInCodeForm(form: FormData): Parsed<{ code: string }> {
  return parseStrictForm(form, signInCode, ['code']);
}
