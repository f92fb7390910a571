import { z } from 'zod';

import { textField } from '../applications/text.form.ts';
import type { Parsed } from '../platform/parsed.ts';
import { parseStrictForm } from '../platform/strict-form.ts';
import { COMMENT_MAX_LENGTH, type FeedbackRequest } from './feedback.ts';

const schema = z
  .strictObject({
    page: z.string().regex(/^\/(?:guides|notices)\/[\w/-]{1,120}$/, 'Open the page again and use its form.'),
    clear: z.enum(['yes', 'no'], 'Choose yes or no.'),
    comment: textField(COMMENT_MAX_LENGTH),
  })
  .transform(({ page, clear, comment }): FeedbackRequest => ({ page, isClear: clear === 'yes', comment }));

/** Fields: `page`, a path; `clear`, yes or no; `comment`, may be empty. */
export function parseFeedbackForm(form: FormData): Parsed<FeedbackRequest> {
  return parseStrictForm(form, schema);
}
