import { z } from 'zod';

import type { Parsed } from '../platform/parsed.ts';
import { parseStrictForm } from '../platform/strict-form.ts';
import { APPLICATION_DESCRIPTION_MAX_LENGTH, APPLICATION_NAME_MAX_LENGTH } from './application.ts';
import { nameField, textField } from './text.form.ts';

export interface CreateApplicationRequest {
  name: string;
  /** May be empty. */
  description: string;
}

const schema = z.strictObject({
  name: nameField(APPLICATION_NAME_MAX_LENGTH),
  description: textField(APPLICATION_DESCRIPTION_MAX_LENGTH),
});

/** Fields: `name`, `description` (optional). */
export function parseCreateApplicationForm(form: FormData): Parsed<CreateApplicationRequest> {
  return parseStrictForm(form, schema);
}
