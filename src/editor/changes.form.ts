import { z } from 'zod';

import type { Parsed } from '../platform/parsed.ts';
import { parseStrictForm } from '../platform/strict-form.ts';
import type { ChangesRequest } from './draft-from-difference.ts';

const name = z
  .string()
  .max(40)
  .regex(/^[a-z0-9]+(?:[.-][a-z0-9]+)*$/, 'Reload the page and try again.');

/** Fields: `api`, `from` and `to`. */
export function parseChangesForm(form: FormData): Parsed<ChangesRequest> {
  return parseStrictForm(form, z.strictObject({ api: name, from: name, to: name }));
}
