import { z } from 'zod';

import type { FieldErrors } from '../platform/parsed.ts';
import { parseStrictForm } from '../platform/strict-form.ts';

const onlyAButton = z.strictObject({});

/** The posted form; null when the body is not one. An empty form instead could mean "clear the list" to a parser. */
export async function readForm(request: Request): Promise<FormData | null> {
  try {
    return await request.formData();
  } catch {
    return null;
  }
}

/** Answer to a body that is not a form: only programs send one. */
export function unreadableForm(): Response {
  return new Response('This address takes a form (application/x-www-form-urlencoded or multipart/form-data).\n', {
    status: 400,
    headers: { 'Content-Type': 'text/plain; charset=utf-8' },
  });
}

/** Answer to a form that no page of ours makes, where there is no page to show it on. */
export function refusedForm(errors: FieldErrors): Response {
  return new Response(`${Object.values(errors).join('\n')}\n`, {
    status: 422,
    headers: { 'Content-Type': 'text/plain; charset=utf-8' },
  });
}

/** For a form that is only a button: the answer to one that holds anything else, null when it is right. */
export async function refuseFields(request: Request): Promise<Response | null> {
  const form = await readForm(request);
  if (!form) return unreadableForm();
  const parsed = parseStrictForm(form, onlyAButton);
  return parsed.ok ? null : refusedForm(parsed.errors);
}
