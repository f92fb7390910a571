import type { APIRoute } from 'astro';

import { parseQuotaMailForm } from '../../../applications/quota-mail.form.ts';
import { enter, notFound } from '../../../ui/guard.ts';
import { readForm, refusedForm, unreadableForm } from '../../../ui/read-form.ts';

export const POST: APIRoute = async ({ locals, params, request, url, redirect }) => {
  const entry = enter(locals.signedIn, url);
  if (!entry.ok) return redirect(entry.signInPath, 303);
  const form = await readForm(request);
  if (!form) return unreadableForm();
  const parsed = parseQuotaMailForm(form);
  if (!parsed.ok) return refusedForm(parsed.errors);
  const result = await locals.portal.quotas.changeMail(entry.actor, params.applicationId ?? '', parsed.value);
  return result.ok ? redirect(`/applications/${params.applicationId ?? ''}#quota-mail`, 303) : notFound();
};
