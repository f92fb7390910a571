import { afterAll, beforeAll, expect, test, vi } from 'vitest';

import { type PortalProcess, startPortalProcess } from '../support/portal-process.ts';
import { type FakeTyk, TYK_SECRET, startFakeTyk } from '../tyk/fake-tyk.ts';
import { mailedPath, tokenOf } from './mailbox.ts';
import {
  type Visitor,
  issueKey,
  keyPathIn,
  newApplication,
  ownerVisitor,
  signedInVisitor,
  tokenIn,
} from './visitor.ts';

const WAIT = { timeout: 60_000, interval: 100 };

let tyk: FakeTyk;
let portal: PortalProcess;
let owner: Visitor;
let person: Visitor & { email: string };
let application: string;

beforeAll(async () => {
  tyk = await startFakeTyk(Date.now());
  portal = await startPortalProcess({
    TYK_URL: tyk.url,
    TYK_SECRET,
    TYK_ORG_ID: 'portal',
    TYK_APIS: 'parcels=api1',
  });
  owner = await ownerVisitor(portal);
  person = await signedInVisitor(portal.portalUrl);
  await person.post('/verify-email', {
    token: tokenOf(await mailedPath(portal.portalUrl, person.email, '/verify-email?')),
  });
  application = await newApplication(person, 'Night shift');
  await person.post(`${application}/subscriptions`, { apiSlug: 'parcels', planSlug: 'free' });
});
afterAll(async () => {
  await portal.stop();
  await tyk.close();
});

const call = (token: string): number => tyk.callApi(token, 'api1', 'GET', '/v2/parcels').status;

async function newKey(name: string): Promise<{ path: string; token: string }> {
  const issued = await issueKey(person, application, { name });
  return { path: keyPathIn(issued), token: tokenIn(issued) ?? '' };
}

test('a key works in Tyk as soon as its token is shown, and ends there soon after it is revoked', async () => {
  const { path, token } = await newKey('Nightly');
  expect(call(token)).toBe(200);
  expect((await person.get(path)).text('main')).not.toContain('The gateway does not know this key');
  await person.post(`${path}/revocation`, { reason: '', confirmation: 'Nightly' });
  await vi.waitFor(() => expect(call(token)).toBe(403), WAIT);
});

test('a key that did not reach Tyk says so to its developer and to the owner, until it was rotated', async () => {
  tyk.config.brokenWith = 500;
  const { path, token } = await newKey('Unlucky');
  tyk.config.brokenWith = null;
  expect(token).not.toBe('');
  const page = await person.get(path);
  expect(page.text('main')).toContain('The gateway does not know this key');
  expect(page.all(`.page-notice a[href="${path}/rotation"]`)).toHaveLength(1);
  const overview = await owner.get('/owner/tyk');
  expect(overview.text('main')).toContain('Unlucky');
  expect(overview.text('main')).toContain('It did not reach Tyk when it was issued. Tyk refused');
  const request = { overlap: '1h', until: '', requestId: 'rotation-of-unlucky-key' };
  expect((await person.post(`${path}/rotation`, request)).status).toBe(200);
  expect((await owner.get('/owner/tyk')).text('main')).toContain('Tyk has every key that works here.');
});

test('after a loss of Redis, comparing lists the keys to rotate', async () => {
  const { path } = await newKey('Lost');
  await vi.waitFor(() => expect(tyk.calls.at(-1)).toMatch(/^GET/), WAIT);
  tyk.loseEverything();
  expect((await owner.post('/owner/tyk', {})).status).toBe(303);
  await vi.waitFor(async () => {
    expect((await owner.get('/owner/tyk')).text('main')).toContain('Tyk had it and has lost it.');
  }, WAIT);
  expect((await person.get(path)).text('main')).toContain('The gateway does not know this key');
  expect(portal.output()).not.toContain(TYK_SECRET);
});

test('nobody but an owner sees the page, or has keys compared', async () => {
  const before = tyk.calls.length;
  expect((await person.get('/owner/tyk')).status).toBe(404);
  expect((await person.post('/owner/tyk', {})).status).toBe(404);
  expect(tyk.calls.length - before).toBeLessThan(3);
});
