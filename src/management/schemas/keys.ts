import { z } from 'zod';

import { nameField, textField } from '../../applications/text.form.ts';
import type { KeyDescription } from '../../portal/portal.ts';
import {
  type ApiKey,
  KEY_NAME_MAX_LENGTH,
  REVOKE_REASON_MAX_LENGTH,
  ROTATION_INTERVAL_MAX_DAYS,
  SUSPEND_MESSAGE_MAX_LENGTH,
  keyStateAt,
} from '../../keys/api-key.ts';
import { describeQuotaUsage, describeRates } from './limits.ts';
import { checkedBy, optionalLine, requiredLine } from './parts.ts';
import { applicationParams } from './applications.ts';
import { bodySchema, maybeTimeText, timeText } from './registry.ts';
import { allowlistMember } from './restrictions.ts';

const KEY_ID = 'key_8Qm2nZtYv5RkLw1Xc7Jd';
const DEFAULT_OVERLAP_SECONDS = 86_400;

export const keyParams = z.strictObject({
  ...applicationParams.shape,
  keyId: z.string().meta({ description: 'Id of the key.', examples: [KEY_ID] }),
});

export const anyKeyParams = z.strictObject({ keyId: keyParams.shape.keyId });

const name = z
  .string()
  .min(1)
  .max(KEY_NAME_MAX_LENGTH)
  .transform(checkedBy(nameField(KEY_NAME_MAX_LENGTH)))
  .meta({ description: 'Where the key is used.', examples: ['Build server'] });

/** Gives milliseconds; refuses what has passed. */
const expiresAt = z.iso
  .datetime({ offset: true, error: 'This is not a time such as 2027-01-31T00:00:00Z.' })
  .transform((text) => Date.parse(text))
  .nullable()
  .meta({ description: 'When the key ends; null for never.', examples: ['2027-01-31T00:00:00Z'] });

export const issueKeyBody = bodySchema(
  'NewKey',
  z.strictObject({
    name,
    environment: z.enum(['live', 'test']).meta({ description: 'Live keys need a confirmed e-mail address.' }),
    expiresAt,
    allowlist: allowlistMember.default([]),
  }),
);

export const updateKeyBody = bodySchema('KeyChange', z.strictObject({ name }));

const overlapSeconds = z
  .int()
  .min(0)
  .max(10 * 365 * 86_400)
  .meta({ description: 'How long the old key goes on working, from now; 0 ends it at once.', examples: [3600] });

export const rotateKeyBody = bodySchema(
  'Rotation',
  z.strictObject({ overlapSeconds: overlapSeconds.default(DEFAULT_OVERLAP_SECONDS) }),
);

export const changeOverlapBody = bodySchema('Overlap', z.strictObject({ overlapSeconds }));

export const scheduleKeyBody = bodySchema(
  'Schedule',
  z.strictObject({
    rotationIntervalDays: z
      .int()
      .min(1)
      .max(ROTATION_INTERVAL_MAX_DAYS)
      .nullable()
      .meta({ description: 'How often the key is to be rotated; null leaves it to the plans.', examples: [90] }),
  }),
);

export const revokeKeyBody = bodySchema(
  'Revocation',
  z.strictObject({
    reason: optionalLine(REVOKE_REASON_MAX_LENGTH).meta({
      description: 'Shown on the page of the key.',
      examples: ['Server retired'],
    }),
  }),
);

export const revokeKeysBody = bodySchema(
  'RevocationOfAll',
  z.strictObject({
    reason: requiredLine(REVOKE_REASON_MAX_LENGTH).meta({
      description: 'The rest of the team reads it.',
      examples: ['Laptop lost'],
    }),
  }),
);

export const suspensionBody = bodySchema(
  'Message',
  z.strictObject({
    message: z
      .string()
      .min(1)
      .max(SUSPEND_MESSAGE_MAX_LENGTH)
      .transform(
        checkedBy(textField(SUSPEND_MESSAGE_MAX_LENGTH).refine((text) => text !== '', 'This must not be empty.')),
      )
      .meta({ description: 'Mailed to the team of the key.', examples: ['Calls of it look like a loop.'] }),
  }),
);

/** A key as all operations answer it; nothing of the secret but eight characters. */
export function describeKey(key: ApiKey, nowMs: number) {
  const { replaced } = key;
  return {
    id: key.id,
    applicationId: key.applicationId,
    name: key.name,
    environment: key.environment,
    state: keyStateAt(key, nowMs),
    firstFour: key.firstFour,
    lastFour: key.lastFour,
    allowlist: key.allowlist,
    scopes: key.scopes,
    methods: key.methods,
    operations: key.operations,
    referrers: key.referrers,
    createdAt: timeText(key.createdAtMs),
    expiresAt: maybeTimeText(key.expiresAtMs),
    rotationIntervalDays: key.rotationIntervalDays,
    suspendedAt: maybeTimeText(key.suspendedAtMs),
    suspendReason: key.suspendReason,
    revokedAt: maybeTimeText(key.revokedAtMs),
    revokeReason: key.revokeReason,
    replaced: replaced && {
      byKeyId: replaced.byKeyId,
      at: timeText(replaced.atMs),
      formerExpiresAt: maybeTimeText(replaced.formerExpiresAtMs),
    },
  };
}

/** The key with which `GET /key` is called, and what is left of its quotas. */
export function describeCallingKey({ key, application, usage }: KeyDescription) {
  return {
    id: key.id,
    name: key.name,
    environment: key.environment,
    firstFour: key.firstFour,
    lastFour: key.lastFour,
    allowlist: key.allowlist.map(({ cidr }) => cidr),
    createdAt: timeText(key.createdAtMs),
    expiresAt: maybeTimeText(key.expiresAtMs),
    application: { id: application.id, name: application.name },
    quotas: usage.quotas.map(describeQuotaUsage),
    rateLimits: usage.rateLimits.map(describeRates),
  };
}
