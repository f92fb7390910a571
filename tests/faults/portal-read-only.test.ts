import { afterAll, beforeAll, expect, test } from 'vitest';

import { newAccessToken } from '../cli/house.ts';
import { type Page, type Visitor, issueKey, newApplication, signedInVisitor } from '../pages/visitor.ts';
import { type PortalProcess, startPortalProcess } from '../support/portal-process.ts';
import { descendantsOf, limitWrites } from './write-limit.ts';

let portal: PortalProcess;
let person: Visitor;
let application: string;
let accessToken: string;
let key: string;
beforeAll(async () => {
  portal = await startPortalProcess();
  person = await signedInVisitor(portal.portalUrl);
  application = await newApplication(person);
  await person.post(`${application}/subscriptions`, { apiSlug: 'parcels', planSlug: 'pro' });
  accessToken = await newAccessToken(person);
  key = (await issueKey(person, application)).text('#token') ?? '';
});
afterAll(() => portal.stop());

function limitAll(bytes: number | null): void {
  for (const pid of [portal.pid, ...descendantsOf(portal.pid)]) limitWrites(pid, bytes);
}

const call = async (): Promise<number> => {
  const headers = { Authorization: `Bearer ${key}` };
  return (await fetch(`${portal.gatewayUrl}/parcels/v2/services`, { headers })).status;
};

const create = (): Promise<Page> => person.post('/applications', { name: 'Another', description: '' });

async function createByProgram(): Promise<{ status: number; body: unknown }> {
  const answer = await fetch(`${portal.portalUrl}/api/v1/applications`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${accessToken}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ name: 'By program', description: '' }),
  });
  return { status: answer.status, body: await answer.json() };
}

test('while nothing can be written, people read and keys work; changes are refused in plain words, then go on (F5)', async () => {
  expect(await call()).toBe(200);
  limitAll(1);
  for (const path of ['/', '/docs', '/home', '/applications', application, '/account'])
    expect([path, (await person.get(path)).status]).toEqual([path, 200]);
  expect(await call()).toBe(200);
  const refused = await create();
  expect([refused.status, refused.text('h1')]).toEqual([503, 'Nothing can be saved just now.']);
  expect(refused.headers.get('retry-after')).toBe('60');
  expect(await createByProgram()).toMatchObject({ status: 503, body: { code: 'storage_unavailable', status: 503 } });
  await expect
    .poll(async () => (await (await fetch(`${portal.portalUrl}/healthz`)).json()) as unknown)
    .toMatchObject({
      status: 'degraded',
      reasons: expect.arrayContaining(['portal_database_not_written']) as unknown,
    });
  expect((await person.get('/home')).text('.saving-banner')).toContain('Nothing can be saved just now');
  limitAll(null);
  expect((await create()).status).toBe(303);
  expect((await createByProgram()).status).toBe(201);
  expect((await person.get('/applications')).html.match(/Another|By program/g)?.length).toBe(2);
  expect(await call()).toBe(200);
  await expect
    .poll(async () => (await fetch(`${portal.portalUrl}/healthz`)).text(), { interval: 100 })
    .toContain('"status":"ok"');
  expect((await person.get('/home')).all('.saving-banner')).toEqual([]);
});
