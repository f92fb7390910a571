import { z } from 'zod';

import type { Parsed } from '../platform/parsed.ts';
import { parseStrictForm } from '../platform/strict-form.ts';
import { allowlistField } from './allowlist.form.ts';

const schema = z.strictObject({ allowlist: allowlistField });

/** Field: `allowlist`. Gives canonical CIDRs; empty lets every address in. */
export function parseRestrictKeyForm(form: FormData): Parsed<{ allowlist: readonly string[] }> {
  return parseStrictForm(form, schema);
}
