import { z } from 'zod';

import type { Parsed } from '../platform/parsed.ts';
import { parseStrictForm } from '../platform/strict-form.ts';

export interface QuotaMailRequest {
  isMailed: boolean;
}

const schema = z
  .strictObject({ mail: z.enum(['on', 'off'], 'Choose whether mails about quotas are sent.') })
  .transform(({ mail }): QuotaMailRequest => ({ isMailed: mail === 'on' }));

/** Field: `mail`, `on` or `off`. */
export function parseQuotaMailForm(form: FormData): Parsed<QuotaMailRequest> {
  return parseStrictForm(form, schema);
}
