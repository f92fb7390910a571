import type { APIContext } from 'astro';

import type { Actor } from '../../accounts/account.ts';
import type { Portal } from '../../composition/portal.ts';
import type { WebhookAudience, WebhookEndpoint } from '../../webhooks/webhook.ts';
import { enter, enterAsOwner, notFound } from '../guard.ts';
import type { Barred } from '../keys/enter-key.ts';

export interface EnteredWebhooks {
  ok: true;
  actor: Actor;
  audience: WebhookAudience;
  desk: Portal['webhooks'][WebhookAudience];
  /** Of the list; everything about webhooks stands below it. */
  base: string;
  /** Pages above the list. */
  trail: readonly { href: string; text: string }[];
}

export interface EnteredWebhook extends EnteredWebhooks {
  endpoint: WebhookEndpoint;
  /** Of the endpoint's page. */
  path: string;
}

type Asked = Pick<APIContext, 'locals' | 'params' | 'url'>;

/** Who asks, and for whose endpoints; for who is no owner, those of the owners are not there. */
export function enterWebhooks({ locals, url }: Asked, audience: WebhookAudience): EnteredWebhooks | Barred {
  const { portal, signedIn } = locals;
  const desk = portal.webhooks[audience];
  if (audience === 'owner') {
    const actor = enterAsOwner(signedIn);
    if (!actor) return { ok: false, answer: notFound() };
    return { ok: true, actor, audience, desk, base: '/owner/webhooks', trail: [{ href: '/owner', text: 'Owner' }] };
  }
  const entry = enter(signedIn, url);
  if (entry.ok) return { ok: true, actor: entry.actor, audience, desk, base: '/webhooks', trail: [] };
  return { ok: false, answer: new Response(null, { status: 303, headers: { Location: entry.signInPath } }) };
}

/** The same for the endpoint that the address names. */
export async function enterWebhook(asked: Asked, audience: WebhookAudience): Promise<EnteredWebhook | Barred> {
  const entry = enterWebhooks(asked, audience);
  if (!entry.ok) return entry;
  const endpoint = await entry.desk.find(entry.actor, asked.params.endpointId ?? '');
  if (!endpoint) return { ok: false, answer: notFound() };
  return { ...entry, endpoint, path: `${entry.base}/${endpoint.id}` };
}
