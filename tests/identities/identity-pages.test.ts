import { afterAll, beforeAll, expect, test, vi } from 'vitest';

import { mailedPath, mailedSubjects, tokenOf } from '../pages/mailbox.ts';
import { PASSWORD, createVisitor, signedInVisitor } from '../pages/visitor.ts';
import { type PortalProcess, startPortalProcess } from '../support/portal-process.ts';
import { freePorts } from '../support/servers.ts';
import { goThroughGithub, startGithubServer } from './github-server.ts';
import { type OidcServer, goThroughOidc, startOidcServer } from './oidc-server.ts';

let portal: PortalProcess;
let oidc: OidcServer;
let github: Awaited<ReturnType<typeof startGithubServer>>;
let site: string;
let back: string;
beforeAll(async () => {
  const [port = 0] = await freePorts(1);
  site = `http://127.0.0.1:${port}`;
  back = `${site}/sign-in/with/oidc/callback`;
  oidc = await startOidcServer([back]);
  github = await startGithubServer(back.replace('oidc', 'github'));
  portal = await startPortalProcess({
    PORT: String(port),
    OIDC_ISSUER: oidc.issuer,
    OIDC_CLIENT_ID: oidc.clientId,
    OIDC_CLIENT_SECRET: oidc.clientSecret,
    OIDC_NAME: 'Example ID',
    GITHUB_CLIENT_ID: github.clientId,
    GITHUB_CLIENT_SECRET: github.clientSecret,
    GITHUB_URL: github.url,
  });
});
afterAll(async () => {
  await portal.stop();
  await oidc.close();
  await github.close();
});

type Visitor = ReturnType<typeof createVisitor>;

async function signInAs(visitor: Visitor, login: string, start: string): Promise<Awaited<ReturnType<Visitor['get']>>> {
  const sent = await visitor.get(start);
  if (sent.location === null) throw new Error(`${sent.status}: ${sent.text('main') ?? ''}`);
  const came = await goThroughOidc(sent.location, login, back);
  return visitor.get(came.pathname + came.search);
}

test('from the sign-in page to a new account and back to where somebody wanted to go', async () => {
  oidc.people.set('ada', { email: 'ada@sso.example', email_verified: true });
  const visitor = createVisitor(site);
  const page = await visitor.get('/sign-in?next=/applications');
  const link = page.all('.provider-links a')[0];
  expect(link?.textContent.trim()).toBe('Continue with Example ID');
  const done = await signInAs(visitor, 'ada', link?.getAttribute('href') ?? '');
  expect([done.status, done.location]).toEqual([303, '/applications']);
  expect([...visitor.cookies.keys()]).toEqual(['gatehouse']);
  const account = await visitor.get('/account');
  expect(account.text('main')).toContain('ada@sso.example, confirmed');
  expect(account.text('main')).toContain('None. A link to choose one comes by mail.');
  // Who has no password is not asked for one.
  const again = await visitor.get('/sign-in/again');
  expect(again.all('input[type=password]')).toEqual([]);
  expect(again.text('.provider-links')).toBe('Continue with Example ID');
});

test('the way there names the redirect URI of PUBLIC_URL, and carries PKCE, state and nonce', async () => {
  const page = await createVisitor(site).get('/sign-in/with/oidc');
  const url = new URL(page.location ?? '');
  expect(url.searchParams.get('redirect_uri')).toBe(back);
  expect(url.searchParams.get('code_challenge_method')).toBe('S256');
  for (const name of ['code_challenge', 'state', 'nonce']) expect(url.searchParams.get(name)).toMatch(/^[\w-]{43}$/);
});

test('another browser that comes back with the same address is not signed in', async () => {
  oidc.people.set('grace', { email: 'grace@sso.example', email_verified: true });
  const visitor = createVisitor(site);
  const sent = await visitor.get('/sign-in/with/oidc');
  const came = await goThroughOidc(sent.location ?? '', 'grace', back);
  const stranger = await createVisitor(site).get(came.pathname + came.search);
  expect([stranger.status, stranger.text('[role=alert]')]).toEqual([
    422,
    expect.stringContaining('Start again') as string,
  ]);
});

test('an account is connected on its page, told by mail, signs in, and is disconnected', async () => {
  const person = await signedInVisitor(site);
  const token = tokenOf(await mailedPath(site, person.email, '/verify-email?'));
  await person.post('/verify-email', { token });
  github.state.user = {
    id: 4711,
    login: 'octo',
    emails: [{ email: 'other@example.com', primary: true, verified: true, visibility: 'private' }],
  };
  const page = await person.get('/account/identities/link/github');
  const link = page.all('main a.button.primary')[0]?.getAttribute('href') ?? '';
  const came = await goThroughGithub(link);
  expect((await person.get(came.pathname + came.search)).location).toBe('/account/identities?done=linked');
  expect((await person.get('/account/identities')).text('tbody')).toContain('octo');
  await vi.waitFor(
    async () => expect(await mailedSubjects(site, person.email)).toContain('Another way to sign in was connected'),
    60_000,
  );

  const browser = createVisitor(site);
  const sent = await browser.get('/sign-in/with/github?next=/account');
  const returned = await goThroughGithub(sent.location ?? '');
  expect((await browser.get(returned.pathname + returned.search)).location).toBe('/account');
  expect((await browser.get('/account')).text('main')).toContain(person.email);

  const removal = (await person.get('/account/identities')).all('tbody a')[0]?.getAttribute('href') ?? '';
  expect((await browser.post('/sign-in', { email: person.email, password: PASSWORD })).location).toBe('/home');
  expect((await person.post(removal)).location).toBe('/account/identities?done=unlinked');
  expect((await browser.get('/account')).location).toMatch(/^\/sign-in/);
});

test('no way leads to another site, and no secret stands in the log', async () => {
  const visitor = createVisitor(site);
  const done = await signInAs(visitor, 'ada', '/sign-in/with/oidc?next=https://evil.example/');
  expect(done.location).toBe('/home');
  for (const secret of [oidc.clientSecret, github.clientSecret, visitor.cookies.get('gatehouse') ?? 'none'])
    expect(portal.output()).not.toContain(secret);
});

test('a provider that cannot be asked is named on the sign-in page, and the password still works', async () => {
  const [port = 0] = await freePorts(1);
  const other = await startPortalProcess({
    OIDC_ISSUER: `http://127.0.0.1:${port}`,
    OIDC_CLIENT_ID: 'g',
    OIDC_CLIENT_SECRET: 's',
  });
  try {
    const visitor = createVisitor(other.portalUrl);
    const sent = await visitor.get('/sign-in/with/oidc?next=/account');
    const page = await visitor.get(sent.location ?? '');
    expect([page.status, page.text('[role=alert]')]).toEqual([
      502,
      expect.stringContaining('cannot be asked') as string,
    ]);
    expect(await signedInVisitor(other.portalUrl)).toBeTruthy();
  } finally {
    await other.stop();
  }
});
