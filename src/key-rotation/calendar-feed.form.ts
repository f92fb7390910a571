import { z } from 'zod';

import type { Parsed } from '../platform/parsed.ts';
import { parseStrictForm } from '../platform/strict-form.ts';

const schema = z.strictObject({ action: z.enum(['create', 'end'], 'Choose to make an address or to end it.') });

/** Field: `action` (`create` or `end`). */
export function parseCalendarFeedForm(form: FormData): Parsed<{ action: 'create' | 'end' }> {
  return parseStrictForm(form, schema);
}
