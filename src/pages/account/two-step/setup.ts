import type { APIRoute } from 'astro';

import { parsePrepareSecondFactorForm } from '../../../accounts/prepare-second-factor.form.ts';
import { requireRecentSignIn } from '../../../ui/guard.ts';
import { readForm, refusedForm, unreadableForm } from '../../../ui/read-form.ts';

/** Makes a new secret, which the page then shows: reading a page makes nothing. */
export const POST: APIRoute = async ({ locals: { portal, signedIn }, request, url, redirect }) => {
  const entry = requireRecentSignIn(signedIn, new URL('/account/two-step', url), portal.nowMs());
  if (!entry.ok) return redirect(entry.signInPath, 303);
  const form = await readForm(request);
  if (!form) return unreadableForm();
  const parsed = parsePrepareSecondFactorForm(form);
  if (!parsed.ok) return refusedForm(parsed.errors);
  await portal.accounts.prepareSecondFactor(entry.actor);
  return redirect('/account/two-step', 303);
};
