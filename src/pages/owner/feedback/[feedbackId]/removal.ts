import type { APIRoute } from 'astro';

import { enterAsOwner, notFound } from '../../../../ui/guard.ts';
import { refuseFields } from '../../../../ui/read-form.ts';

export const POST: APIRoute = async ({ locals: { portal, signedIn }, params, request, redirect }) => {
  const actor = enterAsOwner(signedIn);
  if (!actor) return notFound();
  const refusal = await refuseFields(request);
  if (refusal) return refusal;
  const isRemoved = await portal.feedback.remove(actor, params.feedbackId ?? '');
  return isRemoved ? redirect('/owner/feedback', 303) : notFound();
};
