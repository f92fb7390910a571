import { z } from 'zod';

import {
  DESCRIPTION_MAX_LENGTH,
  URL_MAX_LENGTH,
  type WebhookAttempt,
  type WebhookDelivery,
  type WebhookEndpoint,
  subscribableTypes,
} from '../../webhooks/webhook.ts';
import { pageQuery } from '../page.ts';
import { nextCursor, optionalLine } from './parts.ts';
import { answerSchema, bodySchema, maybeTime, maybeTimeText, time, timeText } from './registry.ts';

export const webhookParams = z.strictObject({
  webhookId: z.string().meta({ description: 'Id of the webhook.', examples: ['hook_3Vb8dYq1XsLm5RtZc0Kw'] }),
});

export const deliveryParams = z.strictObject({
  ...webhookParams.shape,
  deliveryId: z.string().meta({ description: 'Id of the delivery.', examples: ['dlv_7Hn2pWx9QaTg4JfUe6Bo'] }),
});

export const deliveryQuery = z.strictObject({
  limit: pageQuery.limit,
  cursor: z
    .string()
    .regex(/^\d{1,15}\.dlv_\w{20}$/, 'This is no cursor of ours: send "nextCursor" of the page before, as it was.')
    .optional()
    .meta({ description: '`nextCursor` of the page before; the first page without it.' }),
});

export const webhookBody = bodySchema(
  'NewWebhook',
  z.strictObject({
    url: z
      .string()
      .min(1)
      .max(URL_MAX_LENGTH)
      .meta({ description: 'An https URL that the internet can reach.', examples: ['https://example.com/hooks'] }),
    description: optionalLine(DESCRIPTION_MAX_LENGTH).meta({ description: 'For people.', examples: ['Chat room'] }),
    eventTypes: z
      .array(z.enum(subscribableTypes))
      .max(subscribableTypes.length)
      .transform((types) => subscribableTypes.filter((type) => types.includes(type)))
      .default([])
      .meta({ description: 'What it is told of; `[]` means all, also those of later versions.' }),
  }),
);

export const webhookStateBody = bodySchema('WebhookState', z.strictObject({ isOn: z.boolean() }));

export const webhookSchema = answerSchema(
  'Webhook',
  z.object({
    id: z.string(),
    url: z.string().meta({ examples: ['https://example.com/hooks'] }),
    description: z.string(),
    eventTypes: z.array(z.enum(subscribableTypes)).meta({ description: 'None means all.' }),
    isOn: z.boolean(),
    offSince: maybeTime(),
    offReason: z.enum(['by_hand', 'gone', 'failing']).nullable(),
    failingSince: maybeTime().meta({ description: 'First failure since the last success.' }),
    succeededAt: maybeTime(),
    previousSecretEndsAt: maybeTime().meta({
      description: 'Until then the secret before the last rotation signs as well.',
    }),
    createdAt: time(),
  }),
);

export const webhookListSchema = answerSchema('WebhookList', z.object({ webhooks: z.array(webhookSchema) }));

const secret = z.string().meta({
  description: 'With it messages are signed (Standard Webhooks). It stands in this answer only.',
  examples: ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
});

export const createdWebhookSchema = answerSchema('CreatedWebhook', z.object({ webhook: webhookSchema, secret }));

export const webhookSecretSchema = answerSchema(
  'WebhookSecret',
  z.object({ secret, previousSecretEndsAt: time().meta({ description: 'Until then both secrets sign.' }) }),
);

const attempt = z.object({
  number: z.int(),
  at: time(),
  latencyMs: z.int(),
  status: z.int().nullable().meta({ description: 'null when there was no answer.' }),
  failure: z
    .string()
    .nullable()
    .meta({ description: 'null when it was delivered.', examples: ['timeout'] }),
  answer: z.string().meta({ description: 'The first 1 KiB of it.' }),
});

const delivery = z.object({
  id: z.string(),
  eventId: z.string().meta({ description: 'The `webhook-id` of the message, the same for every attempt.' }),
  eventType: z.string().meta({ examples: ['key.rotated'] }),
  state: z.enum(['waiting', 'delivered', 'failed']),
  createdAt: time(),
  attempts: z.int(),
  nextAttemptAt: maybeTime(),
  last: attempt.nullable().meta({ description: 'null before the first attempt has ended.' }),
});

export const deliveryListSchema = answerSchema(
  'WebhookDeliveryList',
  z.object({ deliveries: z.array(delivery).meta({ description: 'Newest first; of 30 days.' }), nextCursor }),
);

export const deliverySchema = answerSchema(
  'WebhookDelivery',
  z.object({
    delivery,
    body: z.string().meta({ description: 'What was signed and sent, byte for byte.' }),
    attempts: z.array(attempt).meta({ description: 'Newest first.' }),
  }),
);

export const sentSchema = answerSchema('SentDelivery', z.object({ deliveryId: z.string() }));

export function describeWebhook(endpoint: WebhookEndpoint) {
  const { id, url, description, eventTypes, off } = endpoint;
  return {
    id,
    url,
    description,
    eventTypes,
    isOn: off === null,
    offSince: maybeTimeText(off?.atMs ?? null),
    offReason: off?.reason ?? null,
    failingSince: maybeTimeText(endpoint.failingSinceMs),
    succeededAt: maybeTimeText(endpoint.succeededAtMs),
    previousSecretEndsAt: maybeTimeText(endpoint.previousSecretEndsAtMs),
    createdAt: timeText(endpoint.createdAtMs),
  };
}

export function describeDelivery({ id, eventId, eventType, state, attempts, last, ...times }: WebhookDelivery) {
  return {
    id,
    eventId,
    eventType,
    state,
    createdAt: timeText(times.createdAtMs),
    attempts,
    nextAttemptAt: maybeTimeText(times.nextAttemptAtMs),
    last: last && describeAttempt(last),
  };
}

export function describeAttempt({ number, atMs, latencyMs, status, failure, answer }: WebhookAttempt) {
  return { number, at: timeText(atMs), latencyMs, status, failure, answer };
}
