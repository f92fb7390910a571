import type { Actor } from '../../src/accounts/account.ts';
import type { WebhookAudience } from '../../src/webhooks/webhook.ts';
import { type Desk, openDesk } from './desk.ts';
import type { Scene } from './operation-case.ts';

/** Concerns everybody who is subscribed to Parcels. */
const NOTICE = '2026-09-15-tls-1-2-required';

/** Two developers and an owner, each with a token for everything; nora has an application with a key. */
export async function openScene(desk?: Desk): Promise<Scene> {
  const opened = desk ?? (await openDesk());
  const [nora, mallory, olga] = [
    await opened.addPerson('nora'),
    await opened.addPerson('mallory'),
    await opened.addPerson('olga', 'owner'),
  ];
  const applicationId = await opened.addApplication(nora);
  const plan = { apiSlug: 'parcels', planSlug: 'free' };
  await opened.portal.applications.subscribe(nora, applicationId, plan);
  const { keyId, token: keyToken } = await opened.addKey(nora, applicationId);
  return {
    desk: opened,
    nora,
    mallory,
    olga,
    noraToken: (await opened.addToken(nora)).token,
    malloryToken: (await opened.addToken(mallory)).token,
    olgaToken: (await opened.addToken(olga)).token,
    applicationId,
    keyId,
    keyToken,
    noticeSlug: NOTICE,
    ...(await addWebhook(opened, 'team', nora)),
    ownerWebhook: await addWebhook(opened, 'owner', olga),
  };
}

async function addWebhook(
  { portal }: Desk,
  audience: WebhookAudience,
  actor: Actor,
): Promise<{ webhookId: string; deliveryId: string }> {
  const desk = portal.webhooks[audience];
  // Owners share theirs, and each scene has another owner.
  for (const { id } of audience === 'owner' ? await desk.list(actor) : []) await desk.remove(actor, id);
  const created = await desk.create(actor, { url: 'http://127.0.0.1:9/first', description: '', eventTypes: [] });
  const webhookId = created.ok ? created.endpoint.id : '';
  const sent = await desk.sendTest(actor, webhookId);
  return { webhookId, deliveryId: sent.ok ? sent.deliveryId : '' };
}
