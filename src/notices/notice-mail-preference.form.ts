import { z } from 'zod';

import type { Parsed } from '../platform/parsed.ts';
import { parseStrictForm } from '../platform/strict-form.ts';
import type { MailPreference } from './notice.ts';

const schema = z.strictObject({
  mail: z.enum(['immediate', 'digest', 'none'], 'Choose one of the three.'),
});

/** Field: `mail` (`immediate`, `digest` or `none`). */
export function parseNoticeMailPreferenceForm(form: FormData): Parsed<{ mail: MailPreference }> {
  return parseStrictForm(form, schema);
}
