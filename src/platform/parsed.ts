import { holdsToken } from './token-shape.ts';

/** What a `*.form.ts` parser returns: an exact request, or messages per field and the values as typed, so nothing is lost. */
export type Parsed<T> = { ok: true; value: T } | { ok: false; errors: FieldErrors; values: FieldValues };

/** Field name -> what was wrong and what to do. `''` holds messages that concern the whole form. */
export type FieldErrors = Readonly<Record<string, string>>;
export type FieldValues = Readonly<Record<string, string>>;

/** The text fields of a form, as typed; file parts, secrets and pasted tokens are left out. */
export function typedValues(form: FormData, secretFields: readonly string[] = []): FieldValues {
  const values: Record<string, string> = {};
  for (const [name, value] of form) {
    if (typeof value === 'string' && !secretFields.includes(name) && !holdsToken(value)) values[name] = value;
  }
  return values;
}
