import { createAllowanceStore } from '../accounts/allowance-store.ts';
import type { MailWriters } from '../jobs/deliver-outbox.ts';
import { startWebhookDelivery } from '../jobs/deliver-webhooks.ts';
import { startEventFanOut } from '../jobs/fan-out-events.ts';
import { startOldEventRemoval } from '../jobs/remove-old-events.ts';
import type { OutboxStore } from '../database/outbox.ts';
import { version } from '../platform/version.ts';
import { changeWebhook } from '../webhooks/change-webhook.ts';
import { createWebhook } from '../webhooks/create-webhook.ts';
import type { WebhookDeps } from '../webhooks/endpoint-desk.ts';
import { findWebhook, listWebhooks, readDeliveries, readDelivery } from '../webhooks/read-webhooks.ts';
import { createNameResolver } from '../webhooks/resolve-target.ts';
import { endPreviousWebhookSecret, rotateWebhookSecret } from '../webhooks/rotate-webhook-secret.ts';
import { redeliverEvent, sendTestEvent } from '../webhooks/send-webhook.ts';
import { removeWebhook, turnWebhook } from '../webhooks/turn-webhook.ts';
import type { WebhookAudience } from '../webhooks/webhook.ts';
import { createWebhookDispatchStore } from '../webhooks/webhook-dispatch-store.ts';
import { createWebhookEndpointStore } from '../webhooks/webhook-endpoint-store.ts';
import { createWebhookEventStore } from '../webhooks/webhook-event-store.ts';
import { createWebhookLogStore } from '../webhooks/webhook-log-store.ts';
import { webhookOffMail } from '../webhooks/webhook-mail.ts';
import type { AccountParts } from './bind-accounts.ts';
import type { Foundation } from './foundation.ts';
import type { Portal } from '../portal/portal.ts';
import type { WebhookDesk } from '../portal/webhook-desk.ts';

function createTarget({ config }: Foundation) {
  const policy = { allowPrivate: config.webhookAllowPrivate, ports: config.webhookPorts };
  return { policy, resolveName: createNameResolver() };
}

export function bindWebhooks(foundation: Foundation): Portal['webhooks'] {
  const { config, databases, clock, random } = foundation;
  const deps: WebhookDeps = {
    endpoints: createWebhookEndpointStore(databases.portal),
    log: createWebhookLogStore(databases.portal),
    allowances: createAllowanceStore(databases.portal),
    ...createTarget(foundation),
    clock,
    random,
    sessionSecret: config.sessionSecret,
    publicUrl: config.publicUrl,
  };
  return { team: bindDesk(deps, 'team'), owner: bindDesk(deps, 'owner') };
}

function bindDesk(deps: WebhookDeps, audience: WebhookAudience): WebhookDesk {
  return {
    list: (actor) => listWebhooks(deps, actor, audience),
    find: (actor, endpointId) => findWebhook(deps, actor, audience, endpointId),
    create: (actor, request) => createWebhook(deps, actor, audience, request),
    change: (actor, endpointId, request) => changeWebhook(deps, actor, audience, { ...request, endpointId }),
    rotateSecret: (actor, endpointId) => rotateWebhookSecret(deps, actor, audience, endpointId),
    endPreviousSecret: (actor, endpointId) => endPreviousWebhookSecret(deps, actor, audience, endpointId),
    turn: (actor, endpointId, isOn) => turnWebhook(deps, actor, audience, { endpointId, isOn }),
    remove: (actor, endpointId) => removeWebhook(deps, actor, audience, endpointId),
    deliveries: (actor, endpointId, after, limit) =>
      readDeliveries(deps, actor, audience, { endpointId, after, limit }),
    delivery: (actor, endpointId, deliveryId) => readDelivery(deps, actor, audience, { endpointId, deliveryId }),
    redeliver: (actor, endpointId, deliveryId) => redeliverEvent(deps, actor, audience, { endpointId, deliveryId }),
    sendTest: (actor, endpointId) => sendTestEvent(deps, actor, audience, endpointId),
  };
}

/** What happened becomes deliveries, deliveries are made, and old ones are forgotten. */
export function startWebhookJobs(foundation: Foundation, outbox: OutboxStore): { stop(): Promise<void> } {
  const { config, databases, clock, random, log } = foundation;
  const events = createWebhookEventStore(databases.portal, { publicUrl: config.publicUrl, random });
  const delivery = startWebhookDelivery({
    ...createTarget(foundation),
    dispatch: createWebhookDispatchStore(databases.portal),
    sessionSecret: config.sessionSecret,
    userAgent: `Gatehouse/${version}`,
    clock,
    random,
    log,
  });
  const fanOut = startEventFanOut({ outbox, events, onQueued: delivery.poke, clock, log });
  const removal = startOldEventRemoval({ events, clock, log });
  return {
    async stop() {
      removal.stop();
      await fanOut.stop();
      await delivery.stop();
    },
  };
}

export function webhookMailWriters(
  { config, databases }: Foundation,
  { accounts }: AccountParts,
): Pick<MailWriters, 'mail.webhook_off'> {
  const endpoints = createWebhookEndpointStore(databases.portal);
  return {
    'mail.webhook_off': (payload) => webhookOffMail({ accounts, endpoints, publicUrl: config.publicUrl }, payload),
  };
}
