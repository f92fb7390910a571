import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { type HttpClient, createHttpClient } from '../support/http-request.ts';
import { type PortalProcess, startPortalProcess } from '../support/portal-process.ts';
import { mailedPath, mailedSubjects, tokenOf } from './mailbox.ts';
import { PASSWORD, type Visitor, createVisitor, signedInVisitor } from './visitor.ts';

const NEW_PASSWORD = 'nine lanterns over the quay';

let portal: PortalProcess;
let elsewhere: HttpClient;
beforeAll(async () => {
  portal = await startPortalProcess();
  elsewhere = createHttpClient(portal.portalPort, '127.0.2.1');
});
afterAll(async () => {
  elsewhere.close();
  await portal.stop();
});

const visitor = () => createVisitor(portal.portalUrl);
const resetLink = (email: string) => mailedPath(portal.portalUrl, email, '/password-reset/choose?');
const signIn = (person: Visitor, email: string, password: string) => person.post('/sign-in', { email, password });

/** A form as a browser at another address sends it. */
function postFrom(client: HttpClient, path: string, fields: Record<string, string>, headers = {}) {
  const body = new URLSearchParams(fields).toString();
  const form = { 'Content-Type': 'application/x-www-form-urlencoded', Accept: 'text/html', Origin: portal.portalUrl };
  return client.send({
    method: 'POST',
    path,
    body,
    headers: { Host: `127.0.0.1:${portal.portalPort}`, ...form, ...headers },
  });
}

describe('a forgotten password', () => {
  test('A9: is replaced with a mailed link that opening does not use up, and nobody is signed in by it', async () => {
    const person = await signedInVisitor(portal.portalUrl);
    const asking = visitor();
    expect((await asking.get('/sign-in')).all('a[href="/password-reset"]')).toHaveLength(1);
    const asked = await asking.post('/password-reset', { email: person.email });
    expect([asked.status, asked.text('h1')]).toEqual([200, 'Check your mail']);
    const link = await resetLink(person.email);
    for (let scan = 0; scan < 3; scan += 1) {
      const page = await visitor().get(link);
      expect([page.status, page.text('h1')]).toEqual([200, 'Choose a new password']);
      // The address of the page holds the token; no other page is told it.
      expect(page.all('meta[name=referrer]')[0]?.getAttribute('content')).toBe('strict-origin');
    }
    const weak = await asking.post('/password-reset/choose', { token: tokenOf(link), password: 'short' });
    expect([weak.status, weak.text('#password-error')]).toEqual([
      422,
      'Use 15 characters or more. A sentence or a few unrelated words work well.',
    ]);

    const changed = await asking.post('/password-reset/choose', { token: tokenOf(link), password: NEW_PASSWORD });
    expect([changed.status, changed.text('h1')]).toEqual([200, 'Password changed']);
    expect([...asking.cookies.keys()]).toEqual([]);
    expect((await person.get('/home')).location).toBe('/sign-in');
    expect((await signIn(visitor(), person.email, PASSWORD)).status).toBe(422);
    expect((await signIn(visitor(), person.email, NEW_PASSWORD)).location).toBe('/home');
    for (const page of [
      await visitor().get(link),
      await visitor().post('/password-reset/choose', { token: tokenOf(link), password: PASSWORD }),
    ]) {
      expect([page.status, page.text('h1')]).toEqual([422, 'This link no longer works']);
    }
    await expect.poll(() => mailedSubjects(portal.portalUrl, person.email)).toContain('Your password was changed');
  });

  test('A9: of fifty posts of one link at once exactly one is accepted', async () => {
    const { email } = await signedInVisitor(portal.portalUrl);
    await visitor().post('/password-reset', { email });
    const token = tokenOf(await resetLink(email));
    const posts = Array.from({ length: 50 }, (_, index) =>
      visitor().post('/password-reset/choose', { token, password: `${NEW_PASSWORD} ${index}` }),
    );
    const titles = (await Promise.all(posts)).map((page) => page.text('h1'));
    expect(titles.filter((title) => title === 'Password changed')).toHaveLength(1);
  });

  test('A7: a known and an unknown address get the same answer, to the byte', async () => {
    const { email } = await signedInVisitor(portal.portalUrl);
    const [known, unknown] = [
      await postFrom(elsewhere, '/password-reset', { email }),
      await postFrom(elsewhere, '/password-reset', { email: 'nobody@example.com' }),
    ];
    const comparable = ({ status, headers, body }: typeof known) => ({
      status,
      body,
      headers: [...headers].filter(([name]) => !['date', 'x-request-id'].includes(name)),
    });
    expect(comparable(known)).toEqual(comparable(unknown));
    await resetLink(email);
    expect(await mailedSubjects(portal.portalUrl, 'nobody@example.com')).toEqual([]);
  });

  test('A9: its link leads to the public address, whatever hosts and origins a request claims', async () => {
    const { email } = await signedInVisitor(portal.portalUrl);
    const claims = {
      'X-Forwarded-Host': 'evil.example',
      'X-Forwarded-Proto': 'https',
      Forwarded: 'host=evil.example',
      'X-Original-URL': 'https://evil.example/',
      Referer: 'https://evil.example/',
    };
    expect((await postFrom(elsewhere, '/password-reset', { email }, claims)).status).toBe(200);
    expect(await resetLink(email)).toMatch(/^\/password-reset\/choose\?token=[\w-]{43}$/);
    expect((await postFrom(elsewhere, '/password-reset', { email }, { Host: 'evil.example' })).status).toBe(421);
    expect((await postFrom(elsewhere, '/password-reset', { email }, { Origin: 'https://evil.example' })).status).toBe(
      403,
    );
    const mails = await visitor().get('/dev/mail');
    expect(mails.html).not.toContain('evil.example');
  });

  test.each(['', 'x', '%00', '../../home'])('means nothing with the token %j', async (token) => {
    const page = await visitor().get(`/password-reset/choose?token=${encodeURIComponent(token)}`);
    expect([page.status, page.all('main form')]).toEqual([422, []]);
  });

  test('A9: gives an account that a stranger made to who owns the address, and ends the keys of the stranger', async () => {
    const stranger = await signedInVisitor(portal.portalUrl);
    await visitor().post('/password-reset', { email: stranger.email });
    const token = tokenOf(await resetLink(stranger.email));
    const owner = visitor();
    await owner.post('/password-reset/choose', { token, password: NEW_PASSWORD });
    expect((await stranger.get('/home')).location).toBe('/sign-in');
    expect((await signIn(stranger, stranger.email, PASSWORD)).status).toBe(422);
    await signIn(owner, stranger.email, NEW_PASSWORD);
    expect((await owner.get('/home')).html).not.toContain('Your e-mail address is not confirmed');
  });
});

describe('A30: too many', () => {
  test('questions for a new password from one network are told when to come again', async () => {
    const network = createHttpClient(portal.portalPort, '127.0.2.2');
    const ask = (index: number) => postFrom(network, '/password-reset', { email: `person-${index}@example.org` });
    const answers = await Promise.all(Array.from({ length: 24 }, (_, index) => ask(index)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(20);
    const refused = answers.find(({ status }) => status === 429);
    expect(Number(refused?.headers.get('retry-after')?.[0])).toBeGreaterThan(60);
    expect(refused?.body).toContain('Try again in 3 minutes.');
    network.close();
  });

  test('accounts from one network are told when to come again', async () => {
    const network = createHttpClient(portal.portalPort, '127.0.2.3');
    const signUp = (index: number) =>
      postFrom(network, '/sign-up', { email: `newcomer-${index}@example.org`, password: PASSWORD });
    const answers = await Promise.all(Array.from({ length: 23 }, (_, index) => signUp(index)));
    expect(answers.filter(({ status }) => status === 303)).toHaveLength(20);
    const refused = answers.find(({ status }) => status === 429);
    expect(Number(refused?.headers.get('retry-after')?.[0])).toBeGreaterThan(60);
    expect(refused?.body).toContain('Too many accounts were made from your network. Try again in 6 minutes.');
    network.close();
  });
});
