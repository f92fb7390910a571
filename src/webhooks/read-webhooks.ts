import type { Actor } from '../accounts/account.ts';
import { type WebhookDeps, scopeOf } from './endpoint-desk.ts';
import type { DeliveryDetails, DeliveryPage, WebhookAudience, WebhookEndpoint } from './webhook.ts';

/** Deliveries on one page of the log. */
export const DELIVERIES_PER_PAGE = 25;

export async function listWebhooks(
  { endpoints }: Pick<WebhookDeps, 'endpoints'>,
  actor: Actor,
  audience: WebhookAudience,
): Promise<readonly WebhookEndpoint[]> {
  const scope = scopeOf(actor, audience, 'read');
  return scope ? endpoints.list(scope) : [];
}

/** null when absent or another's. */
export async function findWebhook(
  { endpoints }: Pick<WebhookDeps, 'endpoints'>,
  actor: Actor,
  audience: WebhookAudience,
  endpointId: string,
): Promise<WebhookEndpoint | null> {
  const scope = scopeOf(actor, audience, 'read');
  return scope && endpoints.find(scope, endpointId);
}

/** The log of an endpoint, newest first; null when the endpoint is absent or another's. */
export async function readDeliveries(
  deps: Pick<WebhookDeps, 'endpoints' | 'log'>,
  actor: Actor,
  audience: WebhookAudience,
  {
    endpointId,
    after,
    limit = DELIVERIES_PER_PAGE,
  }: { endpointId: string; after: string | null; limit?: number | undefined },
): Promise<DeliveryPage | null> {
  const endpoint = await findWebhook(deps, actor, audience, endpointId);
  return endpoint && deps.log.list(endpoint.id, after, limit);
}

export async function readDelivery(
  deps: Pick<WebhookDeps, 'endpoints' | 'log'>,
  actor: Actor,
  audience: WebhookAudience,
  { endpointId, deliveryId }: { endpointId: string; deliveryId: string },
): Promise<DeliveryDetails | null> {
  const endpoint = await findWebhook(deps, actor, audience, endpointId);
  return endpoint && deps.log.find(endpoint.id, deliveryId);
}
