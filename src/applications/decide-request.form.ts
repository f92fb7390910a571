import { z } from 'zod';

import type { Parsed } from '../platform/parsed.ts';
import { parseStrictForm } from '../platform/strict-form.ts';
import type { RequestDecision } from './subscription-request.ts';
import { textField } from './text.form.ts';

export const DECISION_MESSAGE_MAX_LENGTH = 1000;

const schema = z
  .strictObject({
    decision: z.enum(['approve', 'decline'], 'Approve or decline.'),
    message: textField(DECISION_MESSAGE_MAX_LENGTH),
  })
  .refine(({ decision, message }) => decision === 'approve' || message !== '', {
    path: ['message'],
    message: 'Say why it is declined. It is mailed to the team.',
  })
  .transform(({ decision, message }) => ({ isApproved: decision === 'approve', message }));

/** Fields: `decision` (`approve` or `decline`), `message` (needed to decline). */
export function parseDecideRequestForm(form: FormData): Parsed<RequestDecision> {
  return parseStrictForm(form, schema);
}
