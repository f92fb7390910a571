import type { z } from 'zod';

import { type Parsed, typedValues } from './parsed.ts';

/**
 * Checks a form against a schema made with `z.strictObject`: a field the schema does not name is refused (mass
 * assignment), and so is one that is sent twice (parameter pollution). The first message of each field is kept.
 */
export function parseStrictForm<T>(
  form: FormData,
  schema: z.ZodType<T>,
  secretFields: readonly string[] = [],
): Parsed<T> {
  const values = typedValues(form, secretFields);
  const refuse = (errors: Record<string, string>): Parsed<T> => ({ ok: false, errors, values });
  const names = [...form.keys()];
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined) return refuse({ '': 'A field was sent twice. Reload the page and try again.' });
  const parsed = schema.safeParse(Object.fromEntries(form));
  if (parsed.success) return { ok: true, value: parsed.data };
  const errors: Record<string, string> = {};
  for (const issue of parsed.error.issues) {
    const unknown = issue.code === 'unrecognized_keys';
    const field = unknown ? '' : String(issue.path[0] ?? '');
    errors[field] ??= unknown ? 'This form has a field we do not know. Reload the page and try again.' : issue.message;
  }
  return refuse(errors);
}
