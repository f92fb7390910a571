import type { APIRoute } from 'astro';

import { requireRecentSignIn } from '../../../ui/guard.ts';
import { refuseFields } from '../../../ui/read-form.ts';

/** Makes a new secret, which the page then shows: reading a page makes nothing. */
export const POST: APIRoute = async ({ locals: { portal, signedIn }, request, url, redirect }) => {
  const entry = requireRecentSignIn(signedIn, new URL('/account/two-step', url), portal.nowMs());
  if (!entry.ok) return redirect(entry.signInPath, 303);
  const refusal = await refuseFields(request);
  if (refusal) return refusal;
  await portal.accounts.prepareSecondFactor(entry.actor);
  return redirect('/account/two-step', 303);
};
