import type { SendWebhookResult } from '../../webhooks/webhook.ts';
import { absent, answer, refuse } from '../answers.ts';
import { type Answer, type AnyOperation, defineOperation } from '../operation.ts';
import { noQuery } from '../schemas/registry.ts';
import {
  deliveryListSchema,
  deliveryParams,
  deliveryQuery,
  deliverySchema,
  describeAttempt,
  describeDelivery,
  sentSchema,
  webhookParams,
} from '../schemas/webhooks.ts';
import type { WebhookResource } from './webhook-resource.ts';

const listDeliveries = (of: WebhookResource) =>
  defineOperation({
    operationId: of.named('listDeliveries'),
    method: 'GET',
    path: `${of.path}/{webhookId}/deliveries`,
    tag: of.tag,
    summary: 'List what was sent to a webhook',
    access: of.read,
    params: webhookParams,
    query: deliveryQuery,
    body: null,
    success: { status: 200, description: 'A page of its deliveries.', schema: deliveryListSchema },
    refusals: ['not_found'],
    async handler({ portal, caller, params, query }) {
      const { cursor = null, limit } = query;
      const page = await of.desk(portal).deliveries(caller().actor, params.webhookId, cursor, limit);
      return page
        ? answer({ deliveries: page.deliveries.map(describeDelivery), nextCursor: page.next })
        : absent('webhook');
    },
  });

const getDelivery = (of: WebhookResource) =>
  defineOperation({
    operationId: of.named('getDelivery'),
    method: 'GET',
    path: `${of.path}/{webhookId}/deliveries/{deliveryId}`,
    tag: of.tag,
    summary: 'Get a delivery',
    description: 'The message as it was sent, and every attempt.',
    access: of.read,
    params: deliveryParams,
    query: noQuery,
    body: null,
    success: { status: 200, description: 'The delivery.', schema: deliverySchema },
    refusals: ['not_found'],
    async handler({ portal, caller, params }) {
      const details = await of.desk(portal).delivery(caller().actor, params.webhookId, params.deliveryId);
      if (!details) return absent('delivery');
      const { delivery, body, attempts } = details;
      return answer({ delivery: describeDelivery(delivery), body, attempts: attempts.map(describeAttempt) });
    },
  });

const redeliver = (of: WebhookResource) =>
  defineOperation({
    operationId: of.named('redeliverEvent'),
    method: 'POST',
    path: `${of.path}/{webhookId}/deliveries/{deliveryId}/redelivery`,
    tag: of.tag,
    summary: 'Deliver an event again',
    description: 'With the same `webhook-id`, so that the receiver can tell.',
    access: of.write,
    params: deliveryParams,
    query: noQuery,
    body: null,
    success: { status: 200, description: 'It is on its way.', schema: sentSchema },
    refusals: ['not_found', 'webhook_off', 'too_many_webhook_tests'],
    async handler({ portal, caller, params }) {
      return toAnswer(await of.desk(portal).redeliver(caller().actor, params.webhookId, params.deliveryId));
    },
  });

const sendTest = (of: WebhookResource) =>
  defineOperation({
    operationId: of.named('sendTestEvent'),
    method: 'POST',
    path: `${of.path}/{webhookId}/test`,
    tag: of.tag,
    summary: 'Send a test event',
    description: 'Of the type `webhook.test`, whatever the webhook has chosen.',
    access: of.write,
    params: webhookParams,
    query: noQuery,
    body: null,
    success: { status: 200, description: 'It is on its way.', schema: sentSchema },
    refusals: ['not_found', 'webhook_off', 'too_many_webhook_tests'],
    async handler({ portal, caller, params }) {
      return toAnswer(await of.desk(portal).sendTest(caller().actor, params.webhookId));
    },
  });

function toAnswer(result: SendWebhookResult): Answer {
  if (result.ok) return answer({ deliveryId: result.deliveryId });
  if (result.reason === 'too_many_requests') {
    const headers = { 'Retry-After': String(result.retryAfterSeconds) };
    return { ...refuse('too_many_webhook_tests'), headers };
  }
  return result.reason === 'endpoint_off' ? refuse('webhook_off') : absent('webhook');
}

export function deliveryOperations(of: WebhookResource): AnyOperation[] {
  return [listDeliveries(of), getDelivery(of), redeliver(of), sendTest(of)];
}
