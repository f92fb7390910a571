import { z } from 'zod';

import { textField } from '../applications/text.form.ts';
import { INCIDENT_STATUSES, type IncidentStatus } from '../notices/notice.ts';
import type { Parsed } from '../platform/parsed.ts';
import { parseStrictForm } from '../platform/strict-form.ts';
import { momentOf } from './moment-text.ts';
import { revisionField } from './revision.form.ts';

export const UPDATE_MAX_LENGTH = 2000;

/** Rows of `entryAt`, `entryStatus` and `entryText`; a row without time and text is none. */
export function readTimeline(form: FormData): object[] {
  const column = (name: string): string[] => form.getAll(name).map((value) => (typeof value === 'string' ? value : ''));
  const [times, statuses, texts] = [column('entryAt'), column('entryStatus'), column('entryText')];
  return texts.flatMap((text, index) => {
    const at = momentOf(times[index] ?? '');
    return at === '' && text.trim() === ''
      ? []
      : [{ at, status: statuses[index] ?? '', text: text.replaceAll('\r\n', '\n').trim() }];
  });
}

const update = z.strictObject({
  status: z.enum(INCIDENT_STATUSES, 'Choose a status.'),
  text: textField(UPDATE_MAX_LENGTH).refine((text) => text !== '', 'Say what is known now.'),
  revision: revisionField,
});

/** Fields: `status`, `text` and `revision` (what the sender has seen). */
export function parseUpdateIncidentForm(
  form: FormData,
): Parsed<{ status: IncidentStatus; text: string; revision: number }> {
  return parseStrictForm(form, update);
}
