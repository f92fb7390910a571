import type { APIContext } from 'astro';

import type { Actor } from '../../accounts/account.ts';
import type { Portal } from '../../portal/portal.ts';
import type { WebhookAudience, WebhookEndpoint } from '../../webhooks/webhook.ts';
import { type TeamRight, mayInTeam, teamsWith } from '../../teams/role.ts';
import { enter, enterAsOwner, notFound, refusedByRole } from '../guard.ts';
import type { Barred } from '../keys/enter-key.ts';

export interface EnteredWebhooks {
  ok: true;
  actor: Actor;
  audience: WebhookAudience;
  desk: Portal['webhooks'][WebhookAudience];
  /** Whether the actor may change what is shown, or add to it. */
  mayManage: boolean;
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

type Asked = Pick<APIContext, 'locals' | 'params' | 'url' | 'rewrite'>;

/** Who asks, and for whose endpoints; for who is no owner, those of the owners are not there. */
export async function enterWebhooks(
  asked: Asked,
  audience: WebhookAudience,
  right: TeamRight = 'read',
): Promise<EnteredWebhooks | Barred> {
  const { locals, url } = asked;
  const { portal, signedIn } = locals;
  const desk = portal.webhooks[audience];
  if (audience === 'owner') {
    const actor = enterAsOwner(signedIn);
    if (!actor) return { ok: false, answer: notFound() };
    const trail = [{ href: '/owner', text: 'Owner' }];
    return { ok: true, actor, audience, desk, mayManage: true, base: '/owner/webhooks', trail };
  }
  const entry = enter(signedIn, url);
  if (!entry.ok) {
    return { ok: false, answer: new Response(null, { status: 303, headers: { Location: entry.signInPath } }) };
  }
  const { actor } = entry;
  const mayManage = teamsWith(actor, 'manage').length > 0;
  if (right !== 'read' && !mayManage) return { ok: false, answer: await refusedByRole(asked, right) };
  return { ok: true, actor, audience, desk, mayManage, base: '/webhooks', trail: [] };
}

/** The same for the endpoint that the address names. */
export async function enterWebhook(
  asked: Asked,
  audience: WebhookAudience,
  right: TeamRight = 'read',
): Promise<EnteredWebhook | Barred> {
  const entry = await enterWebhooks(asked, audience);
  if (!entry.ok) return entry;
  const endpoint = await entry.desk.find(entry.actor, asked.params.endpointId ?? '');
  if (!endpoint) return { ok: false, answer: notFound() };
  const mayManage = endpoint.teamId === null || mayInTeam(entry.actor, endpoint.teamId, 'manage');
  if (right !== 'read' && !mayManage) return { ok: false, answer: await refusedByRole(asked, right) };
  return { ...entry, mayManage, endpoint, path: `${entry.base}/${endpoint.id}` };
}
