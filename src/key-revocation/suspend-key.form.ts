import { z } from 'zod';

import { textField } from '../applications/text.form.ts';
import type { Parsed } from '../platform/parsed.ts';
import { parseStrictForm } from '../platform/strict-form.ts';
import { SUSPEND_MESSAGE_MAX_LENGTH } from '../keys/api-key.ts';

const schema = z.strictObject({
  message: textField(SUSPEND_MESSAGE_MAX_LENGTH).refine(
    (message) => message !== '',
    'Tell the team of the key why, and what to do.',
  ),
});

/** Field: `message`, for suspending and for resuming. */
export function parseSuspendKeyForm(form: FormData): Parsed<{ message: string }> {
  return parseStrictForm(form, schema);
}
