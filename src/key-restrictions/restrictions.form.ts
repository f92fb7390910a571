import { z } from 'zod';

import { parseCidr } from '../platform/ip-address.ts';
import { noteProblem, rangeProblem } from './allowlist-text.ts';
import {
  ALLOWLIST_MAX_ENTRIES,
  CALL_METHODS,
  type CallMethod,
  KEY_OPERATIONS_MAX,
  KEY_REFERRERS_MAX,
  KEY_SCOPES_MAX,
  type RestrictionChange,
} from './key-restrictions.ts';
import { parseReferrerPattern } from './referrer-pattern.ts';

/** A scope as RFC 6749, 3.3 writes it. */
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]{1,100}$/;

const allowlistEntry = z
  .strictObject({ cidr: z.string().max(100), note: z.string().default('') })
  .transform(({ cidr: text, note }, context) => {
    const cidr = parseCidr(text);
    const trimmed = note.normalize('NFC').trim();
    const problem = cidr ? noteProblem(trimmed) : rangeProblem(text);
    if (cidr && problem === null) return { cidr: cidr.text, note: trimmed };
    context.addIssue({ code: 'custom', message: problem ?? '' });
    return z.NEVER;
  });

/** The first of what is the same. */
const once = <Item>(items: readonly Item[], name: (item: Item) => string): Item[] =>
  [...new Map(items.toReversed().map((item) => [name(item), item])).values()].toReversed();

const referrer = z.string().transform((text, context): string => {
  const pattern = parseReferrerPattern(text.trim());
  if (pattern) return pattern.text;
  const shown = text.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 60);
  context.addIssue({
    code: 'custom',
    message: `${shown} is not the address of a site, such as https://app.example.com or https://*.example.com`,
  });
  return z.NEVER;
});

export const scopesList = z
  .array(z.string().regex(SCOPE, 'This is not a scope.'))
  .max(KEY_SCOPES_MAX, `A key can be limited to ${KEY_SCOPES_MAX} scopes; choose fewer.`)
  .transform((scopes) => [...new Set(scopes)].sort());

/** In the order of CALL_METHODS, each once. */
export const methodsList = z
  .array(z.enum(CALL_METHODS, `Choose among ${CALL_METHODS.join(', ')}.`))
  .transform((methods): CallMethod[] => CALL_METHODS.filter((method) => methods.includes(method)));

export const operationsList = z
  .array(z.strictObject({ api: z.string().min(1), version: z.string().min(1), operationId: z.string().min(1) }))
  .max(
    KEY_OPERATIONS_MAX,
    `A key can be limited to ${KEY_OPERATIONS_MAX} operations; choose fewer, or limit methods or scopes.`,
  )
  .transform((operations) => once(operations, ({ api, version, operationId }) => `${api}/${version}/${operationId}`));

export const referrersList = z
  .array(referrer)
  .max(KEY_REFERRERS_MAX, `A key can have ${KEY_REFERRERS_MAX} sites; use a wildcard.`)
  .transform((texts) => [...new Set(texts)]);

/** A change of restrictions as a program sends it: members that are absent stay as they are, `[]` lifts one. */
export const restrictionsSchema: z.ZodType<RestrictionChange> = z.strictObject({
  allowlist: z
    .array(allowlistEntry)
    .max(ALLOWLIST_MAX_ENTRIES)
    .transform((entries) => once(entries, ({ cidr }) => cidr))
    .optional(),
  scopes: scopesList.optional(),
  methods: methodsList.optional(),
  operations: operationsList.optional(),
  referrers: referrersList.optional(),
  wholeInternetConfirmed: z.boolean().optional(),
}) as unknown as z.ZodType<RestrictionChange>;
