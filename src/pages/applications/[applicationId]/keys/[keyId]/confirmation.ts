import type { APIRoute } from 'astro';

import { enterKey } from '../../../../../ui/keys/enter-key.ts';
import { refuseFields } from '../../../../../ui/read-form.ts';

/** Somebody says that the token of a key has arrived. There is nothing to fill in. */
export const POST: APIRoute = async (context) => {
  const entry = await enterKey(context, 'manage');
  if (!entry.ok) return entry.answer;
  const refusal = await refuseFields(context.request);
  if (refusal) return refusal;
  const { actor, application, key, path } = entry;
  await context.locals.portal.keys.confirm(actor, application.id, key.id);
  return new Response(null, { status: 303, headers: { Location: path } });
};
