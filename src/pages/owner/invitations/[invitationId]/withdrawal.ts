import type { APIRoute } from 'astro';

import { enterAsOwner, notFound } from '../../../../ui/guard.ts';
import { refuseFields } from '../../../../ui/read-form.ts';

export const POST: APIRoute = async ({ locals, params, request, redirect }) => {
  const actor = enterAsOwner(locals.signedIn);
  if (!actor) return notFound();
  const refusal = await refuseFields(request);
  if (refusal) return refusal;
  const result = await locals.portal.directory.withdrawOwnerInvitation(actor, params.invitationId ?? '');
  return result.ok ? redirect('/owner/owners', 303) : notFound();
};
