import { z } from 'zod';

import type { Parsed } from '../platform/parsed.ts';
import { parseStrictForm } from '../platform/strict-form.ts';
import { TOKENS_PER_REPORT, findTokens } from './leaked-key.ts';

const TEXT_MAX_LENGTH = 10_000;

/**
 * Field: `text`, anything that holds keys, such as a line of a file. It is never given back as typed.
 * @param prefix as in KEY_PREFIX
 */
export function parseReportLeakedKeyForm(form: FormData, prefix: string): Parsed<{ tokens: readonly string[] }> {
  const schema = z.strictObject({
    text: z
      .string('Paste the key.')
      .max(TEXT_MAX_LENGTH, `Paste ${TEXT_MAX_LENGTH} characters or fewer, with the key among them.`)
      .transform((text) => findTokens(prefix, text))
      .refine(
        (tokens) => tokens.length > 0,
        `This holds no key of this portal. Keys begin with ${prefix}_live_ or ${prefix}_test_ and are followed by 36 letters and digits.`,
      )
      .refine((tokens) => tokens.length <= TOKENS_PER_REPORT, `Report ${TOKENS_PER_REPORT} keys or fewer at a time.`),
  });
  const parsed = parseStrictForm(form, schema, ['text']);
  return parsed.ok ? { ok: true, value: { tokens: parsed.value.text } } : parsed;
}
