import { z } from 'zod';

import type { Parsed } from '../platform/parsed.ts';
import { parseStrictForm } from '../platform/strict-form.ts';

/** Only a button. */
const prepare = z.strictObject({});

export function parsePrepareSecondFactorForm(form: FormData): Parsed<Record<string, never>> {
  return parseStrictForm(form, prepare);
}
