import type { AstroGlobal } from 'astro';

import { type DraftNoticeRequest, draftValues, parseDraftNoticeForm } from '../../editor/draft-notice.form.ts';
import type { NoticeDraft } from '../../editor/written-notice.ts';
import { NOTICE_KINDS, type Notice, SEVERITIES } from '../../notices/notice.ts';
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
  { request, response, locals }: Pick<AstroGlobal, 'request' | 'response' | 'locals'>,
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
    const preview = previewOf(parsed.ok ? parsed.value.draft : halfDraft(values, locals.portal.nowMs()));
    return { ...none, preview, values };
  }
  if (parsed.ok) return { ...none, request: parsed.value, values };
  response.status = 422;
  return { ...none, errors: parsed.errors, values };
}

/** What is not known yet stands as unremarkable: medium, today, one entry without words. */
function halfDraft({ kind, severity, title = '', summary = '', text = '' }: FieldValues, nowMs: number): NoticeDraft {
  const common = { title: title.trim() || 'No title yet', summary, affects: [] };
  const today = new Date(nowMs).toISOString().slice(0, 10);
  switch (NOTICE_KINDS.find((known) => known === kind)) {
    case 'advisory': {
      const chosen = SEVERITIES.find((known) => known === severity) ?? 'medium';
      return { fields: { ...common, kind: 'advisory', severity: chosen, ids: [], credit: [] }, text };
    }
    case 'deprecation':
      return { fields: { ...common, kind: 'deprecation', deprecated: today, sunset: today }, text };
    case 'incident': {
      const entry = { at: today, status: 'investigating' as const, text: '...' };
      return { fields: { ...common, kind: 'incident', started: today, timeline: [entry] }, text };
    }
    case 'change':
    case undefined:
      return { fields: { ...common, kind: 'change' }, text };
  }
}
