import type { APIRoute } from 'astro';

import { notFound } from '../../../../../ui/guard.ts';
import { enterApplication } from '../../../../../ui/keys/enter-key.ts';
import { refuseFields } from '../../../../../ui/read-form.ts';

export const POST: APIRoute = async (context) => {
  const entry = await enterApplication(context, 'manage');
  if (!entry.ok) return entry.answer;
  const refusal = await refuseFields(context.request);
  if (refusal) return refusal;
  const { actor, application } = entry;
  const { applications } = context.locals.portal;
  const isDone = await applications.withdrawRequest(actor, application.id, context.params.requestId ?? '');
  return isDone ? context.redirect(`/applications/${application.id}#subscriptions`, 303) : notFound();
};
