import { ownerWebhooks } from '../../src/management/operations/webhook-resource.ts';
import { type OperationCase, type Scene, absent } from './operation-case.ts';

const ABSENT = `hook_${'0'.repeat(20)}`;
const hook = { url: 'http://127.0.0.1:9/hooks', description: 'Chat room', eventTypes: ['key.rotated'] };

/** Each has a webhook, and a delivery of it. */
const teamCases: Readonly<Record<string, OperationCase>> = {
  listWebhooks: {
    ok: () => ({ path: '/webhooks' }),
    answers: ({ webhookId }) => ({ webhooks: [{ id: webhookId, isOn: true }] }),
    refused: () => ({ path: '/webhooks?limit=1', code: 'invalid_parameter' }),
  },
  createWebhook: {
    ok: () => ({ method: 'POST', path: '/webhooks', body: hook }),
    answers: () => ({ webhook: { url: hook.url, eventTypes: ['key.rotated'] } }),
    refused: () => ({ method: 'POST', path: '/webhooks', body: { url: 'mailto:x@example.com' }, code: 'invalid_body' }),
  },
  getWebhook: {
    ok: ({ webhookId }) => ({ path: `/webhooks/${webhookId}` }),
    answers: ({ webhookId }) => ({ id: webhookId }),
    refused: () => absent('GET', `/webhooks/${ABSENT}`),
  },
  updateWebhook: {
    ok: ({ webhookId }) => ({ method: 'PUT', path: `/webhooks/${webhookId}`, body: hook }),
    answers: () => ({ description: 'Chat room' }),
    refused: ({ webhookId }) => ({
      method: 'PUT',
      path: `/webhooks/${webhookId}`,
      body: { ...hook, eventTypes: ['moon.full'] },
      code: 'invalid_body',
    }),
  },
  turnWebhook: {
    ok: ({ webhookId }) => ({ method: 'PUT', path: `/webhooks/${webhookId}/state`, body: { isOn: false } }),
    answers: () => ({ isOn: false, offReason: 'by_hand' }),
    refused: () => absent('PUT', `/webhooks/${ABSENT}/state`, { isOn: false }),
  },
  removeWebhook: {
    ok: ({ webhookId }) => ({ method: 'DELETE', path: `/webhooks/${webhookId}` }),
    refused: () => absent('DELETE', `/webhooks/${ABSENT}`),
  },
  rotateWebhookSecret: {
    ok: ({ webhookId }) => ({ method: 'POST', path: `/webhooks/${webhookId}/secret` }),
    refused: () => absent('POST', `/webhooks/${ABSENT}/secret`),
  },
  endPreviousWebhookSecret: {
    ok: ({ webhookId }) => ({ method: 'DELETE', path: `/webhooks/${webhookId}/previous-secret` }),
    refused: () => absent('DELETE', `/webhooks/${ABSENT}/previous-secret`),
  },
  listDeliveries: {
    ok: ({ webhookId }) => ({ path: `/webhooks/${webhookId}/deliveries` }),
    answers: ({ deliveryId }) => ({ deliveries: [{ id: deliveryId, eventType: 'webhook.test' }], nextCursor: null }),
    refused: () => absent('GET', `/webhooks/${ABSENT}/deliveries`),
  },
  getDelivery: {
    ok: ({ webhookId, deliveryId }) => ({ path: `/webhooks/${webhookId}/deliveries/${deliveryId}` }),
    answers: ({ deliveryId }) => ({ delivery: { id: deliveryId } }),
    refused: ({ webhookId }) => absent('GET', `/webhooks/${webhookId}/deliveries/dlv_${'0'.repeat(20)}`),
  },
  redeliverEvent: {
    ok: ({ webhookId, deliveryId }) => ({
      method: 'POST',
      path: `/webhooks/${webhookId}/deliveries/${deliveryId}/redelivery`,
    }),
    refused: ({ webhookId }) => absent('POST', `/webhooks/${webhookId}/deliveries/dlv_${'0'.repeat(20)}/redelivery`),
  },
  sendTestEvent: {
    ok: ({ webhookId }) => ({ method: 'POST', path: `/webhooks/${webhookId}/test` }),
    refused: () => absent('POST', `/webhooks/${ABSENT}/test`),
  },
};

/** The same for the owners' own. */
const ownerCases = Object.entries(teamCases).map(([name, one]): [string, OperationCase] => {
  const { answers } = one;
  const theirs = (scene: Scene): Scene => ({ ...scene, ...scene.ownerWebhook });
  const moved = <Request extends { path: string }>(request: Request): Request => ({
    ...request,
    path: `/owner${request.path}`,
  });
  return [
    ownerWebhooks.named(name),
    {
      by: 'olga',
      ok: (scene) => moved(one.ok(theirs(scene))),
      refused: (scene) => moved(one.refused(theirs(scene))),
      ...(answers && { answers: (scene) => answers(theirs(scene)) }),
    },
  ];
});

export const webhookCases: Readonly<Record<string, OperationCase>> = {
  ...teamCases,
  ...Object.fromEntries(ownerCases),
};
