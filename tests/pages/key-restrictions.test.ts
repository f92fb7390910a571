import { TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { type Database, openDatabase } from '../../src/database/database.ts';
import type { PortalSchema } from '../../src/database/schema.ts';
import { type PortalProcess, startPortalProcess } from '../support/portal-process.ts';
import { mailedPath, tokenOf } from './mailbox.ts';
import { PASSWORD, type Page, issueKey, keyPathIn, newApplication, signedInVisitor, tokenIn } from './visitor.ts';

let portal: PortalProcess;
let database: Database<PortalSchema>;
beforeAll(async () => {
  portal = await startPortalProcess();
  database = openDatabase<PortalSchema>({ url: `sqlite:${portal.dataDir}/portal.sqlite` });
});
afterAll(async () => {
  await database.close();
  await portal.stop();
});

const OFFICE = '203.0.113.0/24 # office Berlin';
const HOUR_MS = 3_600_000;

async function newKey(allowlist = '') {
  const person = await signedInVisitor(portal.portalUrl);
  const application = await newApplication(person);
  await person.post(`${application}/subscriptions`, { apiSlug: 'parcels', planSlug: 'free' });
  const issued = await issueKey(person, application, { allowlist });
  return { person, key: keyPathIn(issued), token: tokenIn(issued) ?? '' };
}

/** As if they had signed in an hour ago. */
async function afterAnHour(email: string): Promise<void> {
  const account = database.kysely.selectFrom('account').select('id').where('email', '=', email);
  await database.kysely
    .updateTable('session')
    .set((row) => ({ created_at_ms: row('created_at_ms', '-', HOUR_MS) }))
    .where('account_id', 'in', account)
    .execute();
}

const listIn = (page: Page) => page.all('#allowlist')[0]?.textContent ?? '';
const call = async (token: string, headers: Record<string, string> = {}) => {
  const response = await fetch(`${portal.gatewayUrl}/parcels/v2/services`, {
    headers: { authorization: `Bearer ${token}`, ...headers },
  });
  return response.status === 200 ? 'allowed' : ((await response.json()) as { code: string }).code;
};

describe('the allowlist', () => {
  test('keeps notes, and shows ranges as they are stored', async () => {
    const { person, key } = await newKey('203.0.113.77/24 # office Berlin\n2001:DB8::/32');
    const page = await person.get(key);
    expect(listIn(page)).toBe(`${OFFICE}\n2001:db8::/32`);
    expect(page.text('.facts')).toContain('203.0.113.0/24 office Berlin');
  });

  test('can be previewed: who called would be refused, how it was read, and nothing is saved', async () => {
    const { person, key, token } = await newKey();
    expect(await call(token)).toBe('allowed');
    const preview = async (allowlist: string) => person.post(`${key}/allowlist`, { allowlist, step: 'preview' });
    let page = await preview('203.0.113.77/24 # office Berlin\n203.0.113.5');
    // What was called is written within a second.
    for (let waited = 0; waited < 40 && !page.text('main')?.includes('1 would be refused'); waited += 1) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      page = await preview('203.0.113.77/24 # office Berlin\n203.0.113.5');
    }
    expect(page.status).toBe(200);
    expect(page.text('main')).toContain("The last 30 days' calls came from 1 address; 1 would be refused");
    expect(page.text('main')).toContain('203.0.113.77/24 is kept as 203.0.113.0/24');
    expect(page.text('main')).toContain('203.0.113.5/32 lies inside 203.0.113.0/24 and adds nothing');
    expect(page.text('tbody tr')).toMatch(/^127\.0\.0\.1refused/);
    expect(listIn(page)).toBe(`${OFFICE}\n203.0.113.5/32`);
    expect((await preview('127.0.0.0/8 # here')).text('tbody tr')).toMatch(/^127\.0\.0\.1allowed127\.0\.0\.0\/8 here/);
    expect(listIn(await person.get(key))).toBe('');
    expect(await call(token)).toBe('allowed');
  });

  test('counts from the next call on', async () => {
    const { person, key, token } = await newKey();
    expect(await call(token)).toBe('allowed');
    await person.post(`${key}/allowlist`, { allowlist: OFFICE });
    expect(await call(token)).toBe('address_not_allowed');
  });

  test('tests one address without changing anything', async () => {
    const { person, key } = await newKey(OFFICE);
    const tested = async (address: string) =>
      (await person.get(`${key}/allowlist?address=${encodeURIComponent(address)}`)).text('.columns > aside');
    expect(await tested('203.0.113.9')).toContain('203.0.113.9 may call. It lies in 203.0.113.0/24, office Berlin.');
    expect(await tested('::ffff:203.0.113.9')).toContain('203.0.113.9 may call.');
    expect(await tested('203.0.114.9')).toContain('203.0.114.9 would be refused. No entry holds it.');
    expect(await tested('<b>x')).toContain('This is not an IP address.');
    const open = await newKey();
    expect((await open.person.get(`${open.key}/allowlist?address=192.0.2.1`)).text('aside')).toContain(
      'every address may',
    );
  });

  test('does not take the whole internet unless that is confirmed', async () => {
    const { person, key } = await newKey();
    const allowlist = '0.0.0.0/1\n128.0.0.0/1';
    const refused = await person.post(`${key}/allowlist`, { allowlist });
    expect([refused.status, listIn(refused)]).toEqual([422, allowlist]);
    expect(refused.text('.error-summary')).toContain('These entries let in the whole internet (IPv4).');
    expect(refused.all('[name=wholeInternet]')).toHaveLength(1);
    const saved = await person.post(`${key}/allowlist`, { allowlist, wholeInternet: 'confirmed' });
    expect(saved.location).toBe(key);
    const issued = await issueKey(person, key.replace(/\/keys\/.*/, ''), { allowlist });
    expect([issued.status, issued.text('#allowlist-error')]).toEqual([
      422,
      'These entries hold the whole internet. Leave the list empty to allow every address.',
    ]);
  });
});

describe('widening', () => {
  test('asks for the password an hour after signing in, keeps what was typed, and goes on signed in', async () => {
    const { person, key, token } = await newKey(OFFICE);
    await afterAnHour(person.email);
    const narrower = await person.post(`${key}/allowlist`, { allowlist: '203.0.113.7 # desk' });
    expect(narrower.location).toBe(key);

    const allowlist = '203.0.113.7 # desk\n127.0.0.1 # here';
    const asked = await person.post(`${key}/allowlist`, { allowlist });
    expect([asked.status, listIn(asked)]).toEqual([422, allowlist]);
    expect(asked.text('#password-error')).toBe(
      'This lets more calls through than now. Enter your password to save it.',
    );
    expect(asked.all('#code')).toEqual([]);
    expect(await call(token)).toBe('address_not_allowed');

    const wrong = await person.post(`${key}/allowlist`, { allowlist, password: 'not the right one' });
    expect([wrong.status, wrong.text('#password-error'), listIn(wrong)]).toEqual([
      422,
      'This is not your password.',
      allowlist,
    ]);
    expect(wrong.html).not.toContain('not the right one');
    const before = person.cookies.get([...person.cookies.keys()].find((name) => name.includes('session')) ?? '');
    const saved = await person.post(`${key}/allowlist`, { allowlist, password: PASSWORD });
    expect([saved.status, saved.location]).toEqual([303, key]);
    expect(await call(token)).toBe('allowed');
    expect([...person.cookies.values()]).not.toContain(before);
    expect((await person.post(`${key}/allowlist`, { allowlist: '' })).location).toBe(key);
  });

  test('asks for both factors of whoever has two', async () => {
    const { person, key } = await newKey(OFFICE);
    const token = tokenOf(await mailedPath(portal.portalUrl, person.email, '/verify-email?'));
    await person.post('/verify-email', { token });
    await person.post('/account/two-step/setup');
    const setup = await person.get('/account/two-step');
    const app = new TOTP({ secret: (setup.text('#setup-key') ?? '').replaceAll(' ', '') });
    await person.post('/account/two-step', { code: app.generate({ timestamp: Date.now() - 30_000 }) });
    await afterAnHour(person.email);
    const asked = await person.post(`${key}/allowlist`, { allowlist: '' });
    expect([asked.status, asked.all('#code').length]).toEqual([422, 1]);
    const half = await person.post(`${key}/allowlist`, { allowlist: '', password: PASSWORD });
    expect([half.status, half.text('#code-error')]).toEqual([
      422,
      'Enter a code of your authenticator app, and the password again.',
    ]);
    const code = app.generate();
    const saved = await person.post(`${key}/allowlist`, { allowlist: '', password: PASSWORD, code });
    expect([saved.status, saved.location]).toEqual([303, key]);
  });
});

describe('what a key may call', () => {
  const all = { scopes: 'all', methods: 'all', operations: 'all', referrers: '' };

  test('can be limited to methods, operations, scopes and sites, and the page of the key says so', async () => {
    const { person, key, token } = await newKey();
    const form = new URLSearchParams([
      ['scopes', 'some'],
      ['scope', 'quotes:read'],
      ['methods', 'some'],
      ['method', 'POST'],
      ['method', 'GET'],
      ['operations', 'some'],
      ['operation', 'parcels/v2/listServices'],
      ['operation', 'parcels/v2/listParcels'],
      ['referrers', 'https://*.Example.com/\n'],
    ]);
    expect(await call(token)).toBe('allowed');
    expect((await person.post(`${key}/restrictions`, form)).location).toBe(key);
    const page = await person.get(key);
    for (const shown of ['Scopesquotes:read', 'MethodsGET POST', 'parcels/v2/listServices', 'https://*.example.com'])
      expect(page.text('.facts')).toContain(shown);
    expect(page.text('.timeline li')).toContain('Restricted to the scopes quotes:read');
    expect(await call(token)).toBe('referrer_not_allowed');
    expect(await call(token, { origin: 'https://app.example.com' })).toBe('allowed');
    const again = await person.get(`${key}/restrictions`);
    const ticked = again.all('input:checked').map((box) => box.getAttribute('value'));
    expect(ticked).toEqual(['some', 'quotes:read', 'some', 'GET', 'POST', 'some', ...ticked.slice(6)]);
    expect(ticked.slice(6).sort()).toEqual(['parcels/v2/listParcels', 'parcels/v2/listServices']);
    expect((await person.post(`${key}/restrictions`, all)).location).toBe(key);
    expect(await call(token)).toBe('allowed');
  });

  test('keeps what was ticked when something is wrong, and says what at each field', async () => {
    const { person, key } = await newKey();
    const form = new URLSearchParams({
      ...all,
      scopes: 'some',
      methods: 'some',
      method: 'GET',
      referrers: 'example.com',
    });
    const page = await person.post(`${key}/restrictions`, form);
    expect(page.status).toBe(422);
    expect(page.text('#scopes .field-error')).toBe('Choose at least one scope, or allow all.');
    expect(page.text('#referrers-error')).toContain('example.com is not the address of a site');
    expect(page.all('[name=method]:checked').map((box) => box.getAttribute('value'))).toEqual(['GET']);
    expect(page.text('#referrers')).toBe('example.com');
    const unknown = await person.post(`${key}/restrictions`, {
      ...all,
      operations: 'some',
      operation: 'parcels/v2/purge',
    });
    expect(unknown.text('#operations .field-error')).toBe('Of no API of this application: parcels/v2/purge.');
    expect((await person.get(key)).text('.timeline')).not.toContain('Restricted');
  });
});
