import type { APIRoute } from 'astro';

import { parseAcknowledgeNoticeForm } from '../../../notices/acknowledge-notice.form.ts';
import { enter, notFound } from '../../../ui/guard.ts';
import { readForm, refusedForm, unreadableForm } from '../../../ui/read-form.ts';

export const POST: APIRoute = async ({ request, params: { slug = '' }, url, locals, redirect }) => {
  const { portal, signedIn } = locals;
  const entry = enter(signedIn, new URL(`/notices/${slug}`, url));
  if (!entry.ok) return redirect(entry.signInPath, 303);
  const form = await readForm(request);
  if (!form) return unreadableForm();
  const parsed = parseAcknowledgeNoticeForm(form);
  if (!parsed.ok) return refusedForm(parsed.errors);
  const result = await portal.notices.acknowledge(entry.actor, slug);
  // Who is not concerned any more has nothing to acknowledge, and needs no error about it.
  if (!result.ok && result.reason === 'not_found') return notFound();
  return redirect(parsed.value.from === 'home' ? '/home' : `/notices/${slug}`, 303);
};
