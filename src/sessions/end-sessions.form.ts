import { z } from 'zod';

import type { Parsed } from '../platform/parsed.ts';
import { parseStrictForm } from '../platform/strict-form.ts';

export interface EndSessionsRequest {
  /** Id of one session, or all but the one that asks. */
  session: string;
}

const WANTED = 'Choose a session to end.';
const endSessions = z.strictObject({ session: z.string(WANTED).regex(/^(others|[0-9a-f]{64})$/, WANTED) });

export function parseEndSessionsForm(form: FormData): Parsed<EndSessionsRequest> {
  return parseStrictForm(form, endSessions);
}
