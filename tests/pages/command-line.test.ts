import { afterAll, beforeAll, expect, test } from 'vitest';

import { type PortalProcess, startPortalProcess } from '../support/portal-process.ts';
import { type Visitor, createVisitor, signedInVisitor } from './visitor.ts';

let portal: PortalProcess;
let person: Visitor;
beforeAll(async () => {
  portal = await startPortalProcess();
  person = await signedInVisitor(portal.portalUrl);
});
afterAll(() => portal.stop());

interface Begun {
  device_code: string;
  user_code: string;
  verification_uri: string;
  interval: number;
}
const send = (path: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
  fetch(`${portal.portalUrl}/api/command-line/${path}`, { method: 'POST', headers, body: new URLSearchParams(fields) });
const begin = async (fields: Record<string, string> = {}): Promise<Begun> =>
  (await (await send('authorization', { device_name: 'build-7', ...fields })).json()) as Begun;
const grant = { grant_type: 'urn:ietf:params:oauth:grant-type:device_code' };

test('a program gets the answers of RFC 8628, which nobody may keep', async () => {
  const begun = await send('authorization', { device_name: 'build-7', scope: 'keys:read' });
  expect([begun.status, begun.headers.get('cache-control')]).toEqual([200, 'no-store']);
  const body = (await begun.json()) as Begun;
  expect(body).toMatchObject({ verification_uri: `${portal.portalUrl}/command-line`, expires_in: 600 });
  // One click on a link of somebody else must not be enough (RFC 8628, 5.4).
  expect(body).not.toHaveProperty('verification_uri_complete');
  const early = await send('token', { ...grant, device_code: body.device_code });
  expect([early.status, await early.json()]).toEqual([400, { error: 'slow_down' }]);
  const unknown = await send('token', { ...grant, device_code: 'unknown' });
  expect(await unknown.json()).toEqual({ error: 'expired_token' });
  const wrong = await send('token', { grant_type: 'password', device_code: 'x' });
  expect(await wrong.json()).toMatchObject({ error: 'invalid_request' });
  const get = await fetch(`${portal.portalUrl}/api/command-line/token`);
  expect([get.status, get.headers.get('allow')]).toEqual([405, 'POST']);
});

test('a page of somebody else cannot begin it', async () => {
  const { status } = await send('authorization', { device_name: 'x' }, { Origin: 'https://evil.example' });
  expect(status).toBe(403);
});

test('who is not signed in is sent to sign in, and comes back', async () => {
  const page = await createVisitor(portal.portalUrl).get('/command-line');
  expect([page.status, page.location]).toEqual([303, '/sign-in?next=%2Fcommand-line']);
});

test('the page shows what asks, and from where, before anything can be allowed; the rest is kept when something is wrong', async () => {
  const { user_code: code } = await begin({ scope: 'keys:write' });
  const page = await person.post('/command-line', { code });
  expect(page.status).toBe(200);
  expect(page.text('.facts')).toMatch(/build-7.*127\.0\.0\.1.*the same as yours/);
  expect(page.all('input[name=keys][value=write][checked]')).toHaveLength(1);
  const fields = { code, decision: 'allow', name: 'Mine', expiry: '30', requestId: 'request-0000000000000001' };
  const wrong = await person.post('/command-line/decision', fields);
  expect([wrong.status, wrong.text('#applications-error')]).toEqual([422, 'Choose something that the token may do.']);
  expect(wrong.all('input[name=name]')[0]?.getAttribute('value')).toBe('Mine');
  expect(wrong.all('input[name=expiry][value="30"][checked]')).toHaveLength(1);
  const allowed = await person.post('/command-line/decision', { ...fields, usage: 'read' });
  expect([allowed.status, allowed.text('h1')]).toEqual([200, 'Allowed']);
  const twice = await person.post('/command-line/decision', { ...fields, usage: 'read' });
  expect([twice.status, twice.text('.field-error')]).toEqual([422, expect.stringContaining('No program waits')]);
});

test('names of computers are text, and rights of owners are not offered to others', async () => {
  const { user_code: code } = await begin({ device_name: '<b>build</b>', scope: 'owner:write' });
  const page = await person.post('/command-line', { code });
  expect(page.html).toContain('&lt;b&gt;build&lt;/b&gt;');
  expect(page.all('input[name=owner]')).toEqual([]);
  const fields = { code, decision: 'allow', name: 'Mine', expiry: '30', requestId: 'request-0000000000000002' };
  const refused = await person.post('/command-line/decision', { ...fields, owner: 'write' });
  expect([refused.status, refused.text('.field-error')]).toEqual([422, expect.stringContaining('Only owners')]);
});

test('a code that nobody has is told as such, and a code that is none is refused in the form', async () => {
  const unknown = await person.post('/command-line', { code: 'BBBB-BBBB' });
  expect([unknown.status, unknown.text('.field-error')]).toEqual([422, expect.stringContaining('No program waits')]);
  const none = await person.post('/command-line', { code: 'hello' });
  expect([none.status, none.text('.field-error')]).toEqual([422, expect.stringContaining('eight letters')]);
  expect(none.all('input[name=code]')[0]?.getAttribute('value')).toBe('hello');
});
