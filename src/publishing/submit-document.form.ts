import { z } from 'zod';

import type { Parsed } from '../platform/parsed.ts';
import { parseStrictForm } from '../platform/strict-form.ts';
import { NOTE_MAX_LENGTH } from './revision.ts';

export interface SubmittedForm {
  file: File | null;
  /** What was pasted; '' when a file was chosen. */
  text: string;
  note: string;
}

export const noteField = z
  .string()
  .trim()
  .max(NOTE_MAX_LENGTH, `Use ${NOTE_MAX_LENGTH} characters at most.`)
  // It stands in the audit log as one line.
  .transform((note) => note.replaceAll(/\s+/g, ' '))
  .default('');

const form = z
  .strictObject({
    file: z.union([z.instanceof(File), z.literal('')], 'Choose a file.').optional(),
    text: z.string().default(''),
    note: noteField,
  })
  .transform(({ file, text, note }) => ({
    file: file instanceof File && file.size > 0 ? file : null,
    // Browsers send CRLF, whatever was pasted.
    text: text.replaceAll('\r\n', '\n'),
    note,
  }));

/** Fields: `file` or `text`, one of them, and `note`. */
export function parseSubmitDocumentForm(given: FormData): Parsed<SubmittedForm> {
  const parsed = parseStrictForm(given, form);
  if (!parsed.ok) return parsed;
  const { file, text, note } = parsed.value;
  const values = { text, note };
  if (file && text.trim() !== '')
    return { ok: false, errors: { text: 'Choose a file or paste a document, not both.' }, values };
  if (!file && text.trim() === '')
    return { ok: false, errors: { file: 'Choose a file, or paste the document below.' }, values };
  return parsed;
}
