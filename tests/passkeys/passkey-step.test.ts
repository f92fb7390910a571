import { TOTP } from 'otpauth';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { completeSignIn } from '../../src/sign-in/complete-sign-in.ts';
import { findSession } from '../../src/sessions/find-session.ts';
import { NO_PASSWORD_HASH } from '../../src/passwords/password-hasher.ts';
import { prepareSecondFactor } from '../../src/second-step/prepare-second-factor.ts';
import { readSecondStep } from '../../src/second-step/read-second-step.ts';
import { readTotpSetup } from '../../src/second-step/read-totp-setup.ts';
import { signIn } from '../../src/sign-in/sign-in.ts';
import { turnOffSecondFactor } from '../../src/second-step/turn-off-second-factor.ts';
import { turnOnPasskeyStep } from '../../src/second-step/turn-on-passkey-step.ts';
import { turnOnSecondFactor } from '../../src/second-step/turn-on-second-factor.ts';
import type { SecondStepFor } from '../../src/settings/sign-in-settings.ts';
import { removePasskey } from '../../src/passkeys/change-passkey.ts';
import { ADA, OFFICE, auditOf, queuedKinds } from '../accounts/parts.ts';
import { forEachDialect } from '../support/databases.ts';
import { type House, openHouse } from '../identities/house.ts';

const proof = { currentPassword: ADA.password, code: null };

forEachDialect((dialect) => {
  let house: House;
  beforeEach(async () => {
    house = await openHouse(dialect);
  });
  afterEach(() => house.close());

  /** Somebody with a passkey, which is asked for after the password. */
  async function withStep() {
    const ada = await house.person();
    const authenticator = house.newAuthenticator();
    const added = await house.register(ada, authenticator);
    if (!added.ok || !('passkey' in added)) throw new Error('no passkey');
    const on = await turnOnPasskeyStep(house, ada.actor, OFFICE);
    if (!on.ok) throw new Error(on.reason);
    const found = await findSession(house, on.sessionToken);
    if (!found) throw new Error('not signed in');
    const session = { ...found, token: on.sessionToken };
    return { former: ada, session, authenticator, passkeyId: added.passkey.id, recoveryCodes: on.recoveryCodes };
  }
  const statusOf = async (accountId: string) => house.secondFactors.secondStep(accountId);

  describe('a passkey as second step', () => {
    test('A10: follows the password, ends every session when it is turned on, and completes that sign-in only', async () => {
      const { former, session, authenticator, recoveryCodes } = await withStep();
      expect(await findSession(house, former.token)).toBeNull();
      expect(recoveryCodes).toHaveLength(10);
      expect(await statusOf(session.actor.accountId)).toBe('passkey');
      const pendingToken = await house.pendingToken();
      expect(await readSecondStep(house, pendingToken)).toBe('passkey');
      expect(await completeSignIn(house, { pendingToken, code: '123456' }, OFFICE)).toMatchObject({
        reason: 'wrong_code',
      });
      const claimant = { pendingToken, signedIn: null };
      expect(await house.signIn(house.newAuthenticator(), {}, 'second_step', claimant)).toMatchObject({ ok: false });
      expect(await house.signIn(authenticator, {}, 'second_step', claimant)).toMatchObject({ ok: true });
      expect(await readSecondStep(house, pendingToken)).toBeNull();
      expect(await house.signIn(authenticator, {}, 'second_step', claimant)).toMatchObject({ reason: 'expired' });
    });

    test('a recovery code takes its place, once', async () => {
      const { recoveryCodes } = await withStep();
      const [code = ''] = recoveryCodes;
      const attempt = async () => completeSignIn(house, { pendingToken: await house.pendingToken(), code }, OFFICE);
      expect(await attempt()).toMatchObject({ ok: true });
      expect(await attempt()).toMatchObject({ ok: false, reason: 'wrong_code' });
    });

    test('needs a passkey and a confirmed address, and is turned on once', async () => {
      const ada = await house.person();
      expect(await turnOnPasskeyStep(house, ada.actor, OFFICE)).toEqual({ ok: false, reason: 'no_passkey' });
      await house.register(ada, house.newAuthenticator());
      const unverified = { ...ada.actor, emailVerified: false };
      expect(await turnOnPasskeyStep(house, unverified, OFFICE)).toEqual({ ok: false, reason: 'email_not_verified' });
      const results = await Promise.all([1, 2, 3].map(() => turnOnPasskeyStep(house, ada.actor, OFFICE)));
      expect(results.filter(({ ok }) => ok)).toHaveLength(1);
      expect(await house.secondFactors.countRecoveryCodes(ada.accountId)).toBe(10);
      expect(await auditOf(house, 'account.second_factor_added')).toHaveLength(1);
      const told = (await queuedKinds(house)).filter((kind) => kind === 'mail.second_factor_changed');
      expect(told).toHaveLength(1);
    });

    test('keeps the last passkey, also against its removal at the same moment', async () => {
      const { session, passkeyId } = await withStep();
      const needed = { ok: false, reason: 'second_step' };
      expect(await removePasskey(house, session, passkeyId, OFFICE)).toEqual(needed);
      const second = await house.register(session, house.newAuthenticator());
      if (!second.ok || !('passkey' in second)) throw new Error('no second passkey');
      const ids = [passkeyId, second.passkey.id];
      const removed = await Promise.all(ids.map((id) => removePasskey(house, session, id, OFFICE)));
      expect(removed.filter(({ ok }) => ok)).toHaveLength(1);
      const { accountId } = session.actor;
      const [left] = await house.passkeys.list(accountId);
      await turnOffSecondFactor(house, session.actor, proof, OFFICE);
      const [on, gone] = await Promise.all([
        turnOnPasskeyStep(house, session.actor, OFFICE),
        removePasskey(house, session, left?.id ?? '', OFFICE),
      ]);
      expect([on.ok, gone.ok].filter(Boolean)).toHaveLength(1);
      expect(await statusOf(accountId)).toBe(on.ok ? 'passkey' : null);
    });

    test('is turned off with the password, and recovery codes go with it', async () => {
      const { session } = await withStep();
      const { actor } = session;
      const wrong = { currentPassword: 'not the password of ada', code: null };
      expect(await turnOffSecondFactor(house, actor, wrong, OFFICE)).toMatchObject({ reason: 'wrong_credentials' });
      expect(await turnOffSecondFactor(house, actor, proof, OFFICE)).toMatchObject({ ok: true });
      expect(await statusOf(actor.accountId)).toBeNull();
      expect(await house.secondFactors.countRecoveryCodes(actor.accountId)).toBe(0);
      expect(await signIn(house, ADA, OFFICE)).toMatchObject({ ok: true });
    });

    test('an app takes its place, with recovery codes of its own', async () => {
      const { session, recoveryCodes } = await withStep();
      const { actor } = session;
      await prepareSecondFactor(house, actor);
      const setup = await readTotpSetup(house, actor);
      const code = new TOTP({ secret: setup?.setupKey ?? '' }).generate({ timestamp: house.clock.now });
      expect(await turnOnSecondFactor(house, actor, code, OFFICE)).toMatchObject({ ok: true });
      expect(await statusOf(actor.accountId)).toBe('app');
      expect(await house.secondFactors.countRecoveryCodes(actor.accountId)).toBe(10);
      const [old = ''] = recoveryCodes;
      const attempt = completeSignIn(house, { pendingToken: await house.pendingToken(), code: old }, OFFICE);
      expect(await attempt).toMatchObject({ reason: 'wrong_code' });
      expect(await turnOffSecondFactor(house, actor, proof, OFFICE)).toMatchObject({ reason: 'wrong_code' });
    });
  });

  describe('who has to have a second step', () => {
    const mustAdd = async (token: string, secondStepFor: SecondStepFor) =>
      (await findSession({ ...house, secondStepFor }, token))?.mustAddSecondStep;

    test.each<[SecondStepFor, 'developer' | 'owner', boolean]>([
      ['nobody', 'owner', false],
      ['owners', 'developer', false],
      ['owners', 'owner', true],
      ['everybody', 'developer', true],
    ])('of %s: a %s whose password opens the account alone: %s', async (secondStepFor, role, expected) => {
      const { accountId, token } = await house.person();
      await house.db.updateTable('account').set({ role }).where('id', '=', accountId).execute();
      expect(await mustAdd(token, secondStepFor)).toBe(expected);
    });

    test('has one with an app, with a passkey after the password, and with passkeys alone', async () => {
      const { session, authenticator } = await withStep();
      const begun = await house.signIn(authenticator);
      expect(await mustAdd(begun.ok && 'sessionToken' in begun ? begun.sessionToken : '', 'everybody')).toBe(false);
      await turnOffSecondFactor(house, session.actor, proof, OFFICE);
      const ada = await house.signIn(authenticator);
      const token = ada.ok && 'sessionToken' in ada ? ada.sessionToken : '';
      expect(await mustAdd(token, 'everybody')).toBe(true);
      // As of an account that never had a password.
      await house.db.updateTable('account').set({ password_hash: NO_PASSWORD_HASH }).execute();
      expect(await mustAdd(token, 'everybody')).toBe(false);
    });
  });
});
