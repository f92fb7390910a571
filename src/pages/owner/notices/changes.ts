import type { APIRoute } from 'astro';

import { parseChangesForm } from '../../../editor/changes.form.ts';
import { enterAsOwner, notFound } from '../../../ui/guard.ts';
import { readForm, refusedForm, unreadableForm } from '../../../ui/read-form.ts';

/** Drafts a notice about what differs between two versions. */
export const POST: APIRoute = async ({ request, locals: { portal, signedIn }, redirect }) => {
  const actor = enterAsOwner(signedIn);
  if (!actor) return notFound();
  const form = await readForm(request);
  if (!form) return unreadableForm();
  const parsed = parseChangesForm(form);
  if (!parsed.ok) return refusedForm(parsed.errors);
  const result = await portal.noticeEditor.draftFromDifference(actor, parsed.value);
  if (result.ok) return redirect(`/owner/notices/drafts/${result.notice.id}/edit`, 303);
  if (result.reason === 'not_found') return notFound();
  return refusedForm({ '': 'These documents are too much to compare here. Write the notice yourself.' });
};
