import { afterEach, beforeEach, expect, test } from 'vitest';

import { changePassword } from '../../src/passwords/change-password.ts';
import { findSession } from '../../src/sessions/find-session.ts';
import { removePasskey, renamePasskey } from '../../src/passkeys/change-passkey.ts';
import { passkeyChangedMail } from '../../src/passkeys/passkey-mail.ts';
import { offerPasskeyRegistration, registerPasskey } from '../../src/passkeys/register-passkey.ts';
import { offerPasskeySignIn, signInWithPasskey } from '../../src/passkeys/sign-in-with-passkey.ts';
import { ADA, GRACE, MINUTE_MS, OFFICE, auditOf, queuedKinds, signedIn } from '../accounts/parts.ts';
import { forEachDialect } from '../support/databases.ts';
import { type House, NOBODY, assertion, openHouse, registration } from '../identities/house.ts';

const NOT_ACCEPTED = { ok: false, reason: 'not_accepted' };
const EXPIRED = { ok: false, reason: 'expired' };

forEachDialect((dialect) => {
  let house: House;
  beforeEach(async () => {
    house = await openHouse(dialect);
  });
  afterEach(() => house.close());

  test('A11: a passkey signs in alone, to the account that it was made for, with a session of its own', async () => {
    const ada = await house.person();
    await house.person(GRACE);
    const authenticator = house.newAuthenticator();
    expect(await house.register(ada, authenticator)).toMatchObject({ ok: true, passkey: { name: 'Laptop' } });
    const result = await house.signIn(authenticator);
    if (!result.ok || !('sessionToken' in result)) throw new Error('not signed in');
    expect(await findSession(house, result.sessionToken)).toMatchObject({ actor: { accountId: ada.accountId } });
    expect(result.sessionToken).not.toBe(ada.token);
    expect(await auditOf(house, 'account.passkey_added')).toMatchObject([{ actor: ada.accountId }]);
    expect(await auditOf(house, 'account.passkey_used')).toHaveLength(1);
    expect(await house.passkeys.list(ada.accountId)).toMatchObject([{ lastUsedAtMs: house.clock.now }]);
    expect(await queuedKinds(house)).toContain('mail.passkey_changed');
  });

  test('A7: without a session or a password, nothing tells which passkeys there are', async () => {
    const ada = await house.person();
    await house.register(ada, house.newAuthenticator());
    const offer = await offerPasskeySignIn(house, 'sign_in', NOBODY);
    expect(offer).toMatchObject({ ok: true, options: { allowCredentials: [], userVerification: 'required' } });
    expect(await offerPasskeySignIn(house, 'second_step', NOBODY)).toEqual(EXPIRED);
    expect(await offerPasskeySignIn(house, 'again', NOBODY)).toEqual(EXPIRED);
    expect(await house.db.selectFrom('used_ceremony').selectAll().execute()).toHaveLength(1);
  });

  test('A11: a challenge is answered once, also by fifty at once', async () => {
    const authenticator = house.newAuthenticator();
    await house.register(await house.person(), authenticator);
    const offer = await offerPasskeySignIn(house, 'sign_in', NOBODY);
    if (!offer.ok) throw new Error(offer.reason);
    const answers = Array.from({ length: 50 }, () => authenticator.sign(offer.options));
    const results = await Promise.all(
      answers.map((answer) =>
        signInWithPasskey(house, { ...assertion('sign_in', answer), ticket: offer.ticket }, NOBODY, OFFICE, null),
      ),
    );
    expect(results.filter((result) => result.ok)).toHaveLength(1);
    expect(results.filter((result) => !result.ok && result.reason === 'expired')).toHaveLength(49);
    expect(await house.db.selectFrom('session').select('id').execute()).toHaveLength(2);
  });

  test('A11: a challenge is good for five minutes, in the browser and for the purpose that it was made for', async () => {
    const ada = await house.person();
    const authenticator = house.newAuthenticator();
    await house.register(ada, authenticator);
    const offer = await offerPasskeySignIn(house, 'sign_in', NOBODY);
    const other = await offerPasskeySignIn(house, 'sign_in', NOBODY);
    if (!offer.ok || !other.ok) throw new Error('no offer');
    const answer = (ceremony: string, ticket: string) => ({
      ...assertion(ceremony, authenticator.sign(offer.options)),
      ticket,
    });
    const ask = (request: ReturnType<typeof answer>, claimant = NOBODY) =>
      signInWithPasskey(house, request, claimant, OFFICE, null);
    expect(await ask(answer('sign_in', other.ticket))).toEqual(NOT_ACCEPTED);
    expect(await ask(answer('again', offer.ticket), { pendingToken: null, signedIn: ada })).toEqual(NOT_ACCEPTED);
    for (const made of ['', 'x', `${house.clock.now + 60_000}.${'A'.repeat(43)}`])
      expect(await ask(answer('sign_in', made))).toMatchObject({ ok: false });
    house.clock.now += 5 * MINUTE_MS;
    expect(await ask(answer('sign_in', offer.ticket))).toEqual(EXPIRED);
  });

  test('A11: a counter that does not grow is refused, recorded and told by mail; the next right one is accepted', async () => {
    const ada = await house.person();
    const authenticator = house.newAuthenticator();
    await house.register(ada, authenticator);
    expect(await house.signIn(authenticator, { counter: 10 })).toMatchObject({ ok: true });
    for (const counter of [9, 10, 0])
      expect(await house.signIn(authenticator, { counter })).toEqual({ ok: false, reason: 'maybe_copied' });
    expect(await auditOf(house, 'account.passkey_copied')).toHaveLength(3);
    const told = house.db.selectFrom('outbox').select('payload').where('kind', '=', 'mail.passkey_changed');
    const payloads = (await told.execute()).map(({ payload }) => payload);
    const copied = payloads.find((payload) => payload.includes('copied')) ?? '{}';
    const mail = await passkeyChangedMail(house, JSON.parse(copied) as never);
    expect(mail).toMatchObject({ to: ADA.email, subject: expect.stringContaining('copied') as string });
    expect(await house.signIn(authenticator, { counter: 11 })).toMatchObject({ ok: true });
  });

  test('an authenticator that does not count signs in as often as it likes', async () => {
    const authenticator = house.newAuthenticator();
    await house.register(await house.person(), authenticator);
    for (let time = 0; time < 3; time += 1)
      expect(await house.signIn(authenticator, { counter: 0 })).toMatchObject({ ok: true });
  });

  test('A11: a passkey of one account is worth nothing for another', async () => {
    const ada = await house.person();
    const grace = await house.person(GRACE);
    const [adas, graces] = [house.newAuthenticator(), house.newAuthenticator()];
    await house.register(ada, adas);
    await house.register(grace, graces);
    const again = { pendingToken: null, signedIn: ada };
    expect(await house.signIn(graces, {}, 'again', again)).toEqual(NOT_ACCEPTED);
    expect(await house.signIn(adas, {}, 'again', again)).toMatchObject({ ok: true });
    // The credential is Ada's, and the authenticator says that it was made for Grace.
    const userHandle = Buffer.from(grace.accountId).toString('base64url');
    expect(await house.signIn(adas, { userHandle })).toEqual(NOT_ACCEPTED);
    expect(await house.register(grace, adas)).toEqual({ ok: false, reason: 'already_registered' });
  });

  test('a suspended account is not entered, and a passkey that nobody has looks the same', async () => {
    const authenticator = house.newAuthenticator();
    await house.register(await house.person(), authenticator);
    expect(await house.signIn(house.newAuthenticator())).toEqual(NOT_ACCEPTED);
    await house.db.updateTable('account').set({ suspended_at_ms: 1 }).execute();
    expect(await house.signIn(authenticator)).toEqual(NOT_ACCEPTED);
  });

  test('A10: after the password, a passkey takes the place of the code, and completes that sign-in only', async () => {
    const authenticator = house.newAuthenticator();
    const ada = await house.withTotp(await house.person());
    await house.register(ada, authenticator);
    const other = house.newAuthenticator();
    await house.register(await house.person(GRACE), other);
    const claimant = { pendingToken: await house.pendingToken(), signedIn: null };
    const offer = await offerPasskeySignIn(house, 'second_step', claimant);
    expect(offer).toMatchObject({ ok: true, options: { allowCredentials: [{ id: authenticator.id }] } });
    expect(await house.signIn(other, {}, 'second_step', claimant)).toEqual(NOT_ACCEPTED);
    // Having it is enough as a second factor: nobody has to be seen by it once more.
    expect(await house.signIn(authenticator, { flags: 1 }, 'second_step', claimant)).toMatchObject({ ok: true });
    expect(await house.signIn(authenticator, {}, 'second_step', claimant)).toEqual(EXPIRED);
    const next = { pendingToken: await house.pendingToken(), signedIn: null };
    const change = { currentPassword: ADA.password, password: 'fourteen silver teapots' };
    await changePassword(house, ada.actor, change, OFFICE);
    expect(await house.signIn(authenticator, {}, 'second_step', next)).toEqual(EXPIRED);
  });

  test('an address that nobody has confirmed gets no passkey: it would outlive a new password', async () => {
    const ada = await house.person();
    const unverified = { ...ada, actor: { ...ada.actor, emailVerified: false } };
    const refused = { ok: false, reason: 'email_not_verified' };
    expect(await offerPasskeyRegistration(house, unverified)).toEqual(refused);
    expect(await house.register(unverified, house.newAuthenticator())).toEqual(refused);
  });

  test('a passkey is added once, by the session that asked for it', async () => {
    const ada = await house.person();
    const second = await signedIn(house);
    const offer = await offerPasskeyRegistration(house, ada);
    if (!offer.ok) throw new Error(offer.reason);
    const authenticator = house.newAuthenticator();
    const request = { ...registration(authenticator.register(offer.options)), ticket: offer.ticket };
    expect(await registerPasskey(house, second, request, OFFICE)).toEqual(NOT_ACCEPTED);
    const results = await Promise.all([1, 2, 3].map(() => registerPasskey(house, ada, request, OFFICE)));
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await house.passkeys.list(ada.accountId)).toHaveLength(1);
  });

  test('an account has twenty passkeys at most, also when two are added at once', async () => {
    const ada = await house.person();
    for (let made = 0; made < 19; made += 1) await house.register(ada, house.newAuthenticator());
    const results = await Promise.all([1, 2, 3].map(() => house.register(ada, house.newAuthenticator())));
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await house.passkeys.list(ada.accountId)).toHaveLength(20);
    expect(await house.register(ada, house.newAuthenticator())).toEqual({ ok: false, reason: 'too_many' });
  });

  test('a removed passkey signs in no more, every other session ends, and the password stays a way in', async () => {
    const ada = await house.person();
    const grace = await house.person(GRACE);
    const authenticator = house.newAuthenticator();
    const added = await house.register(ada, authenticator);
    if (!added.ok || !('passkey' in added)) throw new Error('not added');
    const { id } = added.passkey;
    const other = await signedIn(house);
    const absent = { ok: false, reason: 'not_found' };
    expect(await removePasskey(house, grace, id, OFFICE)).toEqual(absent);
    expect(await renamePasskey(house, grace.actor, { passkeyId: id, name: 'Mine' }, OFFICE)).toEqual(absent);
    expect(await renamePasskey(house, ada.actor, { passkeyId: id, name: 'Desk' }, OFFICE)).toEqual({ ok: true });
    expect(await house.passkeys.list(ada.accountId)).toMatchObject([{ name: 'Desk' }]);
    expect(await removePasskey(house, ada, id, OFFICE)).toEqual({ ok: true });
    expect(await removePasskey(house, ada, id, OFFICE)).toEqual(absent);
    expect(await house.signIn(authenticator)).toEqual(NOT_ACCEPTED);
    expect([await findSession(house, ada.token), await findSession(house, other.token)]).toEqual([
      expect.anything(),
      null,
    ]);
    expect(await signedIn(house)).toBeTruthy();
    expect(await auditOf(house, 'account.passkey_removed')).toMatchObject([{ details: { name: 'Desk' } }]);
  });
});
