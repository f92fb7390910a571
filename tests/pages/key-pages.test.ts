import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { type PortalProcess, startPortalProcess } from '../support/portal-process.ts';
import { issueKey, keyPathIn, newApplication, signedInVisitor, tokenIn } from './visitor.ts';

let portal: PortalProcess;
beforeAll(async () => {
  portal = await startPortalProcess();
});
afterAll(() => portal.stop());

const newcomer = () => signedInVisitor(portal.portalUrl);

describe('issuing a key', () => {
  test('shows the token once: not on the key, the application, nor when the form is sent again', async () => {
    const person = await newcomer();
    const path = await newApplication(person);
    const requestId = `req_${'a'.repeat(20)}`;
    const issued = await issueKey(person, path, { requestId });
    expect(issued.status).toBe(200);
    const token = tokenIn(issued) ?? '';
    expect(token).toMatch(/^gth_test_[0-9A-Za-z]{36}$/);
    expect(issued.headers.get('cache-control')).toBe('private, no-store');

    const again = await issueKey(person, path, { requestId });
    expect([again.status, tokenIn(again)]).toEqual([409, null]);
    expect(again.text('h1')).toBe('This key was shown once already');

    const key = keyPathIn(issued);
    for (const later of [path, key, '/home', '/applications', `${path}/usage`]) {
      expect((await person.get(later)).html).not.toContain(token.slice(13, -4));
    }
    expect((await person.get(path)).all('tbody tr')).toHaveLength(1);
  });

  test('gives a call to paste once the application has a plan', async () => {
    const person = await newcomer();
    const path = await newApplication(person);
    const form = (await person.get(`${path}/subscriptions`)).all('form.form')[0];
    const planSlug = form?.querySelector('[name=planSlug]')?.getAttribute('value') ?? '';
    const subscribed = await person.post(`${path}/subscriptions`, { apiSlug: 'parcels', planSlug });
    expect([subscribed.status, subscribed.location]).toEqual([303, `${path}#subscriptions`]);
    const page = await issueKey(person, path);
    expect(page.text('#first-call')).toContain(`Bearer ${tokenIn(page) ?? ''}`);
    expect(page.text('#first-call')).toContain(`curl '${portal.gatewayUrl}/parcels/v2/`);
    expect((await person.post(`${path}/subscriptions`, { apiSlug: 'parcels', planSlug })).status).toBe(422);
  });

  test('offers live keys after the address is confirmed, and refuses them before', async () => {
    const person = await newcomer();
    const path = await newApplication(person);
    const page = await issueKey(person, path, { environment: 'live' });
    expect([page.status, tokenIn(page)]).toEqual([422, null]);
    expect(page.text('#environment')).toContain('Confirm your e-mail address first');
  });

  test('keeps what was typed when something is wrong with it', async () => {
    const person = await newcomer();
    const page = await issueKey(person, await newApplication(person), { name: 'Büro', allowlist: '203.0.113.0/99' });
    expect(page.status).toBe(422);
    expect(page.all('#name')[0]?.getAttribute('value')).toBe('Büro');
    expect(page.text('#allowlist')).toBe('203.0.113.0/99');
    expect(page.text('#allowlist-error')).toContain('prefix length');
    expect(page.all('#allowlist')[0]?.getAttribute('aria-describedby')).toContain('allowlist-error');
  });
});

describe('a key of one’s own', () => {
  test('can be renamed and restricted, and its history tells both', async () => {
    const person = await newcomer();
    const key = keyPathIn(await issueKey(person, await newApplication(person)));
    expect((await person.post(`${key}/name`, { name: 'Night build' })).location).toBe(key);
    expect((await person.post(`${key}/allowlist`, { allowlist: '203.0.113.7\n2001:DB8::/32' })).location).toBe(key);
    const page = await person.get(key);
    expect(page.text('h1')).toBe('Night build');
    expect(page.text('#allowlist')).toBe('203.0.113.7/32 2001:db8::/32');
    expect(page.all('.timeline li').map((entry) => entry.querySelector('span')?.textContent)).toEqual([
      'Restricted to 203.0.113.7/32, 2001:db8::/32',
      'Renamed to Night build',
      'Issued',
    ]);
  });

  test('is revoked only by who types its name, and then stays revoked', async () => {
    const person = await newcomer();
    const key = keyPathIn(await issueKey(person, await newApplication(person)));
    const wrong = await person.post(`${key}/revocation`, { reason: '', confirmation: 'build' });
    expect([wrong.status, wrong.text('#confirmation-error')]).toEqual([
      422,
      'Type the name of the key, Build, to confirm.',
    ]);
    expect((await person.get(key)).text('.title-line .badge')).toBe('active');
    const done = await person.post(`${key}/revocation`, { reason: 'laptop lost', confirmation: 'Build' });
    expect([done.status, done.location]).toEqual([303, key]);
    const page = await person.get(key);
    expect(page.text('.title-line .badge')).toBe('revoked');
    expect(page.all('form[action$="revocation"], form[action$="allowlist"]')).toEqual([]);
    expect((await person.post(`${key}/allowlist`, { allowlist: '' })).status).toBe(422);
  });

  test('keeps its allowlist when the body is no form', async () => {
    const person = await newcomer();
    const issued = await issueKey(person, await newApplication(person), { allowlist: '203.0.113.7' });
    const key = keyPathIn(issued);
    const cookie = [...person.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(`${portal.portalUrl}${key}/allowlist`, {
      method: 'POST',
      headers: { cookie, origin: portal.portalUrl, 'content-type': 'application/json' },
      body: '{"allowlist":""}',
    });
    expect(response.status).toBe(400);
    expect((await person.get(key)).text('#allowlist')).toBe('203.0.113.7/32');
  });
});
