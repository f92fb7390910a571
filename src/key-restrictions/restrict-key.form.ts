import { z } from 'zod';

import type { Parsed } from '../platform/parsed.ts';
import { parseStrictForm } from '../platform/strict-form.ts';
import { allowlistField } from './allowlist.form.ts';
import type { AllowlistEntry } from './key-restrictions.ts';

/** Proof that it is still the same person, asked for in the form itself so that nothing that was typed is lost. */
export const proofFields = {
  password: z.string().max(1000).default(''),
  code: z.string().max(100).default(''),
};

export interface Proof {
  password: string;
  /** Of an authenticator app; '' for none. */
  code: string;
}

export interface RestrictAllowlistRequest extends Proof {
  allowlist: readonly AllowlistEntry[];
  /** `preview` saves nothing. */
  step: 'preview' | 'save';
  wholeInternetConfirmed: boolean;
}

const schema = z
  .strictObject({
    allowlist: allowlistField,
    step: z.enum(['preview', 'save']).default('save'),
    wholeInternet: z.literal('confirmed').optional(),
    ...proofFields,
  })
  .transform(({ wholeInternet, ...request }) => ({
    ...request,
    wholeInternetConfirmed: wholeInternet === 'confirmed',
  }));

/**
 * Fields: `allowlist`, one range a line, empty for every address; `step`, `preview` or `save`; `wholeInternet`,
 * `confirmed`; `password` and `code` where they are asked for.
 */
export function parseRestrictAllowlistForm(form: FormData): Parsed<RestrictAllowlistRequest> {
  return parseStrictForm(form, schema, ['password', 'code']);
}
