import { z } from 'zod';

import type { Parsed } from '../platform/parsed.ts';
import { parseStrictForm } from '../platform/strict-form.ts';
import { noteField } from './submit-document.form.ts';

export interface PublicationForm {
  basis: number;
  allowsBreaking: boolean;
  note: string;
}

const form = z
  .strictObject({
    basis: z
      .string()
      .regex(/^\d{1,9}$/, 'Reload the page and try again.')
      .transform(Number),
    breaking: z.literal('yes', 'Reload the page and try again.').optional(),
    note: noteField,
  })
  .transform(({ basis, breaking, note }) => ({ basis, allowsBreaking: breaking === 'yes', note }));

/** Fields: `basis` (the published revision that was seen), `breaking` (`yes` when that is meant) and `note`. */
export function parsePublishRevisionForm(given: FormData): Parsed<PublicationForm> {
  return parseStrictForm(given, form);
}

/** The number of a revision in an address; null for everything else. */
export function parseRevisionNumber(text: string | undefined): number | null {
  return text !== undefined && /^[1-9]\d{0,8}$/.test(text) ? Number(text) : null;
}
