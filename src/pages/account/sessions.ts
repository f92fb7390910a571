import type { APIRoute } from 'astro';

import { parseEndSessionsForm } from '../../sessions/end-sessions.form.ts';
import { requireRecentSignIn } from '../../ui/guard.ts';
import { readForm, refusedForm, unreadableForm } from '../../ui/read-form.ts';

export const POST: APIRoute = async ({ locals: { portal, signedIn }, request, url, redirect }) => {
  const entry = requireRecentSignIn(signedIn, new URL('/account', url), portal.nowMs());
  if (!entry.ok || !signedIn) return redirect(entry.ok ? '/sign-in' : entry.signInPath, 303);
  const form = await readForm(request);
  if (!form) return unreadableForm();
  const parsed = parseEndSessionsForm(form);
  if (!parsed.ok) return refusedForm(parsed.errors);
  await portal.accounts.endSessions(signedIn, parsed.value);
  return redirect('/account#sessions', 303);
};
