import { createHmac } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { type PortalProcess, startPortalProcess } from '../support/portal-process.ts';
import { type Received, type Receiver, startReceiver } from '../webhooks/receivers.ts';
import { type Page, type Visitor, issueKey, newApplication, ownerVisitor, signedInVisitor } from './visitor.ts';

let portal: PortalProcess;
let receiver: Receiver;
let status = 204;
/** Deliveries are made beside requests. */
const SOON = { timeout: 60_000, interval: 100 };
beforeAll(async () => {
  portal = await startPortalProcess({ WEBHOOK_ALLOW_PRIVATE: 'yes' });
  receiver = await startReceiver((response) => response.writeHead(status).end('thanks'));
});
afterAll(async () => {
  await portal.stop();
  await receiver.close();
});

const form = (path: string, more: Record<string, string> = {}) => ({
  url: receiver.url.replace('/hooks', path),
  description: '',
  events: 'all',
  ...more,
});
const secretIn = (page: Page) => page.text('#secret') ?? '';
const pathIn = (page: Page) => page.all('reveal-panel form')[0]?.getAttribute('action') ?? '';
const at = (path: string) => receiver.received.filter((message) => message.path === path);
const signs = (secret: string, { headers, body }: Received): boolean => {
  const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  return headers['webhook-signature'] === `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
};
async function messageAt(path: string, type: string): Promise<Received> {
  const find = () => at(path).find(({ body }) => (JSON.parse(body) as { type: string }).type === type);
  await expect.poll(find, SOON).toBeDefined();
  const found = find();
  if (!found) throw new Error('it went away');
  return found;
}

describe('a developer', () => {
  let ada: Visitor & { email: string };
  beforeAll(async () => {
    ada = await signedInVisitor(portal.portalUrl);
  });

  test('adds a webhook, sees its secret once, and hears signed what happens to a key', async () => {
    expect((await ada.get('/webhooks')).text('.empty-title')).toBe('No webhook yet');
    const added = await ada.post('/webhooks', form('/ada'));
    expect(added.status).toBe(200);
    expect(added.headers.get('cache-control')).toBe('private, no-store');
    const [secret, path] = [secretIn(added), pathIn(added)];
    expect(secret).toMatch(/^whsec_/);
    for (const page of [path, '/webhooks', `${path}/edit`, `${path}/secret`]) {
      expect((await ada.get(page)).html).not.toContain(secret);
    }
    await issueKey(ada, await newApplication(ada, 'Night shift'), { name: 'Nightly' });
    const message = await messageAt('/ada', 'key.issued');
    expect(signs(secret, message)).toBe(true);
    expect(JSON.parse(message.body)).toMatchObject({ data: { keyName: 'Nightly', applicationName: 'Night shift' } });
    await expect.poll(async () => (await ada.get(path)).text('tbody .badge'), SOON).toBe('delivered');
  });

  test('sends a test, reads what was answered, and delivers it again', async () => {
    const path = pathIn(await ada.post('/webhooks', form('/again', { description: 'Deploy robot' })));
    status = 500;
    const sent = await ada.post(path);
    expect(sent).toMatchObject({ status: 303 });
    const delivery = sent.location ?? '';
    await expect
      .poll(async () => (await ada.get(delivery)).text('tbody td[data-label="Answer"]') ?? '', SOON)
      .toContain('500');
    const page = await ada.get(delivery);
    expect(page.text('#answer-1')).toBe('thanks');
    expect(page.text('#body')).toContain('webhook.test');
    expect((await ada.get('/home')).text('.page-notice')).not.toBeNull();
    expect((await ada.get('/home')).html).toContain('Deploy robot');
    status = 204;
    expect((await ada.post(delivery)).location).toBe(delivery);
    await expect.poll(async () => (await ada.get(delivery)).text('.facts .badge'), SOON).toBe('delivered');
    const ids = at('/again').map(({ headers }) => headers['webhook-id']);
    expect(new Set(ids).size).toBe(1);
  });

  test('turns it off and on, rotates its secret, changes and removes it', async () => {
    const path = pathIn(await ada.post('/webhooks', form('/life')));
    await ada.post(`${path}/state`, { state: 'off' });
    const off = await ada.get(path);
    expect([off.text('.title-line .badge'), off.html.includes('Send a test')]).toEqual(['off', false]);
    expect((await ada.post(path)).text('[role=alert]')).toContain('Turn it on first');
    await ada.post(`${path}/state`, { state: 'on' });
    expect(secretIn(await ada.post(`${path}/secret`))).toMatch(/^whsec_/);
    expect((await ada.get(path)).html).toContain('Two secrets sign');
    await ada.post(`${path}/previous-secret`);
    expect((await ada.get(path)).html).not.toContain('Two secrets sign');
    const fields = new URLSearchParams(form('/moved', { events: 'chosen', description: 'Moved' }));
    for (const type of ['key.exposed', 'key.revoked']) fields.append('event', type);
    expect((await ada.post(`${path}/edit`, fields)).location).toBe(path);
    expect((await ada.get(path)).text('.facts dd')).toBe('key.revoked, key.exposed');
    expect((await ada.get(`${path}/edit`)).all('input[name=event][checked]')).toHaveLength(2);
    expect((await ada.post(`${path}/removal`)).location).toBe('/webhooks');
    expect((await ada.get(path)).status).toBe(404);
  });

  test('is told beside the field what is wrong with a URL, and keeps what was typed', async () => {
    const typed = form('/', { url: 'https://ada:pass@hooks.example.com/', description: 'Mine', events: 'chosen' });
    const refused = await ada.post(
      '/webhooks',
      new URLSearchParams([...Object.entries(typed), ['event', 'key.issued']]),
    );
    expect([refused.status, refused.text('#url-error')]).toEqual([422, expect.stringContaining('name and password')]);
    expect(refused.all('#description')[0]?.getAttribute('value')).toBe('Mine');
    expect(refused.all('input[value="key.issued"]')[0]?.hasAttribute('checked')).toBe(true);
    const none = await ada.post('/webhooks', form('/none', { events: 'chosen' }));
    expect([none.status, none.text('#events-error')]).toEqual([422, 'Choose at least one event.']);
  });
});

test('owners hear the events of every team, and their webhooks are there for them alone', async () => {
  const owner = await ownerVisitor(portal);
  const path = pathIn(await owner.post('/owner/webhooks', form('/owner')));
  expect(path).toMatch(/^\/owner\/webhooks\/hook_/);
  const bob = await signedInVisitor(portal.portalUrl);
  await issueKey(bob, await newApplication(bob, 'Of Bob'), { name: 'Bob key' });
  expect((await messageAt('/owner', 'key.issued')).body).toContain('Bob key');
  expect((await bob.get(path)).status).toBe(404);
  expect((await bob.get('/owner/webhooks')).status).toBe(404);
  expect((await bob.get(path.replace('/owner', ''))).status).toBe(404);
});
