import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { type Visitor, createVisitor, issueKey, newApplication, signedInVisitor } from '../pages/visitor.ts';
import { type PortalProcess, startPortalProcess } from '../support/portal-process.ts';
import { mountSmallDisk } from './small-disk.ts';

const disk = mountSmallDisk(128);
afterAll(() => disk?.unmount());

const start = (): Promise<PortalProcess> => startPortalProcess({ DATA_DIR: disk?.path ?? '' });
const standIns = (): number => readdirSync(tmpdir()).filter((name) => /^gatehouse-\w{6}$/.test(name)).length;

describe.runIf(disk)('a portal on a folder that is mounted read-only (F5)', { timeout: 60_000 }, () => {
  let cookies: Visitor['cookies'];
  let application: string;
  let key: string;
  let portal: PortalProcess;
  let before: number;

  beforeAll(async () => {
    const first = await start();
    const person = await signedInVisitor(first.portalUrl);
    application = await newApplication(person);
    await person.post(`${application}/subscriptions`, { apiSlug: 'parcels', planSlug: 'pro' });
    key = (await issueKey(person, application)).text('#token') ?? '';
    cookies = person.cookies;
    await first.stop();
    disk?.remount('ro');
    before = standIns();
    portal = await start();
  }, 60_000);
  afterAll(() => disk?.remount('rw'));

  /** The same browser, on another port of the same host. */
  const returning = (to: PortalProcess): Visitor => {
    const visitor = createVisitor(to.portalUrl);
    for (const [name, value] of cookies) visitor.cookies.set(name, value);
    return visitor;
  };
  const call = async (): Promise<number> => {
    const headers = { Authorization: `Bearer ${key}` };
    return (await fetch(`${portal.gatewayUrl}/parcels/v2/services`, { headers })).status;
  };

  test('starts and says so, on the console, in its health and on every page', async () => {
    expect(portal.output()).toContain(`${disk?.path ?? ''} cannot be written: people read, keys work`);
    expect(portal.output()).not.toContain('First owner');
    const health: unknown = await (await fetch(`${portal.portalUrl}/healthz`)).json();
    expect(health).toMatchObject({ status: 'degraded', reasons: ['data_folder_read_only'] });
    for (const path of ['/', '/docs', '/docs/parcels/v2/list-parcels', '/home', '/applications', application]) {
      const page = await returning(portal).get(path);
      expect([path, page.status]).toEqual([path, 200]);
      expect(page.text('.saving-banner')).toContain('Nothing can be saved just now');
    }
  });

  test('keys are verified, and calls are counted for whoever looks', async () => {
    expect(await call()).toBe(200);
    await expect
      .poll(async () => (await returning(portal).get(`${application}/usage`)).text('main'), { timeout: 20_000 })
      .toMatch(/1 of 2,000,000 calls/);
  });

  test.each(['/applications', '/sign-in', '/sign-up', '/theme', '/sign-out'])(
    'a form for %s is refused',
    async (path) => {
      const refused = await returning(portal).post(path, { name: 'Another', description: '' });
      expect(refused.headers.get('retry-after')).toBe('60');
      expect([refused.status, refused.text('h1')]).toEqual([503, 'Nothing can be saved just now']);
    },
  );

  test('a program is refused in its own way', async () => {
    const answer = await fetch(`${portal.portalUrl}/api/v1/applications`, {
      method: 'POST',
      headers: { Authorization: 'Bearer x', 'Content-Type': 'application/json' },
      body: '{}',
    });
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(await answer.json()).toMatchObject({ status: 503, code: 'storage_unavailable' });
  });

  test('leaves nothing behind; when the folder can be written, the next start goes on from where it was', async () => {
    expect(standIns()).toBe(before + 1);
    expect(await portal.stop()).toBe(0);
    expect(standIns()).toBe(before);
    disk?.remount('rw');
    portal = await start();
    const person = returning(portal);
    expect((await person.get(application)).all('.saving-banner')).toEqual([]);
    expect((await person.post('/applications', { name: 'Another', description: '' })).status).toBe(303);
    expect(await call()).toBe(200);
    expect(await (await fetch(`${portal.portalUrl}/healthz`)).json()).toMatchObject({ status: 'ok' });
    await portal.stop();
  });
});
