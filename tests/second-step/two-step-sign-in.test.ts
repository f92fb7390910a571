import { TOTP } from 'otpauth';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { changePassword } from '../../src/passwords/change-password.ts';
import { completeSignIn } from '../../src/sign-in/complete-sign-in.ts';
import { findSession } from '../../src/sessions/find-session.ts';
import { resetPasswordMail } from '../../src/passwords/password-mail.ts';
import { prepareSecondFactor } from '../../src/second-step/prepare-second-factor.ts';
import { readAccountOverview } from '../../src/accounts/read-account-overview.ts';
import { readTotpSetup } from '../../src/second-step/read-totp-setup.ts';
import { resetPassword } from '../../src/passwords/reset-password.ts';
import { signIn } from '../../src/sign-in/sign-in.ts';
import { turnOffSecondFactor } from '../../src/second-step/turn-off-second-factor.ts';
import { turnOnSecondFactor } from '../../src/second-step/turn-on-second-factor.ts';
import { forEachDialect } from '../support/databases.ts';
import {
  ADA,
  MINUTE_MS,
  OFFICE,
  type Parts,
  auditOf,
  linkToken,
  openParts,
  signedIn,
  signedUp,
} from '../accounts/parts.ts';

const WRONG_CODE = { ok: false, reason: 'wrong_code' };

forEachDialect((dialect) => {
  let parts: Parts;
  let accountId: string;
  beforeEach(async () => {
    parts = await openParts(dialect);
    accountId = await signedUp(parts);
    await parts.db.updateTable('account').set({ email_verified_at_ms: 1 }).where('id', '=', accountId).execute();
  });
  afterEach(() => parts.close());

  /** The authenticator app of Ada, who has turned the second factor on and is signed in. */
  async function withSecondFactor() {
    const first = await signedIn(parts);
    await prepareSecondFactor(parts, first.actor);
    const setup = await readTotpSetup(parts, first.actor);
    const app = new TOTP({ secret: setup?.setupKey ?? '' });
    const codeAt = (atMs: number) => app.generate({ timestamp: atMs });
    const result = await turnOnSecondFactor(parts, first.actor, codeAt(parts.clock.now), OFFICE);
    if (!result.ok) throw new Error(result.reason);
    const session = await findSession(parts, result.sessionToken);
    if (!session) throw new Error('not signed in');
    parts.clock.now += MINUTE_MS;
    return { first, codeAt, codeNow: () => codeAt(parts.clock.now), recoveryCodes: result.recoveryCodes, ...session };
  }

  async function pendingToken(person = ADA): Promise<string> {
    const result = await signIn(parts, person, OFFICE);
    if (result.ok || result.reason !== 'second_factor') throw new Error('no second step');
    return result.pendingToken;
  }
  const complete = async (code: string, token?: string) =>
    completeSignIn(parts, { pendingToken: token ?? (await pendingToken()), code }, OFFICE);

  test('A10: it is on once a code of the app was typed in; every session ends, and the codes to recover are new', async () => {
    const { first, actor, sessionId, recoveryCodes } = await withSecondFactor();
    expect(await findSession(parts, first.token)).toBeNull();
    const overview = await readAccountOverview(parts, { actor, sessionId });
    expect(overview).toMatchObject({ secondStep: 'app', recoveryCodesLeft: 10 });
    expect(recoveryCodes).toHaveLength(10);
    // Never shown again, and not replaced while it is on.
    expect(await readTotpSetup(parts, actor)).toBeNull();
    expect(await prepareSecondFactor(parts, actor)).toEqual({ ok: false, reason: 'already_on' });
    expect(await auditOf(parts, 'account.second_factor_added')).toMatchObject([{ actor: accountId }]);
  });

  test('A10: a wrong code does not turn it on, a new start has a new secret, and a start is good for a quarter of an hour', async () => {
    const { actor } = await signedIn(parts);
    expect(await turnOnSecondFactor(parts, actor, '123456', OFFICE)).toEqual({ ok: false, reason: 'not_prepared' });
    await prepareSecondFactor(parts, actor);
    const setup = await readTotpSetup(parts, actor);
    await prepareSecondFactor(parts, actor);
    expect(await readTotpSetup(parts, actor)).not.toEqual(setup);
    const former = new TOTP({ secret: setup?.setupKey ?? '' }).generate({ timestamp: parts.clock.now });
    expect(await turnOnSecondFactor(parts, actor, former, OFFICE)).toEqual(WRONG_CODE);
    expect(await signIn(parts, ADA, OFFICE)).toMatchObject({ ok: true });
    parts.clock.now += 15 * MINUTE_MS;
    expect(await readTotpSetup(parts, actor)).toBeNull();
    await parts.db.updateTable('account').set({ email_verified_at_ms: null }).execute();
    const { actor: unverified } = await signedIn(parts);
    expect(await prepareSecondFactor(parts, unverified)).toEqual({ ok: false, reason: 'email_not_verified' });
  });

  test('A6, A10: the password gives no session but a pending sign-in, which opens nothing else, and the code completes it', async () => {
    const { codeNow } = await withSecondFactor();
    const before = await parts.db.selectFrom('session').select('id').execute();
    const token = await pendingToken();
    expect(await parts.db.selectFrom('session').select('id').execute()).toEqual(before);
    expect(await findSession(parts, token)).toBeNull();
    const result = await complete(codeNow(), token);
    if (!result.ok) throw new Error(result.reason);
    expect(result.sessionToken).not.toBe(token);
    expect(await findSession(parts, result.sessionToken)).toMatchObject({ actor: { accountId } });
    expect(await complete(codeNow(), token)).toEqual({ ok: false, reason: 'expired' });
    const stored = await parts.db.selectFrom('pending_sign_in').selectAll().execute();
    expect(stored).toEqual([]);
  });

  test('A10: a pending sign-in ends after five minutes, and with a new password', async () => {
    const { codeNow, actor } = await withSecondFactor();
    const token = await pendingToken();
    parts.clock.now += 5 * MINUTE_MS;
    expect(await complete(codeNow(), token)).toEqual({ ok: false, reason: 'expired' });
    const next = await pendingToken();
    const change = { currentPassword: ADA.password, password: 'fourteen silver teapots' };
    await changePassword(parts, actor, change, OFFICE);
    expect(await complete(codeNow(), next)).toEqual({ ok: false, reason: 'expired' });
    expect(await complete(codeNow(), 'made up')).toEqual({ ok: false, reason: 'expired' });
  });

  test('A10: a code is good once, also beside its half minute and for fifty at once', async () => {
    const { codeAt, codeNow } = await withSecondFactor();
    const tokens = [];
    for (let sign = 0; sign < 50; sign += 1) tokens.push(await pendingToken());
    const code = codeNow();
    const results = await Promise.all(tokens.map((token) => complete(code, token)));
    expect(results.filter((result) => result.ok)).toHaveLength(1);
    // A right code that was used before counts as a wrong one; the counter is emptied to look at the codes alone.
    await parts.db.deleteFrom('sign_in_failure').execute();
    expect(await complete(codeAt(parts.clock.now - 30_000))).toEqual(WRONG_CODE);
    parts.clock.now += 30_000;
    expect(await complete(code)).toEqual(WRONG_CODE);
    expect(await complete(codeNow())).toMatchObject({ ok: true });
    parts.clock.now -= 30_000;
    expect(await complete(codeNow())).toEqual(WRONG_CODE);
  });

  test('A10, CVE-2025-6015: five wrong codes and then none is looked at for ten minutes, also of fifty at once, apart from passwords', async () => {
    const { codeNow } = await withSecondFactor();
    const token = await pendingToken();
    const results = await Promise.all(Array.from({ length: 50 }, () => complete('000000', token)));
    const reasons = results.map((result) => (result.ok ? 'ok' : result.reason));
    expect(reasons.filter((reason) => reason === 'wrong_code')).toHaveLength(5);
    expect(reasons.filter((reason) => reason === 'too_many_attempts')).toHaveLength(45);
    const counted = parts.db.selectFrom('sign_in_failure').select('failures');
    const second = await counted.where('subject', '=', `second_factor:${accountId}`).execute();
    expect(second).toEqual([{ failures: 5 }]);
    expect(await complete(codeNow())).toEqual({ ok: false, reason: 'too_many_attempts', retryAfterSeconds: 600 });
    parts.clock.now += 10 * MINUTE_MS;
    expect(await complete(codeNow())).toMatchObject({ ok: true });
    expect(await auditOf(parts, 'account.second_factor_failed')).toHaveLength(5);
  });

  test('A10: a recovery code is good once, in any spelling, and for its account only', async () => {
    const { recoveryCodes, actor, sessionId } = await withSecondFactor();
    const [code = '', other = ''] = recoveryCodes;
    const tokens = [await pendingToken(), await pendingToken(), await pendingToken()];
    const results = await Promise.all(tokens.map((token) => complete(code, token)));
    expect(results.filter((result) => result.ok)).toHaveLength(1);
    expect(await complete(other.toLowerCase().replaceAll('-', ' '))).toMatchObject({ ok: true });
    expect(await readAccountOverview(parts, { actor, sessionId })).toMatchObject({ recoveryCodesLeft: 8 });
    const stored = JSON.stringify(await parts.db.selectFrom('recovery_code').selectAll().execute());
    expect(recoveryCodes.filter((one) => stored.includes(one))).toEqual([]);
    expect(await auditOf(parts, 'account.recovery_code_used')).toHaveLength(2);
  });

  test('A9, CVE-2026-18963: a new password by mail does not go past the second factor, and may be shorter beside it', async () => {
    const { codeNow } = await withSecondFactor();
    const token = linkToken(await resetPasswordMail(parts, { email: ADA.email }));
    expect(await resetPassword(parts, { token, password: 'seven77' }, OFFICE)).toMatchObject({ minLength: 8 });
    expect(await resetPassword(parts, { token, password: 'vqjz4mwt' }, OFFICE)).toMatchObject({ ok: true });
    const short = { ...ADA, password: 'vqjz4mwt' };
    expect(await complete(codeNow(), await pendingToken(short))).toMatchObject({ ok: true });
  });

  test('A10: turning it off takes the password and a code, and a password that is good alone', async () => {
    const { actor, codeNow, codeAt } = await withSecondFactor();
    const off = (currentPassword: string, code: string) =>
      turnOffSecondFactor(parts, actor, { currentPassword, code }, OFFICE);
    expect(await off('a wrong password', codeNow())).toMatchObject({ reason: 'wrong_credentials' });
    expect(await off(ADA.password, '000000')).toEqual(WRONG_CODE);
    await changePassword(parts, actor, { currentPassword: ADA.password, password: 'vqjz4mwt' }, OFFICE);
    expect(await off('vqjz4mwt', codeNow())).toEqual({ ok: false, reason: 'password_too_short', minLength: 15 });
    await changePassword(parts, actor, { currentPassword: 'vqjz4mwt', password: ADA.password }, OFFICE);
    expect(await off(ADA.password, codeAt(parts.clock.now))).toMatchObject({ ok: true });
    expect(await signIn(parts, ADA, OFFICE)).toMatchObject({ ok: true });
    expect(await parts.db.selectFrom('recovery_code').selectAll().execute()).toEqual([]);
    expect(await parts.db.selectFrom('totp_factor').selectAll().execute()).toEqual([]);
  });

  test('a suspended account does not get in by its second step', async () => {
    const { codeNow } = await withSecondFactor();
    const token = await pendingToken();
    await parts.db.updateTable('account').set({ suspended_at_ms: 1 }).execute();
    expect(await complete(codeNow(), token)).toEqual({ ok: false, reason: 'expired' });
  });
});
