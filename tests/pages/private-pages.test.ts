import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { type PortalProcess, startPortalProcess } from '../support/portal-process.ts';
import { PASSWORD, createVisitor, issueKey, keyPathIn, newApplication, signedInVisitor } from './visitor.ts';

let portal: PortalProcess;
beforeAll(async () => {
  portal = await startPortalProcess();
});
afterAll(() => portal.stop());

const visitor = () => createVisitor(portal.portalUrl);
const newcomer = () => signedInVisitor(portal.portalUrl);

describe('without signing in', () => {
  test.each(['/home', '/applications', '/applications/new', '/applications/app_x', '/applications/app_x/usage?days=7'])(
    '%s leads to the sign-in page and back',
    async (path) => {
      const page = await visitor().get(path);
      const next = path === '/home' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(path)}`;
      expect([page.status, page.location]).toEqual([303, next]);
    },
  );

  test.each(['/applications', '/applications/app_x/keys', '/applications/app_x/keys/key_x/revocation'])(
    'a form sent to %s changes nothing',
    async (path) => {
      const page = await visitor().post(path, { name: 'x', description: '', confirmation: 'x' });
      expect(page.status).toBe(303);
      expect(page.location).toMatch(/^\/sign-in/);
    },
  );

  test('the owner page does not exist', async () => {
    expect((await visitor().get('/owner')).status).toBe(404);
  });
});

describe('signing in', () => {
  test('with a wrong password and with an unknown address gives the same page', async () => {
    const { email } = await newcomer();
    const wrong = await visitor().post('/sign-in', { email, password: 'not the password at all' });
    const unknown = await visitor().post('/sign-in', {
      email: 'nobody@example.com',
      password: 'not the password at all',
    });
    expect([wrong.status, unknown.status]).toEqual([422, 422]);
    expect(wrong.html.replaceAll(email, '')).toBe(unknown.html.replaceAll('nobody@example.com', ''));
  });

  test('keeps the address that was typed, never the password, and puts the message where focus goes', async () => {
    const page = await visitor().post('/sign-in', { email: 'typed@example.com', password: 'quite a secret' });
    expect(page.all('#email')[0]?.getAttribute('value')).toBe('typed@example.com');
    expect(page.html).not.toContain('quite a secret');
    expect(page.all('[role=alert][autofocus]')).toHaveLength(1);
  });

  test('leads to the page that was asked for, and never to another site', async () => {
    const { email } = await newcomer();
    const fields = { email, password: PASSWORD };
    expect((await visitor().post('/sign-in?next=%2Fdocs%2Fparcels', fields)).location).toBe('/docs/parcels');
    expect((await visitor().post('/sign-in?next=%2F%2Fevil.example', fields)).location).toBe('/home');
  });

  test('ends with signing out: the cookie that was is nobody', async () => {
    const person = await newcomer();
    const cookies = new Map(person.cookies);
    const page = await person.post('/sign-out');
    expect([page.status, page.location, person.cookies.has('gatehouse')]).toEqual([303, '/', false]);
    const thief = visitor();
    for (const [name, value] of cookies) thief.cookies.set(name, value);
    expect((await thief.get('/home')).location).toBe('/sign-in');
  });

  test('makes every page private', async () => {
    const person = await newcomer();
    for (const path of ['/home', '/', '/nothing']) {
      expect((await person.get(path)).headers.get('cache-control')).toBe('private, no-store');
    }
  });
});

describe('what belongs to others', () => {
  test('looks exactly like what does not exist', async () => {
    const [owner, stranger] = [await newcomer(), await newcomer()];
    const path = await newApplication(owner);
    const key = keyPathIn(await issueKey(owner, path));
    const absent = await stranger.get('/applications/app_00000000000000000000');
    expect(absent.status).toBe(404);
    const pages = ['', '/usage', '/subscriptions', '/keys/new'].map((rest) => path + rest);
    for (const foreign of [...pages, key, `${key}/allowlist`, `${key}/name`, `${key}/revocation`]) {
      const page = await stranger.get(foreign);
      expect([foreign, page.status]).toEqual([foreign, 404]);
      expect(page.text('main')).toBe(absent.text('main'));
    }
  });

  test('cannot be changed', async () => {
    const [owner, stranger] = [await newcomer(), await newcomer()];
    const path = await newApplication(owner);
    const key = keyPathIn(await issueKey(owner, path));
    const before = (await owner.get(key)).text('main');
    for (const [rest, fields] of [
      ['allowlist', { allowlist: '203.0.113.7' }],
      ['name', { name: 'Mine' }],
      ['revocation', { reason: '', confirmation: 'Build' }],
    ] as const) {
      expect((await stranger.post(`${key}/${rest}`, fields)).status).toBe(404);
    }
    expect((await issueKey(stranger, path)).status).toBe(404);
    expect((await owner.get(key)).text('main')).toBe(before);
  });

  test('a developer finds no owner page', async () => {
    const person = await newcomer();
    expect((await person.get('/owner')).status).toBe(404);
    expect((await person.get('/home')).all('nav a[href="/owner"]')).toEqual([]);
  });
});
