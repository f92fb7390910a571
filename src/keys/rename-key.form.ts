import { z } from 'zod';

import { nameField } from '../applications/text.form.ts';
import type { Parsed } from '../platform/parsed.ts';
import { parseStrictForm } from '../platform/strict-form.ts';
import { KEY_NAME_MAX_LENGTH } from './api-key.ts';

const schema = z.strictObject({ name: nameField(KEY_NAME_MAX_LENGTH) });

/** Field: `name`. */
export function parseRenameKeyForm(form: FormData): Parsed<{ name: string }> {
  return parseStrictForm(form, schema);
}
