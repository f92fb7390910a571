import type { Actor } from '../accounts/account.ts';
import { type WebhookDeps, scopeOf } from './endpoint-desk.ts';
import { eventBody } from './event-body.ts';
import { readDelivery } from './read-webhooks.ts';
import type { SendWebhookResult, WebhookAudience, WebhookEndpoint } from './webhook.ts';

const MINUTE_MS = 60_000;

/** Sends a test to one endpoint, whatever it has chosen. */
export async function sendTestEvent(
  deps: WebhookDeps,
  actor: Actor,
  audience: WebhookAudience,
  endpointId: string,
): Promise<SendWebhookResult> {
  return sendByHand(deps, actor, audience, endpointId, async (endpoint, nowMs) => {
    const data = { message: 'This is a test. Nothing has happened.' };
    const event = { type: 'webhook.test', teamId: endpoint.teamId, applicationId: null, atMs: nowMs, data } as const;
    const bodyFor = (teamName: string | null) => eventBody(event, { teamName, applicationName: null }, deps.publicUrl);
    return deps.log.queueTest(endpoint.id, { bodyFor, nowMs }, deps.random);
  });
}

/** Delivers an event once more, with the id it has: a receiver that has it already drops it. */
export async function redeliverEvent(
  deps: WebhookDeps,
  actor: Actor,
  audience: WebhookAudience,
  { endpointId, deliveryId }: { endpointId: string; deliveryId: string },
): Promise<SendWebhookResult> {
  // Before the allowance: what is refused as absent leaves no trace.
  if (!(await readDelivery(deps, actor, audience, { endpointId, deliveryId })))
    return { ok: false, reason: 'not_found' };
  return sendByHand(deps, actor, audience, endpointId, async ({ id }, nowMs) =>
    (await deps.log.queueAgain(id, deliveryId, nowMs)) ? deliveryId : null,
  );
}

/** @param send returns the id of the delivery; null when what is to be sent is not there */
async function sendByHand(
  deps: WebhookDeps,
  actor: Actor,
  audience: WebhookAudience,
  endpointId: string,
  send: (endpoint: WebhookEndpoint, nowMs: number) => Promise<string | null>,
): Promise<SendWebhookResult> {
  const nowMs = deps.clock.nowMs();
  const scope = scopeOf(actor, audience, 'manage');
  const endpoint = scope && (await deps.endpoints.find(scope, endpointId));
  if (!endpoint) return { ok: false, reason: 'not_found' };
  if (endpoint.off) return { ok: false, reason: 'endpoint_off' };
  // Whoever presses a button must not make us somebody's flood (yardstick A30).
  const allowance = { subject: `webhook:${endpoint.id}`, atOnce: 20, refillMs: MINUTE_MS };
  const waitMs = await deps.allowances.take([allowance], nowMs);
  if (waitMs > 0) return { ok: false, reason: 'too_many_requests', retryAfterSeconds: Math.ceil(waitMs / 1000) };
  const deliveryId = await send(endpoint, nowMs);
  return deliveryId === null ? { ok: false, reason: 'not_found' } : { ok: true, deliveryId };
}
