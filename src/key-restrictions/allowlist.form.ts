import { z } from 'zod';

import { parseCidrs, wholeFamilies } from '../platform/address-ranges.ts';
import { readAllowlist } from './allowlist-text.ts';
import type { AllowlistEntry } from './key-restrictions.ts';

/**
 * A text area of addresses and ranges, as `readAllowlist` reads it. An empty text lets every address in: a field that
 * is missing must not be read as that.
 */
export const allowlistField = z
  .string('The allowlist is missing. Reload the page, and leave the list empty to allow every address.')
  .transform((text, context): readonly AllowlistEntry[] => {
    const reading = readAllowlist(text);
    if (reading.ok) return reading.entries;
    context.addIssue({ code: 'custom', message: reading.problem });
    return z.NEVER;
  });

/** The same for a key that is new: a list that covers the whole internet restricts nothing. */
export const newAllowlistField = allowlistField.refine(
  (entries) => wholeFamilies(parseCidrs(entries.map(({ cidr }) => cidr))).length === 0,
  'These entries hold the whole internet. Leave the list empty to allow every address.',
);
