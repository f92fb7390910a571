import { absent, answer, created, refuse } from '../answers.ts';
import { type Answer, type AnyOperation, type Call, defineOperation } from '../operation.ts';
import { noParams, noQuery } from '../schemas/registry.ts';
import {
  createdWebhookSchema,
  describeWebhook,
  webhookBody,
  webhookListSchema,
  webhookParams,
  webhookSchema,
  webhookSecretSchema,
  webhookStateBody,
} from '../schemas/webhooks.ts';
import { timeText } from '../schemas/registry.ts';
import type { WebhookResource } from './webhook-resource.ts';

const exampleBody = {
  url: 'https://example.com/hooks',
  description: 'Chat room',
  eventTypes: ['key.rotated' as const],
};

const listWebhooks = (of: WebhookResource) =>
  defineOperation({
    operationId: of.named('listWebhooks'),
    method: 'GET',
    path: of.path,
    tag: of.tag,
    summary: of.listSummary,
    access: of.read,
    params: noParams,
    query: noQuery,
    body: null,
    success: { status: 200, description: 'All of them, oldest first; there can be ten.', schema: webhookListSchema },
    refusals: [],
    async handler({ portal, caller }) {
      const webhooks = await of.desk(portal).list(caller().actor);
      return answer({ webhooks: webhooks.map(describeWebhook) });
    },
  });

const createWebhook = (of: WebhookResource) =>
  defineOperation({
    operationId: of.named('createWebhook'),
    method: 'POST',
    path: of.path,
    tag: of.tag,
    summary: 'Create a webhook',
    description: `${of.whose} The answer is the only place where its secret stands.`,
    access: of.write,
    params: noParams,
    query: noQuery,
    body: webhookBody,
    exampleBody,
    success: { status: 201, description: 'The webhook and its secret.', schema: createdWebhookSchema },
    refusals: ['not_found', 'too_many_webhooks', 'webhook_url_taken', 'invalid_body'],
    async handler({ portal, caller, body }) {
      const result = await of.desk(portal).create(caller().actor, body);
      if (result.ok) {
        const { endpoint, secret } = result;
        return created({ webhook: describeWebhook(endpoint), secret }, `${of.path}/${endpoint.id}`);
      }
      if (result.reason === 'too_many_endpoints') return refuse('too_many_webhooks');
      if (result.reason === 'not_found' || result.reason === 'unknown_team') return absent('team');
      return urlRefused(result);
    },
  });

const getWebhook = (of: WebhookResource) =>
  defineOperation({
    operationId: of.named('getWebhook'),
    method: 'GET',
    path: `${of.path}/{webhookId}`,
    tag: of.tag,
    summary: 'Get a webhook',
    access: of.read,
    params: webhookParams,
    query: noQuery,
    body: null,
    success: { status: 200, description: 'The webhook, without its secret.', schema: webhookSchema },
    refusals: ['not_found'],
    current: (call) => currentWebhook(of, call),
    handler: (call) => answerWebhook(of, call),
  });

const updateWebhook = (of: WebhookResource) =>
  defineOperation({
    operationId: of.named('updateWebhook'),
    method: 'PUT',
    path: `${of.path}/{webhookId}`,
    tag: of.tag,
    summary: 'Change a webhook',
    description: 'URL, description and events, all of them. Its secret stays.',
    access: of.write,
    params: webhookParams,
    query: noQuery,
    body: webhookBody,
    exampleBody,
    success: { status: 200, description: 'The webhook.', schema: webhookSchema },
    refusals: ['not_found', 'webhook_url_taken', 'invalid_body', 'precondition_failed'],
    current: (call) => currentWebhook(of, call),
    async handler({ portal, caller, params, body }) {
      const result = await of.desk(portal).change(caller().actor, params.webhookId, body);
      if (result.ok) return answer(describeWebhook(result.endpoint));
      return result.reason === 'not_found' ? absent('webhook') : urlRefused(result);
    },
  });

const turnWebhook = (of: WebhookResource) =>
  defineOperation({
    operationId: of.named('turnWebhook'),
    method: 'PUT',
    path: `${of.path}/{webhookId}/state`,
    tag: of.tag,
    summary: 'Turn a webhook on or off',
    description: 'While it is off, nothing is queued for it.',
    access: of.write,
    params: webhookParams,
    query: noQuery,
    body: webhookStateBody,
    exampleBody: { isOn: false },
    success: { status: 200, description: 'The webhook.', schema: webhookSchema },
    refusals: ['not_found', 'precondition_failed'],
    current: (call) => currentWebhook(of, call),
    async handler(call) {
      const result = await of.desk(call.portal).turn(call.caller().actor, call.params.webhookId, call.body.isOn);
      return result.ok ? answerWebhook(of, call) : absent('webhook');
    },
  });

const removeWebhook = (of: WebhookResource) =>
  defineOperation({
    operationId: of.named('removeWebhook'),
    method: 'DELETE',
    path: `${of.path}/{webhookId}`,
    tag: of.tag,
    summary: 'Remove a webhook',
    description: 'With what waits for it and the log of what was delivered.',
    access: of.write,
    params: webhookParams,
    query: noQuery,
    body: null,
    success: { status: 204, description: 'It is gone.', schema: null },
    refusals: ['not_found', 'precondition_failed'],
    current: (call) => currentWebhook(of, call),
    async handler({ portal, caller, params }) {
      const result = await of.desk(portal).remove(caller().actor, params.webhookId);
      return result.ok ? { status: 204 } : absent('webhook');
    },
  });

const rotateWebhookSecret = (of: WebhookResource) =>
  defineOperation({
    operationId: of.named('rotateWebhookSecret'),
    method: 'POST',
    path: `${of.path}/{webhookId}/secret`,
    tag: of.tag,
    summary: 'Rotate the secret of a webhook',
    description: 'For a day messages carry two signatures, with the new secret and with the one before.',
    access: of.write,
    params: webhookParams,
    query: noQuery,
    body: null,
    success: { status: 201, description: 'The new secret.', schema: webhookSecretSchema },
    refusals: ['not_found'],
    async handler({ portal, caller, params: { webhookId } }) {
      const result = await of.desk(portal).rotateSecret(caller().actor, webhookId);
      if (!result.ok) return absent('webhook');
      const { secret, previousSecretEndsAtMs } = result;
      return created({ secret, previousSecretEndsAt: timeText(previousSecretEndsAtMs) }, `${of.path}/${webhookId}`);
    },
  });

const endPreviousWebhookSecret = (of: WebhookResource) =>
  defineOperation({
    operationId: of.named('endPreviousWebhookSecret'),
    method: 'DELETE',
    path: `${of.path}/{webhookId}/previous-secret`,
    tag: of.tag,
    summary: 'End the secret before the last rotation',
    access: of.write,
    params: webhookParams,
    query: noQuery,
    body: null,
    success: { status: 204, description: 'Only the new secret signs from now on.', schema: null },
    refusals: ['not_found'],
    async handler({ portal, caller, params }) {
      const result = await of.desk(portal).endPreviousSecret(caller().actor, params.webhookId);
      return result.ok ? { status: 204 } : absent('webhook');
    },
  });

async function currentWebhook(
  of: WebhookResource,
  { portal, caller, params }: Call<{ webhookId: string }>,
): Promise<object | null> {
  const webhook = await of.desk(portal).find(caller().actor, params.webhookId);
  return webhook && describeWebhook(webhook);
}

async function answerWebhook(of: WebhookResource, call: Call<{ webhookId: string }>): Promise<Answer> {
  const webhook = await currentWebhook(of, call);
  return webhook ? answer(webhook) : absent('webhook');
}

const urlTexts = {
  not_a_url: 'This is no URL.',
  not_https: 'Only https is allowed.',
  has_credentials: 'The URL must hold no name and no password.',
  has_fragment: 'The URL must have no fragment.',
  port_not_allowed: 'This port is not allowed; 443 is.',
  no_public_address: 'The name of the URL leads to no address of the public internet.',
} as const;

type UrlRefusal = { reason: 'url_taken' } | { reason: 'url_refused'; refusal: keyof typeof urlTexts };

function urlRefused(result: UrlRefusal): Answer {
  if (result.reason === 'url_taken') return refuse('webhook_url_taken');
  return refuse('invalid_body', undefined, { errors: [{ pointer: '#/url', detail: urlTexts[result.refusal] }] });
}

/** The same for teams and for owners. */
export function webhookOperations(of: WebhookResource): AnyOperation[] {
  return [
    listWebhooks(of),
    createWebhook(of),
    getWebhook(of),
    updateWebhook(of),
    turnWebhook(of),
    removeWebhook(of),
    rotateWebhookSecret(of),
    endPreviousWebhookSecret(of),
  ];
}
