import type { AstroGlobal } from 'astro';

import { type FieldErrors, type FieldValues, type Parsed, typedValues } from '../../platform/parsed.ts';
import { notFound } from '../guard.ts';
import { readForm, unreadableForm } from '../read-form.ts';

/** What became of a posted form; all empty when the page is only read. */
export interface Submission<Result> {
  /** To send instead of the page: the body is no form, or what it is about is not there. */
  answer: Response | null;
  result: Result | null;
  errors: FieldErrors | undefined;
  values: FieldValues | undefined;
}

type Outcome = { ok: true } | { ok: false; reason: string };

/**
 * Parses a posted form and does what it asks for. Sets the status of the page: 422 when the form is to be shown again
 * with `errors`, 409 when what it asks for was done before.
 * @param explain null for what is no mistake of the form: the page shows it by itself
 */
export async function submitForm<Request, Result extends Outcome>(
  { request, response }: Pick<AstroGlobal, 'request' | 'response'>,
  parse: (form: FormData) => Parsed<Request>,
  change: (request: Request) => Promise<Result>,
  explain: (refusal: Extract<Result, { ok: false }>) => FieldErrors | null,
): Promise<Submission<Result>> {
  const none = { answer: null, result: null, errors: undefined, values: undefined };
  if (request.method !== 'POST') return none;
  const form = await readForm(request);
  if (!form) return { ...none, answer: unreadableForm() };
  const parsed = parse(form);
  if (!parsed.ok) {
    response.status = 422;
    return { ...none, errors: parsed.errors, values: parsed.values };
  }
  const result = await change(parsed.value);
  if (result.ok) return { ...none, result };
  if (result.reason === 'not_found') return { ...none, answer: notFound() };
  const errors = explain(result as Extract<Result, { ok: false }>) ?? undefined;
  response.status = errors ? 422 : 409;
  return { answer: null, result, errors, values: typedValues(form) };
}
