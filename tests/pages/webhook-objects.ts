import type { WatchedPortal } from './watched-portal.ts';

/** A webhook and a delivery of it. */
export interface WebhookIds {
  endpointId: string;
  deliveryId: string;
}

let count = 0;

/** A form for a webhook; no two have the same URL. Nobody listens there, and nothing that it is told of happens. */
export function webhookForm(): Record<string, string> {
  count += 1;
  return { url: `http://127.0.0.1:9/${count}`, description: '', events: 'chosen', event: 'quota.reached' };
}

/** Adds a webhook and sends it a test. */
export async function addWebhook(
  portal: WatchedPortal,
  session: string,
  base: '/webhooks' | '/owner/webhooks',
): Promise<WebhookIds> {
  const added = await portal.send({ path: base, session, form: webhookForm() });
  const endpointId = /\/webhooks\/(hook_\w+)/.exec(added.body)?.[1];
  if (!endpointId) throw new Error(`no webhook added: ${added.status}`);
  const sent = await portal.send({ path: `${base}/${endpointId}`, session, form: {} });
  const deliveryId = /dlv_\w+$/.exec(sent.headers.get('location')?.[0] ?? '')?.[0];
  if (!deliveryId) throw new Error(`no test sent: ${sent.status}`);
  return { endpointId, deliveryId };
}
