import type { APIRoute } from 'astro';

import { parseQuotaMailForm } from '../../../applications/quota-mail.form.ts';
import { notFound } from '../../../ui/guard.ts';
import { enterApplication } from '../../../ui/keys/enter-key.ts';
import { readForm, refusedForm, unreadableForm } from '../../../ui/read-form.ts';

export const POST: APIRoute = async (context) => {
  const entry = await enterApplication(context, 'manage');
  if (!entry.ok) return entry.answer;
  const { actor, application } = entry;
  const form = await readForm(context.request);
  if (!form) return unreadableForm();
  const parsed = parseQuotaMailForm(form);
  if (!parsed.ok) return refusedForm(parsed.errors);
  const result = await context.locals.portal.quotas.changeMail(actor, application.id, parsed.value);
  return result.ok ? context.redirect(`/applications/${application.id}#quota-mail`, 303) : notFound();
};
