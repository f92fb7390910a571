import { z } from 'zod';

import type { Parsed } from '../platform/parsed.ts';
import { parseStrictForm } from '../platform/strict-form.ts';

export interface SubscribeRequest {
  apiSlug: string;
  planSlug: string;
}

const slug = (message: string) => z.string(message).regex(/^[a-z0-9][a-z0-9-]{0,99}$/, message);

const schema = z.strictObject({
  apiSlug: slug('Choose an API from the list.'),
  planSlug: slug('Choose a plan from the list.'),
});

/** Fields: `apiSlug`, `planSlug`. */
export function parseSubscribeForm(form: FormData): Parsed<SubscribeRequest> {
  return parseStrictForm(form, schema);
}
