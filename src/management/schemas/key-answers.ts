import { z } from 'zod';

import { CALL_METHODS } from '../../key-restrictions/key-restrictions.ts';
import { quotaUsage, subscriptionRates } from './limits.ts';
import { nextCursor } from './parts.ts';
import { answerSchema, maybeTime, time } from './registry.ts';

const keyMembers = {
  id: z.string().meta({ examples: ['key_8Qm2nZtYv5RkLw1Xc7Jd'] }),
  applicationId: z.string(),
  name: z.string().meta({ examples: ['Build server'] }),
  environment: z.enum(['live', 'test']),
  state: z
    .enum(['active', 'suspended', 'expired', 'revoked'])
    .meta({ description: 'What a call with it meets. A rotated key is active until its overlap ends.' }),
  firstFour: z.string().meta({ description: 'Of the secret part, to tell keys apart.', examples: ['8fQ2'] }),
  lastFour: z.string().meta({ examples: ['k0Zb'] }),
  allowlist: z
    .array(z.object({ cidr: z.string().meta({ examples: ['203.0.113.0/24'] }), note: z.string() }))
    .meta({ description: 'From where the key may be used; none means any address.' }),
  scopes: z.array(z.string()).meta({ description: 'None means all that the plans have.' }),
  methods: z.array(z.enum(CALL_METHODS)).meta({ description: 'None means all. GET includes HEAD.' }),
  operations: z
    .array(z.object({ api: z.string(), version: z.string(), operationId: z.string() }))
    .meta({ description: 'None means all.' }),
  referrers: z.array(z.string()).meta({ description: 'Sites from whose pages browsers may call; none means any.' }),
  createdAt: time(),
  expiresAt: maybeTime().meta({ description: 'After a rotation: when the overlap ends.' }),
  rotationIntervalDays: z.int().nullable(),
  suspendedAt: maybeTime(),
  suspendReason: z.string().nullable(),
  revokedAt: maybeTime(),
  revokeReason: z.string().nullable(),
  replaced: z
    .object({ byKeyId: z.string(), at: time(), formerExpiresAt: maybeTime() })
    .nullable()
    .meta({ description: 'Set once it was rotated: by which key, when, and when it would have ended otherwise.' }),
};

export const keySchema = answerSchema('Key', z.object(keyMembers));

export const keyListSchema = answerSchema(
  'KeyList',
  z.object({ keys: z.array(keySchema).meta({ description: 'Newest first.' }), nextCursor }),
);

const token = z.string().meta({
  description: 'The API key itself. It stands in this answer only, and nobody can show it again.',
  examples: ['gth_test_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxcccccc'],
});

export const issuedKeySchema = answerSchema('IssuedKey', z.object({ key: keySchema, token }));

export const rotatedKeySchema = answerSchema(
  'RotatedKey',
  z.object({
    key: keySchema.meta({ description: 'The successor, which works at once.' }),
    token,
    replacedKeyId: z.string(),
    oldKeyEndsAt: time().meta({ description: 'Until then both keys work.' }),
  }),
);

export const revokedKeysSchema = answerSchema(
  'RevokedKeys',
  z.object({ keys: z.array(keySchema).meta({ description: 'Those that ended now.' }) }),
);

export const callingKeySchema = answerSchema(
  'CallingKey',
  z.object({
    id: z.string(),
    name: z.string(),
    environment: z.enum(['live', 'test']),
    firstFour: z.string(),
    lastFour: z.string(),
    allowlist: z.array(z.string()).meta({ description: 'CIDR ranges; none means any address.' }),
    createdAt: time(),
    expiresAt: maybeTime(),
    application: z.object({ id: z.string(), name: z.string() }),
    quotas: z.array(quotaUsage),
    rateLimits: z.array(subscriptionRates),
  }),
);

export const keyActivitySchema = answerSchema(
  'KeyActivityList',
  z.object({
    activities: z
      .array(
        z.object({
          keyId: z.string(),
          lastCalledAt: time(),
          lastAddress: z.string().meta({ examples: ['203.0.113.7'] }),
          lastVerdict: z
            .string()
            .meta({ description: '`allowed`, or the code of the refusal.', examples: ['allowed'] }),
          leakedInQueryAt: maybeTime().meta({ description: 'When the key was last seen in a query string.' }),
        }),
      )
      .meta({ description: 'Keys that were called; within a second.' }),
  }),
);

export const keyHistorySchema = answerSchema(
  'KeyHistory',
  z.object({
    entries: z
      .array(
        z.object({
          sequence: z.int().meta({ description: 'Place in the log of the portal, which has no gaps.' }),
          at: time(),
          actor: z.string().meta({ description: 'Id of an account, or `system`.' }),
          action: z.string().meta({ examples: ['key.rotated'] }),
          details: z.record(z.string(), z.unknown()),
        }),
      )
      .meta({ description: 'Newest first.' }),
    nextCursor,
  }),
);
