import { TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

import { type PortalProcess, startPortalProcess } from '../support/portal-process.ts';
import { mailedPath, mailedSubjects, tokenOf } from './mailbox.ts';
import { PASSWORD, type Visitor, createVisitor, signedInVisitor } from './visitor.ts';

const NEW_PASSWORD = 'nine lanterns over the quay';

let portal: PortalProcess;
beforeAll(async () => {
  portal = await startPortalProcess();
});
afterAll(() => portal.stop());

const visitor = () => createVisitor(portal.portalUrl);
const newcomer = () => signedInVisitor(portal.portalUrl);
/** A second browser of the same person. */
async function secondBrowser(email: string, password = PASSWORD): Promise<Visitor> {
  const browser = visitor();
  await browser.post('/sign-in', { email, password });
  return browser;
}

/** A session value from another browser that sends nothing of its own. */
function withCookies(cookies: ReadonlyMap<string, string>): Visitor {
  const thief = visitor();
  for (const [name, value] of cookies) thief.cookies.set(name, value);
  return thief;
}

test('A1: who is not signed in sees no page of an account, and comes back after signing in', async () => {
  for (const path of ['/account', '/account/password', '/account/email', '/account/two-step', '/account/two-step/end'])
    expect((await visitor().get(path)).location).toBe(`/sign-in?next=${encodeURIComponent(path)}`);
  for (const path of ['/account/sessions', '/account/two-step/setup'])
    expect((await visitor().post(path, { session: 'others' })).status).toBe(303);
});

describe('changing the password', () => {
  test('A5, A6: ends every session, gives this browser a new one, and is told by mail', async () => {
    const person = await newcomer();
    const other = await secondBrowser(person.email);
    const before = new Map(person.cookies);
    const fields = { currentPassword: PASSWORD, password: NEW_PASSWORD };
    const page = await person.post('/account/password', fields);
    expect([page.status, page.location]).toEqual([303, '/account?done=password']);
    expect((await person.get('/account?done=password')).text('.callout')).toContain('Your password was changed');
    expect(person.cookies.get('gatehouse')).not.toBe(before.get('gatehouse'));
    expect((await person.get('/account')).status).toBe(200);
    for (const ended of [other, withCookies(before)])
      expect((await ended.get('/account')).location).toMatch(/^\/sign-in/);
    await vi.waitFor(
      async () => expect(await mailedSubjects(portal.portalUrl, person.email)).toContain('Your password was changed'),
      60_000,
    );
  });

  test('asks for the present one, at its field, and shows no password again', async () => {
    const person = await newcomer();
    const fields = { currentPassword: 'not the present one', password: NEW_PASSWORD };
    const page = await person.post('/account/password', fields);
    expect([page.status, page.text('#currentPassword-error')]).toEqual([422, 'This is not your password.']);
    expect(page.html).not.toContain(NEW_PASSWORD);
    expect(page.html).not.toContain('not the present one');
    const unchanged = await person.post('/account/password', { currentPassword: PASSWORD, password: PASSWORD });
    expect(unchanged.text('#password-error')).toBe('This is your present password. Choose another one.');
  });
});

describe('sessions', () => {
  test('A5: are listed, one or all others can be ended, and this one is marked', async () => {
    const person = await newcomer();
    const [second, third] = [await secondBrowser(person.email), await secondBrowser(person.email)];
    const rows = async () => (await person.get('/account')).all('#sessions ~ * tbody tr, section tbody tr');
    expect(await rows()).toHaveLength(3);
    expect((await rows()).filter((row) => row.textContent.includes('this session'))).toHaveLength(1);
    const page = await person.get('/account');
    const [id = ''] = page.all('td input[name=session]').map((input) => input.getAttribute('value') ?? '');
    expect((await person.post('/account/sessions', { session: id })).location).toBe('/account#sessions');
    expect(await rows()).toHaveLength(2);
    await person.post('/account/sessions', { session: 'others' });
    expect(await rows()).toHaveLength(1);
    for (const ended of [second, third]) expect((await ended.get('/home')).location).toBe('/sign-in');
    expect((await person.post('/account/sessions', { session: 'all' })).status).toBe(422);
  });

  test('A1: of another account cannot be ended', async () => {
    const [person, stranger] = [await newcomer(), await newcomer()];
    await secondBrowser(person.email);
    const page = await person.get('/account');
    const [id = ''] = page.all('td input[name=session]').map((input) => input.getAttribute('value') ?? '');
    expect((await stranger.post('/account/sessions', { session: id })).status).toBe(303);
    expect((await person.get('/account')).all('td input[name=session]')).toHaveLength(1);
  });

  test('A5: signing out takes what the browser kept with it', async () => {
    const person = await newcomer();
    const page = await person.post('/sign-out');
    expect(page.headers.get('clear-site-data')).toBe('"cache", "storage"');
    expect([...person.cookies.keys()]).toEqual(['gatehouse-device']);
  });

  test('A6: the password once more gives a new session and ends the one before', async () => {
    const person = await newcomer();
    const before = new Map(person.cookies);
    expect((await person.get('/sign-in/again')).text('main')).toContain(person.email);
    const wrong = await person.post('/sign-in/again', { password: 'not the right one' });
    expect([wrong.status, wrong.text('#password-error')]).toEqual([422, 'This is not your password.']);
    const again = await person.post('/sign-in/again?next=%2Faccount%2Ftwo-step', { password: PASSWORD });
    expect([again.status, again.location]).toEqual([303, '/account/two-step']);
    expect((await withCookies(before).get('/home')).location).toBe('/sign-in');
    expect((await person.get('/home')).status).toBe(200);
    expect((await visitor().get('/sign-in/again')).location).toBe('/sign-in');
  });
});

describe('changing the e-mail address', () => {
  test('tells both addresses, and changes nothing before the new one is confirmed in a session of the account', async () => {
    const person = await newcomer();
    const email = `new-${person.email}`;
    const wrong = await person.post('/account/email', { email, currentPassword: 'a wrong one' });
    expect(wrong.text('#currentPassword-error')).toBe('This is not your password.');
    expect(wrong.all('#email')[0]?.getAttribute('value')).toBe(email);
    const asked = await person.post('/account/email', { email, currentPassword: PASSWORD });
    expect([asked.status, asked.text('main')]).toEqual([200, expect.stringContaining(email) as string]);
    expect((await person.get('/account')).text('main')).toContain(`To become ${email}`);
    const link = await mailedPath(portal.portalUrl, email, '/account/email/confirm?');
    const subjects = await mailedSubjects(portal.portalUrl, person.email);
    expect(subjects).toContain('Another e-mail address was asked for');

    expect((await visitor().get(link)).text('h1')).toBe('Sign in to confirm your new address');
    const stranger = await newcomer();
    expect((await stranger.get(link)).text('h1')).toBe('This link is for another account');
    await stranger.post('/account/email/confirm', { token: tokenOf(link) });
    expect((await person.get(link)).text('main button')).toBe('Use this address');
    const confirmed = await person.post('/account/email/confirm', { token: tokenOf(link) });
    expect([confirmed.status, confirmed.location]).toEqual([303, '/account?done=email']);
    expect((await person.get('/account')).text('main')).toContain(`${email}, confirmed`);
    expect((await person.get(link)).status).toBe(422);
    expect((await (await secondBrowser(email)).get('/home')).status).toBe(200);
  });
});

describe('two-step sign-in', () => {
  /** Somebody with a confirmed address, and their authenticator app. */
  async function withApp() {
    const person = await newcomer();
    const token = tokenOf(await mailedPath(portal.portalUrl, person.email, '/verify-email?'));
    await person.post('/verify-email', { token });
    await person.post('/account/two-step/setup');
    const page = await person.get('/account/two-step');
    const app = new TOTP({ secret: (page.text('#setup-key') ?? '').replaceAll(' ', '') });
    return { person, app, page };
  }

  test('needs a confirmed address', async () => {
    const person = await newcomer();
    await person.post('/account/two-step/setup');
    expect((await person.get('/account/two-step')).text('main')).toContain('Confirm your e-mail address first');
  });

  test('A10: is on once a code was typed in; then the password alone opens nothing, and a code or a recovery code does', async () => {
    const { person, app, page } = await withApp();
    expect(page.all('a[href^="otpauth://totp/Gatehouse:"]')).toHaveLength(1);
    expect(page.all('svg.qr-code[role="img"][aria-label] path')).toHaveLength(1);
    const refused = await person.post('/account/two-step', { code: '000000' });
    expect([refused.status, refused.all('#code-error')]).toEqual([422, [expect.anything()]]);
    const used = app.generate();
    const on = await person.post('/account/two-step', { code: used });
    const codes = (on.text('#recovery-codes') ?? '').split(/\s+/);
    expect([on.status, codes.length]).toEqual([200, 10]);
    expect((await person.get('/account')).text('main')).toContain('10 recovery codes left');
    expect((await person.get('/account/two-step')).location).toBe('/account/two-step/end');

    const thief = visitor();
    const step = await thief.post('/sign-in?next=%2Fdocs', { email: person.email, password: PASSWORD });
    expect([step.status, step.location]).toEqual([303, '/sign-in/code?next=%2Fdocs']);
    expect([...thief.cookies.keys()]).toEqual(['gatehouse-pending']);
    expect((await thief.get('/home')).location).toBe('/sign-in');
    // Neither value is good as the other.
    const swapped = withCookies(new Map([['gatehouse', thief.cookies.get('gatehouse-pending') ?? '']]));
    expect((await swapped.get('/home')).location).toBe('/sign-in');
    const replayed = await thief.post('/sign-in/code', { code: used });
    expect([replayed.status, replayed.text('h1')]).toEqual([422, 'Second step']);

    const withRecovery = await thief.post('/sign-in/code?next=%2Fdocs&with=recovery', { code: codes[0] ?? '' });
    expect([withRecovery.status, withRecovery.location]).toEqual([303, '/docs']);
    expect([...thief.cookies.keys()]).toEqual(['gatehouse']);
    expect((await thief.get('/account')).text('main')).toContain('9 recovery codes left');
    expect((await visitor().get('/sign-in/code')).location).toBe('/sign-in');
  });

  test('A10: is turned off with both steps', async () => {
    const { person, app } = await withApp();
    const on = await person.post('/account/two-step', { code: app.generate() });
    const [code = ''] = (on.text('#recovery-codes') ?? '').split(/\s+/);
    const wrong = await person.post('/account/two-step/end', { currentPassword: PASSWORD, code: '000000' });
    expect(wrong.status).toBe(422);
    const off = await person.post('/account/two-step/end', { currentPassword: PASSWORD, code });
    expect([off.status, off.location]).toEqual([303, '/account?done=two-step-off']);
    expect((await (await secondBrowser(person.email)).get('/home')).status).toBe(200);
  });
});
