import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { type PortalProcess, startPortalProcess } from '../support/portal-process.ts';
import { mailedPath, tokenOf } from './mailbox.ts';
import { PASSWORD, createVisitor, signedInVisitor } from './visitor.ts';

let portal: PortalProcess;
beforeAll(async () => {
  portal = await startPortalProcess();
});
afterAll(() => portal.stop());

const visitor = () => createVisitor(portal.portalUrl);

const confirmationLink = (email: string) => mailedPath(portal.portalUrl, email, '/verify-email?');

describe('the link that confirms an address', () => {
  test('changes nothing when it is opened, confirms with the button, and works once', async () => {
    const person = await signedInVisitor(portal.portalUrl);
    const link = await confirmationLink(person.email);
    for (let scan = 0; scan < 3; scan += 1) {
      expect((await person.get(link)).text('main button')).toBe('Confirm address');
    }
    expect((await person.get('/home')).html).toContain('Your e-mail address is not confirmed');

    const confirmed = await person.post('/verify-email', { token: tokenOf(link) });
    expect([confirmed.status, confirmed.text('h1')]).toEqual([200, 'Address confirmed']);
    expect((await person.get('/home')).html).not.toContain('Your e-mail address is not confirmed');

    for (const page of [await person.post('/verify-email', { token: tokenOf(link) }), await person.get(link)]) {
      expect([page.status, page.text('h1')]).toEqual([422, 'This link no longer works']);
    }
  });

  test('A9: confirms nothing without a session of the account, to which signing in leads back', async () => {
    const [person, other] = [await signedInVisitor(portal.portalUrl), await signedInVisitor(portal.portalUrl)];
    const link = await confirmationLink(person.email);
    const token = tokenOf(link);
    for (const page of [await visitor().get(link), await visitor().post('/verify-email', { token })]) {
      expect([page.status, page.text('h1')]).toEqual([200, 'Sign in to confirm your address']);
    }
    for (const page of [await other.get(link), await other.post('/verify-email', { token })]) {
      expect([page.status, page.text('h1')]).toEqual([422, 'This link is for another account']);
    }
    const signIn = (await visitor().get(link)).all('main a.primary')[0]?.getAttribute('href') ?? '';
    const elsewhere = visitor();
    const page = await elsewhere.post(signIn, { email: person.email, password: PASSWORD });
    expect(page.location).toBe(link);
    expect((await elsewhere.get(link)).text('main button')).toBe('Confirm address');
  });

  test.each(['', 'x', '%00', '../../home'])('means nothing with the token %j', async (token) => {
    const page = await visitor().get(`/verify-email?token=${encodeURIComponent(token)}`);
    expect([page.status, page.all('main form')]).toEqual([422, []]);
  });

  test('can be asked for again by who is signed in, and by nobody else', async () => {
    const person = await signedInVisitor(portal.portalUrl);
    expect((await person.post('/sign-up/check-mail')).text('main')).toContain(person.email);
    expect((await visitor().post('/sign-up/check-mail')).location).toBe('/sign-in');
  });
});

describe('signing up', () => {
  test('gives the same answer for a new and for a known address', async () => {
    const { email } = await signedInVisitor(portal.portalUrl);
    const known = await visitor().post('/sign-up', { email, password: PASSWORD });
    const fresh = await visitor().post('/sign-up', { email: 'fresh@example.com', password: PASSWORD });
    expect([known.status, known.location, known.html]).toEqual([fresh.status, fresh.location, fresh.html]);
    expect(known.location).toBe('/sign-up/check-mail');
  });

  test('refuses a short password at its field and forgets it', async () => {
    const page = await visitor().post('/sign-up', { email: 'ada@example.com', password: 'too short' });
    expect(page.status).toBe(422);
    expect(page.text('#password-error')).toContain('15 characters or more');
    expect(page.all('#password')[0]?.hasAttribute('value')).toBe(false);
    expect(page.all('#email')[0]?.getAttribute('value')).toBe('ada@example.com');
  });
});

test('the link of the first owner makes one owner, who sees the owner page, and then ends', async () => {
  const path = portal.firstOwnerUrl.slice(portal.portalUrl.length);
  const token = new URL(portal.firstOwnerUrl).searchParams.get('token') ?? '';
  const owner = visitor();
  expect((await owner.get(path)).text('h1')).toBe('Create the first owner');

  const weak = await owner.post('/first-owner', { token, email: 'owner@example.com', password: 'short' });
  expect([weak.status, weak.text('h1')]).toEqual([422, 'Create the first owner']);

  const made = await owner.post('/first-owner', { token, email: 'owner@example.com', password: PASSWORD });
  expect([made.status, made.location]).toEqual([303, '/owner']);
  const page = await owner.get('/owner');
  for (const part of ['document in content/apis', 'notice in content/notices', 'guide in content/guides'])
    expect(page.text('main')).toContain(`Every ${part} was read without a problem.`);
  expect([page.status, page.text('h1')]).toEqual([200, 'Owner']);

  const late = await visitor().post('/first-owner', { token, email: 'late@example.com', password: PASSWORD });
  expect([late.status, late.location, late.text('h1')]).toEqual([422, null, 'This link no longer works']);
});
