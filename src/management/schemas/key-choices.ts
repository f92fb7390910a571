import { z } from 'zod';

import { type PreviewedAddress, testAddress } from '../../key-restrictions/allowlist-preview.ts';
import type { AllowlistEntry, RestrictionChoices } from '../../key-restrictions/key-restrictions.ts';
import type { KeyRules } from '../../plans/plan.ts';
import { answerSchema, bodySchema, time, timeText } from './registry.ts';
import { allowlistMember } from './restrictions.ts';

export const keyChoicesSchema = answerSchema(
  'KeyChoices',
  z.object({
    scopes: z.array(z.string()).meta({ description: 'Of all plans of the application.' }),
    operations: z
      .array(
        z.object({
          api: z.string(),
          version: z.string(),
          operationId: z.string(),
          method: z.string(),
          path: z.string(),
          summary: z.string(),
        }),
      )
      .meta({ description: 'In the order of the documents.' }),
    overlapMaxSeconds: z.int().meta({ description: 'Longest overlap of a rotation.' }),
    rotationIntervalDays: z.int().nullable().meta({ description: 'How often the plans want keys rotated.' }),
    maxLifetimeDays: z.int().nullable().meta({ description: 'How long the plans let a key live at most.' }),
  }),
);

export const previewAllowlistBody = bodySchema(
  'AllowlistPreview',
  z.strictObject({
    allowlist: allowlistMember,
    address: z
      .string()
      .max(100)
      .refine((text) => testAddress([], text).isAddress, 'This is no IP address.')
      .optional()
      .meta({ description: 'Tested as well.', examples: ['203.0.113.7'] }),
  }),
);

const entry = z
  .object({ cidr: z.string(), note: z.string() })
  .nullable()
  .meta({ description: 'The narrowest entry that lets it in.' });

export const allowlistPreviewSchema = answerSchema(
  'PreviewedAllowlist',
  z.object({
    allowlist: z
      .array(z.object({ cidr: z.string(), note: z.string() }))
      .meta({ description: 'As it would be stored: canonical.' }),
    addresses: z
      .array(z.object({ address: z.string(), lastSeenAt: time(), calls: z.int(), isAllowed: z.boolean(), entry }))
      .meta({ description: 'From which it was called in the last 30 days; those that would be refused come first.' }),
    tested: z
      .object({ address: z.string(), isAllowed: z.boolean(), entry })
      .nullable()
      .meta({ description: 'The address that you sent.' }),
  }),
);

export function describeChoices({ scopes, operations }: RestrictionChoices, rules: KeyRules) {
  return {
    scopes,
    operations: operations.map(({ api, version, operationId, method, path, summary }) => ({
      api,
      version,
      operationId,
      method,
      path,
      summary,
    })),
    overlapMaxSeconds: Math.floor(rules.overlapMaxMs / 1000),
    rotationIntervalDays: rules.rotationIntervalDays,
    maxLifetimeDays: rules.maxLifetimeDays,
  };
}

export function describePreviewed({ address, lastSeenAtMs, calls, isAllowed, entry: by }: PreviewedAddress) {
  return { address, lastSeenAt: timeText(lastSeenAtMs), calls, isAllowed, entry: by };
}

export function describeTested(entries: readonly AllowlistEntry[], typed: string | undefined) {
  const tested = typed === undefined ? null : testAddress(entries, typed);
  if (!tested?.isAddress) return null;
  return { address: tested.address, isAllowed: tested.isAllowed, entry: tested.entry };
}
