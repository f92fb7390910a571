import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { signIn } from '../../src/sign-in/sign-in.ts';
import { removePasskey } from '../../src/passkeys/change-passkey.ts';
import { createGithubProvider } from '../../src/identities/github-provider.ts';
import { identityChangedMail } from '../../src/identities/identity-mail.ts';
import type { IdentityProvider } from '../../src/identities/identity-provider.ts';
import { createOidcProvider } from '../../src/identities/oidc-provider.ts';
import { startErrand } from '../../src/identities/start-errand.ts';
import { unlinkIdentity } from '../../src/identities/unlink-identity.ts';
import { ADA, GRACE, MINUTE_MS, OFFICE, auditOf, queuedKinds, signedIn, signedUp } from '../accounts/parts.ts';
import { forEachDialect } from '../support/databases.ts';
import { goThroughGithub, startGithubServer } from './github-server.ts';
import { type IdentityHouse, openIdentityHouse } from './identity-house.ts';
import { type OidcServer, goThroughOidc, startOidcServer } from './oidc-server.ts';

const SITE = 'https://developers.example.com';
const OIDC_BACK = `${SITE}/sign-in/with/oidc/callback`;
const GITHUB_BACK = `${SITE}/sign-in/with/github/callback`;
const failed = (reason: string) => ({ ok: false, reason });

let oidc: OidcServer;
let github: Awaited<ReturnType<typeof startGithubServer>>;
let providers: IdentityProvider[];
beforeAll(async () => {
  oidc = await startOidcServer([OIDC_BACK]);
  github = await startGithubServer(GITHUB_BACK);
  providers = [
    createOidcProvider({ ...oidc, name: 'Example ID', url: oidc.issuer }),
    createGithubProvider({ ...github, name: 'GitHub' }),
  ];
  oidc.people
    .set('ada', { email: ADA.email, email_verified: true })
    .set('grace', { email: GRACE.email, email_verified: true })
    .set('unconfirmed', { email: ADA.email, email_verified: false })
    .set('silent', { email: ADA.email })
    .set('nameless', {});
});
afterAll(async () => {
  await oidc.close();
  await github.close();
});

const as = (login: string) => (url: string) => goThroughOidc(url, login, OIDC_BACK);

forEachDialect((dialect) => {
  let house: IdentityHouse;
  beforeEach(async () => {
    house = await openIdentityHouse(dialect, providers);
  });
  afterEach(() => house.close());

  test('somebody new gets an account without a password, with the address that the provider has confirmed', async () => {
    const result = await house.go(as('ada'), { next: '/docs' });
    expect(result).toMatchObject({ ok: true, next: '/docs' });
    const { account, actor } = await house.accountOf(result);
    expect(account).toMatchObject({ email: ADA.email, role: 'developer' });
    expect(actor.emailVerified).toBe(true);
    expect(await house.identities.waysIn(account.id)).toMatchObject({
      hasPassword: false,
      identities: [{ provider: 'oidc', label: ADA.email }],
    });
    for (const password of ['', ADA.password])
      expect(await signIn(house, { email: ADA.email, password }, OFFICE)).toMatchObject(failed('wrong_credentials'));
    // The second time it is the same account.
    expect((await house.accountOf(await house.go(as('ada')))).account.id).toBe(account.id);
    expect(await auditOf(house, 'account.created')).toHaveLength(1);
    expect(await queuedKinds(house)).toEqual(['mail.identity_changed']);
  });

  test('an account with the same address is opened if both sides have confirmed it, and told by mail', async () => {
    const ada = await house.person();
    const result = await house.go(as('ada'));
    expect((await house.accountOf(result)).account.id).toBe(ada.accountId);
    const linked = house.db.selectFrom('outbox').select('payload').where('kind', '=', 'mail.identity_changed');
    const { payload } = await linked.executeTakeFirstOrThrow();
    expect(await identityChangedMail(house, JSON.parse(payload) as never)).toMatchObject({ to: ADA.email });
    expect(await signedIn(house)).toBeTruthy();
  });

  describe('pre-hijacking: nobody gets into an account by its address', () => {
    test('when the portal has not confirmed it: a stranger may have signed up with it', async () => {
      await signedUp(house);
      expect(await house.go(as('ada'))).toEqual(failed('sign_in_first'));
      expect(await house.db.selectFrom('linked_identity').selectAll().execute()).toEqual([]);
    });
    test.each(['unconfirmed', 'silent', 'nameless'])('when the provider does not say so: %s', async (login) => {
      await house.person();
      expect(await house.go(as(login))).toEqual(failed('email_not_verified'));
      await house.db.updateTable('account').set({ email_normalized: 'x', email: 'x' }).execute();
      expect(await house.go(as(login))).toEqual(failed('email_not_verified'));
    });
    test('when it has a second factor, which an address does not stand in for', async () => {
      await house.withTotp(await house.person());
      expect(await house.go(as('ada'))).toEqual(failed('sign_in_first'));
    });
    test('when it is suspended', async () => {
      await house.person();
      await house.go(as('ada'));
      await house.db.updateTable('account').set({ suspended_at_ms: 1 }).execute();
      expect(await house.go(as('ada'))).toEqual(failed('suspended'));
    });
  });

  test('A10: a second factor is asked for after the provider, too', async () => {
    const ada = await house.person();
    expect(await house.go(as('ada'), { wanted: 'link', session: ada })).toEqual({ ok: true, linked: true });
    await house.withTotp(ada);
    const before = await house.db.selectFrom('session').select('id').execute();
    const result = await house.go(as('ada'));
    expect(result).toMatchObject(failed('second_factor'));
    expect(await house.db.selectFrom('session').select('id').execute()).toEqual(before);
  });

  test('who is signed in connects an identity with any address, and each identity has one account', async () => {
    const ada = await house.person();
    const grace = await house.person(GRACE);
    expect(await house.go(as('nameless'), { wanted: 'link', session: ada })).toEqual({ ok: true, linked: true });
    expect(await house.go(as('nameless'), { wanted: 'link', session: grace })).toEqual(failed('linked_elsewhere'));
    expect((await house.accountOf(await house.go(as('nameless')))).account.id).toBe(ada.accountId);
    const unverified = { ...ada, actor: { ...ada.actor, emailVerified: false } };
    const request = { provider: 'oidc', wanted: 'link', next: '/home' } as const;
    expect(await startErrand(house, request, unverified)).toEqual(failed('email_not_verified'));
  });

  test('who confirms who is there must come back as the same person, and gets a new session', async () => {
    const ada = await house.person();
    await house.go(as('nameless'), { wanted: 'link', session: ada });
    const started = await house.start({ session: ada });
    // The provider is asked for a sign-in of the last ten minutes.
    expect(new URL(started.url).searchParams.get('max_age')).toBe('600');
    expect(await house.go(as('grace'), { session: ada })).toEqual(failed('other_account'));
    const again = await house.accountOf(await house.go(as('nameless'), { session: ada }));
    expect([again.account.id, again.token === ada.token]).toEqual([ada.accountId, false]);
  });

  test('a way back is good once, for ten minutes, in the browser, the session and the provider that it began with', async () => {
    const { url, ticket } = await house.start();
    const other = await house.start();
    const query = (await as('ada')(url)).search.slice(1);
    const back = { provider: 'oidc', query, ticket };
    const expired = failed('expired');
    expect(await house.finish({ ...back, ticket: other.ticket })).toEqual(expired);
    expect(await house.finish({ ...back, ticket: '' })).toEqual(expired);
    expect(await house.finish({ ...back, provider: 'github' })).toEqual(expired);
    expect(await house.finish({ ...back, query: query.replace(/state=[^&]+/, 'state=made-up') })).toEqual(expired);
    expect(await house.finish({ ...back, ticket: ticket.replace('.sign_in.', '.link.') })).toEqual(expired);
    expect(await house.finish({ ...back, provider: 'nobody' })).toEqual(failed('unknown_provider'));
    const results = await Promise.all([1, 2, 3, 4, 5].map(() => house.finish(back)));
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    const late = await house.start();
    const lateQuery = (await as('ada')(late.url)).search.slice(1);
    house.clock.now += 10 * MINUTE_MS;
    expect(await house.finish({ provider: 'oidc', query: lateQuery, ticket: late.ticket })).toEqual(expired);
    const ada = await house.person(GRACE);
    const link = await house.start({ wanted: 'link', session: ada });
    const linkQuery = (await as('nameless')(link.url)).search.slice(1);
    const second = await signedIn(house, GRACE);
    expect(await house.finish({ provider: 'oidc', query: linkQuery, ticket: link.ticket }, second)).toEqual(expired);
  });

  test('a code of another way, another issuer or none signs nobody in', async () => {
    const { url, ticket } = await house.start();
    const state = new URL(url).searchParams.get('state') ?? '';
    const stolen = (await as('ada')((await house.start()).url)).searchParams.get('code') ?? '';
    // PKCE and nonce belong to the other way.
    const returned = { code: stolen, state, iss: oidc.issuer };
    expect(await house.finish({ provider: 'oidc', query: new URLSearchParams(returned).toString(), ticket })).toEqual(
      failed('provider_failed'),
    );
    const next = await house.start();
    const right = await as('ada')(next.url);
    right.searchParams.set('iss', 'https://evil.example');
    expect(await house.finish({ provider: 'oidc', query: right.search.slice(1), ticket: next.ticket })).toEqual(
      failed('provider_failed'),
    );
    expect(await house.db.selectFrom('session').selectAll().execute()).toEqual([]);
  });

  test('the last way in stays: an identity, a passkey, or a password', async () => {
    const ada = await house.accountOf(await house.go(as('ada')));
    const other = await house.accountOf(await house.go(as('ada')));
    const only = (await house.identities.waysIn(ada.account.id)).identities[0]?.id ?? '';
    expect(await unlinkIdentity(house, ada, only, OFFICE)).toEqual(failed('last_way_in'));
    const added = await house.register(ada, house.newAuthenticator());
    if (!added.ok || !('passkey' in added)) throw new Error('not added');
    const grace = await house.person(GRACE);
    expect(await unlinkIdentity(house, grace, only, OFFICE)).toEqual(failed('not_found'));
    // Two that would take both at once: one of them comes second.
    const both = await Promise.all([
      unlinkIdentity(house, ada, only, OFFICE),
      removePasskey(house, ada, added.passkey.id, OFFICE),
    ]);
    expect(both.filter(({ ok }) => ok)).toHaveLength(1);
    expect(both).toContainEqual(failed('last_way_in'));
    const sessions = house.db.selectFrom('session').select('id').where('account_id', '=', ada.account.id);
    expect((await sessions.execute()).map(({ id }) => id)).toEqual([ada.sessionId]);
    expect(other.sessionId).not.toBe(ada.sessionId);
  });

  test('GitHub: the number is the account, and only a confirmed primary address counts', async () => {
    const email = (address: string, primary: boolean, verified: boolean) => ({
      ...{ email: address, primary, verified },
      visibility: null,
    });
    const github1 = { provider: 'github' };
    github.state.user = {
      id: 7,
      login: 'ada',
      emails: [email(ADA.email, true, false), email('b@example.com', false, true)],
    };
    expect(await house.go(goThroughGithub, github1)).toEqual(failed('email_not_verified'));
    github.state.user = {
      id: 7,
      login: 'ada',
      emails: [email('b@example.com', false, true), email(ADA.email, true, true)],
    };
    const ada = await house.accountOf(await house.go(goThroughGithub, github1));
    expect(ada.account.email).toBe(ADA.email);
    // Renamed, with another address: the same account. Somebody else under the old name: not that account.
    github.state.user = { id: 7, login: 'ada-2', emails: [email('new@example.com', true, true)] };
    expect((await house.accountOf(await house.go(goThroughGithub, github1))).account.id).toBe(ada.account.id);
    expect(await house.identities.waysIn(ada.account.id)).toMatchObject({ identities: [{ label: 'ada-2' }] });
    github.state.user = { id: 8, login: 'ada', emails: [email(GRACE.email, true, true)] };
    expect((await house.accountOf(await house.go(goThroughGithub, github1))).account.id).not.toBe(ada.account.id);
    github.state.isDenied = true;
    expect(await house.go(goThroughGithub, github1)).toEqual(failed('cancelled'));
    github.state.isDenied = false;
    const { url, ticket } = await house.start(github1);
    const wrong = new URLSearchParams({ code: 'made-up', state: new URL(url).searchParams.get('state') ?? '' });
    expect(await house.finish({ provider: 'github', query: wrong.toString(), ticket })).toEqual(
      failed('provider_failed'),
    );
  });
});
