import { z } from 'zod';

import {
  ALLOWLIST_MAX_ENTRIES,
  ALLOWLIST_NOTE_MAX_LENGTH,
  type AllowlistEntry,
  CALL_METHODS,
  KEY_OPERATIONS_MAX,
  KEY_REFERRERS_MAX,
  KEY_SCOPES_MAX,
  type RestrictionChange,
} from '../../key-restrictions/key-restrictions.ts';
import { restrictionsSchema } from '../../key-restrictions/restrictions.form.ts';
import { bodySchema } from './registry.ts';

const entry = z.strictObject({
  cidr: z
    .string()
    .max(100)
    .meta({ description: 'An address or a range, IPv4 or IPv6.', examples: ['203.0.113.0/24'] }),
  note: z
    .string()
    .max(ALLOWLIST_NOTE_MAX_LENGTH)
    .default('')
    .meta({ examples: ['Office Berlin'] }),
});

/** Checks and canonicalises one list as the form does. */
function listOf<Kind extends 'allowlist' | 'scopes' | 'methods' | 'operations' | 'referrers'>(kind: Kind) {
  return (value: unknown, context: z.RefinementCtx): NonNullable<RestrictionChange[Kind]> => {
    const parsed = restrictionsSchema.safeParse({ [kind]: value });
    if (parsed.success) return parsed.data[kind] as NonNullable<RestrictionChange[Kind]>;
    for (const { message, path } of parsed.error.issues) {
      context.addIssue({ code: 'custom', message, path: path.slice(1) });
    }
    return z.NEVER;
  };
}

export const allowlistMember = z
  .array(entry)
  .max(ALLOWLIST_MAX_ENTRIES)
  .transform((entries, context): readonly AllowlistEntry[] => listOf('allowlist')(entries, context))
  .meta({ description: 'From where the key may be used; `[]` means any address.' });

export const replaceAllowlistBody = bodySchema(
  'Allowlist',
  z.strictObject({
    allowlist: allowlistMember,
    wholeInternetConfirmed: z
      .boolean()
      .default(false)
      .meta({ description: 'Entries that hold the whole internet are refused without it.' }),
  }),
);

const operation = z.strictObject({
  api: z.string().meta({ examples: ['parcels'] }),
  version: z.string().meta({ examples: ['v2'] }),
  operationId: z.string().meta({ examples: ['listParcels'] }),
});

export const restrictKeyBody = bodySchema(
  'Restrictions',
  z.strictObject({
    allowlist: allowlistMember.optional(),
    scopes: z
      .array(z.string())
      .max(KEY_SCOPES_MAX)
      .transform(listOf('scopes'))
      .optional()
      .meta({ description: 'Fewer scopes than the plans have; `[]` means all of them.', examples: [['parcels:read']] }),
    methods: z
      .array(z.enum(CALL_METHODS))
      .transform(listOf('methods'))
      .optional()
      .meta({ description: 'HTTP methods; `[]` means all. GET includes HEAD.', examples: [['GET']] }),
    operations: z
      .array(operation)
      .max(KEY_OPERATIONS_MAX)
      .transform(listOf('operations'))
      .optional()
      .meta({ description: '`[]` means all.' }),
    referrers: z
      .array(z.string())
      .max(KEY_REFERRERS_MAX)
      .transform(listOf('referrers'))
      .optional()
      .meta({
        description: 'Sites from whose pages browsers may call; `[]` means any. Weak: programs can send any Origin.',
        examples: [['https://app.example.com']],
      }),
    wholeInternetConfirmed: z.boolean().default(false),
  }),
);
