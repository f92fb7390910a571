import { z } from 'zod';

import type { Parsed } from '../platform/parsed.ts';
import { parseStrictForm } from '../platform/strict-form.ts';

const schema = z.strictObject({ from: z.enum(['home', 'notice'], 'Reload the page and try again.').default('notice') });

/** Field: `from` (`home` or `notice`), the page to go back to. */
export function parseAcknowledgeNoticeForm(form: FormData): Parsed<{ from: 'home' | 'notice' }> {
  return parseStrictForm(form, schema);
}

/** No fields: the address says it all. */
export function parseNoFieldsForm(form: FormData): Parsed<object> {
  return parseStrictForm(form, z.strictObject({}));
}
