import type { AstroGlobal } from 'astro';

import { type DraftNoticeRequest, draftValues, parseDraftNoticeForm } from '../../editor/draft-notice.form.ts';
import type { NoticeDraft } from '../../editor/written-notice.ts';
import type { Notice } from '../../notices/notice.ts';
import type { FieldErrors, FieldValues } from '../../platform/parsed.ts';
import { readForm, unreadableForm } from '../read-form.ts';

export interface SubmittedDraft {
  /** To send instead of the page: the body is no form. */
  answer: Response | null;
  /** To be kept. */
  request: DraftNoticeRequest | null;
  /** What readers would see; null when that was not asked for. */
  preview: Notice | null;
  errors: FieldErrors | undefined;
  /** As typed; null when the page is only read. */
  values: FieldValues | null;
}

/** A posted form of the editor: its button says whether it is to be kept or only shown. */
export async function submitDraft(
  { request, response }: Pick<AstroGlobal, 'request' | 'response'>,
  previewOf: (draft: NoticeDraft) => Notice,
): Promise<SubmittedDraft> {
  const none = { answer: null, request: null, preview: null, errors: undefined, values: null };
  if (request.method !== 'POST') return none;
  const form = await readForm(request);
  if (!form) return { ...none, answer: unreadableForm() };
  const parsed = parseDraftNoticeForm(form);
  const values = draftValues(form);
  if (form.get('action') === 'preview') {
    // Half a form is shown too: who writes wants to see the text before all dates are known.
    const preview = previewOf(parsed.ok ? parsed.value.draft : halfDraft(values));
    return { ...none, preview, values };
  }
  if (parsed.ok) return { ...none, request: parsed.value, values };
  response.status = 422;
  return { ...none, errors: parsed.errors, values };
}

function halfDraft({ title = '', summary = '', text = '' }: FieldValues): NoticeDraft {
  return { fields: { kind: 'change', title: title.trim() || 'No title yet', summary, affects: [] }, text };
}
