import { readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { closeServer, listen } from '../../src/verify/http-server.ts';
import { schemaMistakes } from '../support/schema-check.ts';
import { type CommandHouse, openCommandHouse } from './house.ts';

let house: CommandHouse;
let document: { components: { schemas: Record<string, unknown> } };
beforeAll(async () => {
  house = await openCommandHouse();
  document = (await (await fetch(`${house.portal.portalUrl}/api/v1/openapi.json`)).json()) as typeof document;
});
afterAll(() => house.stop());

const SECRET = /^whsec_[\w+/=]+$/;

interface Webhook {
  id: string;
  url: string;
  eventTypes: string[];
  isOn: boolean;
}

/** Runs a command with --json; it has to succeed. */
async function json<Value>(...words: string[]): Promise<Value> {
  const ended = await house.gatehouse([...words, '--json']);
  expect([ended.code, ended.error]).toEqual([0, '']);
  return ended.json() as Value;
}

function expectSchema(name: string, value: unknown): void {
  expect(schemaMistakes(document, document.components.schemas[name], value)).toEqual([]);
}

/** A webhook with its secret in a file. */
async function create(path: string, ...more: string[]): Promise<Webhook & { file: string }> {
  const file = join(house.folder, `${path}.secret`);
  const url = `http://127.0.0.1:9/${path}`;
  const { webhook } = await json<{ webhook: Webhook }>('webhooks', 'create', url, '--file', file, ...more);
  return { ...webhook, file };
}

test('create hands the secret over, to a file that only its owner reads, a command or standard output', async () => {
  const first = await create('first', '--event', 'key.rotated', 'key.revoked', '--description', 'Chat room');
  expectSchema('Webhook', Object.fromEntries(Object.entries(first).filter(([member]) => member !== 'file')));
  expect(first).toMatchObject({ eventTypes: ['key.rotated', 'key.revoked'], description: 'Chat room' });
  expect(readFileSync(first.file, 'utf8')).toMatch(SECRET);
  expect(statSync(first.file).mode & 0o777).toBe(0o600);
  const told = 'cat > told.secret; echo "$GATEHOUSE_WEBHOOK_ID" > told.id';
  const second = await house.gatehouse(['webhooks', 'create', 'http://127.0.0.1:9/second', '--exec', told]);
  expect([second.code, second.out]).toEqual([0, expect.stringMatching(/^Created hook_\w{20} to /)]);
  expect(second.out).toContain(readFileSync(join(house.folder, 'told.id'), 'utf8').trim());
  expect(readFileSync(join(house.folder, 'told.secret'), 'utf8')).toMatch(SECRET);
  const third = await house.gatehouse(['webhooks', 'create', 'http://127.0.0.1:9/third', '--stdout']);
  expect(third.out.trim()).toMatch(SECRET);
  const taken = await house.gatehouse(['webhooks', 'create', 'http://127.0.0.1:9/third', '--stdout', '--json']);
  expect([taken.code, JSON.parse(taken.error)]).toEqual([
    1,
    { error: expect.objectContaining({ code: 'webhook_url_taken' }) as unknown },
  ]);
  expect((await house.gatehouse(['webhooks', 'create', 'http://127.0.0.1:9/fourth'])).code).toBe(2);
});

test('create that could not hand over gives the same secret when it is run again', async () => {
  const words = ['webhooks', 'create', 'http://127.0.0.1:9/again', '--exec'];
  const failed = await house.gatehouse([...words, 'cat > again.one; exit 3']);
  expect([failed.code, failed.error.includes('Run the same command again')]).toEqual([10, true]);
  expect((await house.gatehouse([...words, 'cat > again.two'])).code).toBe(0);
  const [one, two] = ['one', 'two'].map((name) => readFileSync(join(house.folder, `again.${name}`), 'utf8'));
  expect(two).toBe(one);
  const { webhooks } = await json<{ webhooks: Webhook[] }>('webhooks', 'list');
  expect(webhooks.filter(({ url }) => url.endsWith('/again'))).toHaveLength(1);
});

test('change keeps what is not named, and turns on and off', async () => {
  const { id, url } = await create('changed', '--event', 'key.rotated', '--description', 'Old');
  const change = (...words: string[]) => json<Webhook>('webhooks', 'change', id, ...words);
  expect(await change('--description', 'New')).toMatchObject({ url, description: 'New', eventTypes: ['key.rotated'] });
  expect(await change('--all-events', '--off')).toMatchObject({ description: 'New', eventTypes: [], isOn: false });
  expect(await change('--url', `${url}-moved`, '--on')).toMatchObject({ url: `${url}-moved`, isOn: true });
  const shown = await house.gatehouse(['webhooks', 'show', id]);
  expect(shown.out).toMatch(/Events +all\n/);
  for (const words of [[], ['--on', '--off'], ['--all-events', '--event', 'key.rotated']])
    expect((await house.gatehouse(['webhooks', 'change', id, ...words])).code).toBe(2);
  expect((await house.gatehouse(['webhooks', 'change', id, '--event', 'moon.full'])).code).toBe(1);
  expect((await house.gatehouse(['webhooks', 'change', 'hook_00000000000000000000', '--on'])).code).toBe(4);
});

test('rotate-secret replaces the secret, and can end the one before', async () => {
  const { id, file } = await create('rotated');
  const before = readFileSync(file, 'utf8');
  const rotated = await json('webhooks', 'rotate-secret', id, '--file', file);
  expect(rotated).toEqual({ webhookId: id, previousSecretEndsAt: expect.any(String) as unknown });
  expect(readFileSync(file, 'utf8')).toMatch(SECRET);
  expect(readFileSync(file, 'utf8')).not.toBe(before);
  expect(await json('webhooks', 'rotate-secret', id, '--file', file, '--end-old')).toMatchObject({
    previousSecretEndsAt: null,
  });
  expect(await json('webhooks', 'show', id)).toMatchObject({ previousSecretEndsAt: null });
});

/** The portal behind a proxy that makes pages of one item. */
async function openSmallPages(): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((incoming, outgoing) => {
    const path = (incoming.url ?? '').replace('limit=100', 'limit=1');
    const headers = { Authorization: incoming.headers.authorization ?? '' };
    void fetch(`${house.portal.portalUrl}${path}`, { headers }).then(async (answer) => {
      outgoing.writeHead(answer.status, { 'Content-Type': 'application/json' }).end(await answer.text());
    });
  });
  const port = await listen(server, '127.0.0.1', 0);
  return { url: `http://127.0.0.1:${port}`, close: () => closeServer(server) };
}

test('test, deliveries with all their pages, and redeliver', async () => {
  const { id } = await create('tested');
  const sent: string[] = [];
  for (let count = 0; count < 3; count += 1)
    sent.unshift((await json<{ deliveryId: string }>('webhooks', 'test', id)).deliveryId);
  await json('webhooks', 'redeliver', id, sent[0] ?? '');
  const pages = await openSmallPages();
  const words = ['webhooks', 'deliveries', id];
  const all = await house.gatehouse([...words, '--json'], { environment: { GATEHOUSE_URL: pages.url } });
  await pages.close();
  const listed = all.json() as { deliveries: { id: string }[] };
  expectSchema('WebhookDeliveryList', { ...listed, nextCursor: null });
  expect(listed.deliveries.map((delivery) => delivery.id).sort()).toEqual(sent.sort());
  expect(await json(...words, '--failed')).toEqual({ deliveries: [] });
  expect((await house.gatehouse(words)).out).toMatch(/webhook\.test +dlv_/);
});

test('remove wants to be meant', async () => {
  const { id, url } = await create('removed');
  const asked = await house.gatehouse(['webhooks', 'remove', id]);
  expect([asked.code, asked.error.includes(url)]).toEqual([2, true]);
  expect(await json('webhooks', 'remove', id, '--yes')).toEqual({ removed: true });
  expect((await house.gatehouse(['webhooks', 'remove', id, '--yes'])).code).toBe(4);
});

test('those of the portal are for owners', async () => {
  const ended = await house.gatehouse(['webhooks', 'list', '--of-portal']);
  expect([ended.code, ended.error.includes('owner:read')]).toEqual([6, true]);
});

test('applications create, run again after its answer was lost, makes no second one', async () => {
  const words = ['applications', 'create', '--name', 'Juice shop', '--subscribe'];
  const failed = await house.gatehouse([...words, 'parcels/nonsense']);
  expect([failed.code, failed.error.includes('was created, but not subscribed')]).toEqual([1, true]);
  const [, id = ''] = /(app_\w{20})/.exec(failed.error) ?? [];
  expect(await json(...words, 'parcels/free')).toMatchObject({ id, name: 'Juice shop' });
  // What is done is done: the next one of that name is another.
  expect(await json('applications', 'create', '--name', 'Juice shop')).not.toMatchObject({ id });
  const { applications } = await json<{ applications: { name: string }[] }>('applications', 'list');
  expect(applications.filter(({ name }) => name === 'Juice shop')).toHaveLength(2);
});
