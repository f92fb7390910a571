import { afterEach, beforeEach, expect, test } from 'vitest';

import { findSession } from '../../src/sessions/find-session.ts';
import { passwordChangedMail, resetPasswordMail } from '../../src/passwords/password-mail.ts';
import { peekPasswordReset } from '../../src/passwords/peek-password-reset.ts';
import { requestPasswordReset } from '../../src/passwords/request-password-reset.ts';
import { resetPassword } from '../../src/passwords/reset-password.ts';
import { signIn } from '../../src/sign-in/sign-in.ts';
import { verifyEmail } from '../../src/email-addresses/verify-email.ts';
import { forEachDialect } from '../support/databases.ts';
import {
  ADA,
  GRACE,
  MINUTE_MS,
  OFFICE,
  type Parts,
  auditOf,
  linkToken,
  mailedToken,
  openParts,
  queuedKinds,
  signedIn,
  signedUp,
} from '../accounts/parts.ts';

const REFUSED = { ok: false, reason: 'invalid_or_expired' };
const NEW = { ...ADA, password: 'fourteen silver teapots' };
const from = (number: number) => ({ ...OFFICE, address: `203.0.113.${number}` });

forEachDialect((dialect) => {
  let parts: Parts;
  let accountId: string;
  beforeEach(async () => {
    parts = await openParts(dialect);
    accountId = await signedUp(parts);
    await parts.db.updateTable('account').set({ email_verified_at_ms: 1 }).where('id', '=', accountId).execute();
    await parts.db.deleteFrom('outbox').execute();
  });
  afterEach(() => parts.close());

  const resetToken = async (email = ADA.email) => linkToken(await resetPasswordMail(parts, { email }));
  const reset = (token: string, password = NEW.password) => resetPassword(parts, { token, password }, OFFICE);

  test('A9: the link changes the password once, tells by mail, and signs nobody in', async () => {
    const token = await resetToken();
    expect(await reset(token)).toEqual({ ok: true, accountId, wasVerified: true });
    expect(await reset(token)).toEqual(REFUSED);
    expect(await parts.db.selectFrom('session').selectAll().execute()).toEqual([]);
    expect(await signIn(parts, ADA, OFFICE)).toMatchObject({ ok: false });
    expect(await signIn(parts, NEW, OFFICE)).toMatchObject({ ok: true });
    expect(await queuedKinds(parts)).toEqual(['mail.password_changed']);
    expect(await auditOf(parts, 'account.password_reset')).toMatchObject([
      { actor: accountId, subject: accountId, details: { address: OFFICE.address } },
    ]);
    const notice = await passwordChangedMail(parts, { accountId, address: OFFICE.address, atMs: parts.clock.now });
    expect(notice?.to).toBe(ADA.email);
    expect(notice?.text).toContain('1 March 2026 at 12:00 UTC, from the address 203.0.113.7');
  });

  test('A9: of fifty who follow the link at once exactly one succeeds', async () => {
    const token = await resetToken();
    // Enough places for all, so that only the row decides.
    const hasher = { ...parts.hasher, hash: (password: string) => Promise.resolve(`hash of ${password}`) };
    const passwords = Array.from({ length: 50 }, (_, index) => `a fresh sentence, number ${index}`);
    const results = await Promise.all(
      passwords.map((password) => resetPassword({ ...parts, hasher }, { token, password }, OFFICE)),
    );
    expect(results.filter((result) => result.ok)).toHaveLength(1);
    expect(results.filter((result) => !result.ok && result.reason === 'invalid_or_expired')).toHaveLength(49);
    const winner = passwords[results.findIndex((result) => result.ok)] ?? '';
    const { password_hash: stored } = await parts.db
      .selectFrom('account')
      .select('password_hash')
      .executeTakeFirstOrThrow();
    expect(stored).toBe(`hash of ${winner}`);
  });

  test('A9: looking at the link, as mail scanners do, does not use it up', async () => {
    const token = await resetToken();
    for (let look = 0; look < 3; look += 1) {
      expect(await peekPasswordReset(parts, token)).toEqual({ email: ADA.email, minLength: 15 });
    }
    expect(await reset(token)).toMatchObject({ ok: true });
    expect(await peekPasswordReset(parts, token)).toBeNull();
  });

  test('A9: it ends ten minutes after the mail was sent, and with a newer mail', async () => {
    const token = await resetToken();
    parts.clock.now += 10 * MINUTE_MS - 1;
    expect(await peekPasswordReset(parts, token)).not.toBeNull();
    parts.clock.now += 1;
    expect(await peekPasswordReset(parts, token)).toBeNull();
    expect(await reset(token)).toEqual(REFUSED);
    const old = await resetToken();
    const fresh = await resetToken();
    expect(await reset(old)).toEqual(REFUSED);
    expect(await reset(fresh)).toMatchObject({ ok: true });
  });

  test('A9: it is bound to its purpose, its account and its address', async () => {
    const token = await resetToken();
    const { actor } = await signedIn(parts);
    expect(await verifyEmail(parts, actor, token)).toEqual(REFUSED);
    expect(await reset(await mailedTokenOfUnverified())).toEqual(REFUSED);
    await parts.db
      .updateTable('account')
      .set({ email: 'new@example.com', email_normalized: 'new@example.com' })
      .where('id', '=', accountId)
      .execute();
    expect(await peekPasswordReset(parts, token)).toBeNull();
    expect(await reset(token)).toEqual(REFUSED);
  });

  async function mailedTokenOfUnverified(): Promise<string> {
    return mailedToken(parts, await signedUp(parts, GRACE));
  }

  test('A9: every session of the account ends, nobody else’s', async () => {
    await signedUp(parts, GRACE);
    const [here, there, grace] = [await signedIn(parts), await signedIn(parts), await signedIn(parts, GRACE)];
    await reset(await resetToken());
    expect([await findSession(parts, here.token), await findSession(parts, there.token)]).toEqual([null, null]);
    expect(await findSession(parts, grace.token)).not.toBeNull();
  });

  test('A9: a refused password leaves the link good', async () => {
    const token = await resetToken();
    expect(await reset(token, 'too short')).toEqual({ ok: false, reason: 'password_too_short', minLength: 15 });
    expect(await reset(token, 'aaaaaaaaaaaaaaaaaaa')).toMatchObject({ reason: 'password_too_common' });
    expect(await reset(token)).toMatchObject({ ok: true });
  });

  test('A9: a link of the mail leads to the public address, and neither queue nor database nor audit log holds it', async () => {
    await requestPasswordReset(parts, ADA.email, OFFICE);
    const mail = await resetPasswordMail(parts, { email: ADA.email });
    expect(mail?.text).toMatch(/\nhttps:\/\/developers\.example\.com\/password-reset\/choose\?token=[\w-]{43}\n/);
    const stored = [];
    for (const table of ['one_time_token', 'outbox', 'audit_entry', 'allowance'] as const)
      stored.push(await parts.db.selectFrom(table).selectAll().execute());
    expect(JSON.stringify(stored)).not.toContain(linkToken(mail));
  });

  test('A7: a known and an unknown address leave the same behind, and only the known one gets a mail', async () => {
    const left = async (email: string) => {
      const result = await requestPasswordReset(parts, email, OFFICE);
      const outbox = await parts.db.selectFrom('outbox').select(['kind', 'payload']).execute();
      const audit = await parts.db.selectFrom('audit_entry').select('sequence').execute();
      const allowances = await parts.db.selectFrom('allowance').select('subject').execute();
      await parts.db.deleteFrom('outbox').execute();
      await parts.db.deleteFrom('allowance').where('subject', 'like', 'mail:%').execute();
      return { result, outbox, audit: audit.length, allowances: allowances.length };
    };
    const known = await left('ADA@Example.com');
    const unknown = await left('nobody@example.com');
    expect(known.result).toEqual({ ok: true });
    expect(known.outbox).toEqual([{ kind: 'mail.reset_password', payload: '{"email":"ada@example.com"}' }]);
    expect(unknown).toEqual({
      ...known,
      outbox: [{ kind: 'mail.reset_password', payload: '{"email":"nobody@example.com"}' }],
    });
    expect(await resetPasswordMail(parts, { email: 'nobody@example.com' })).toBeNull();
    await parts.db.updateTable('account').set({ suspended_at_ms: 1 }).execute();
    expect(await resetPasswordMail(parts, { email: ADA.email })).toBeNull();
  });

  test('A30: one address is mailed three times at once, then once in ten minutes, however many ask, and asking too often is not told', async () => {
    const asks = Array.from({ length: 50 }, (_, index) => requestPasswordReset(parts, ADA.email, from(index)));
    expect((await Promise.all(asks)).every((result) => result.ok)).toBe(true);
    expect(await queuedKinds(parts)).toHaveLength(3);
    parts.clock.now += 10 * MINUTE_MS;
    for (let ask = 0; ask < 3; ask += 1) await requestPasswordReset(parts, ADA.email, from(100 + ask));
    expect(await queuedKinds(parts)).toHaveLength(4);
  });

  test('A30: one network asks twenty times at once, for whatever addresses, and is told when to come again', async () => {
    const asks = Array.from({ length: 50 }, (_, index) =>
      requestPasswordReset(parts, `person-${index}@example.com`, OFFICE),
    );
    const results = await Promise.all(asks);
    expect(results.filter((result) => result.ok)).toHaveLength(20);
    const wait = { ok: false, reason: 'too_many_requests', retryAfterSeconds: 180 };
    expect(results.filter((result) => !result.ok)).toEqual(Array(30).fill(wait));
  });

  test('A8: whoever is locked out by others gets in again with the link', async () => {
    for (let attempt = 0; attempt < 8; attempt += 1) {
      await signIn(parts, { ...ADA, password: 'a wrong one' }, from(attempt));
      parts.clock.now += 1000;
    }
    expect(await signIn(parts, ADA, OFFICE)).toMatchObject({ reason: 'too_many_attempts' });
    await reset(await resetToken());
    expect(await signIn(parts, NEW, OFFICE)).toMatchObject({ ok: true });
  });

  test('A9: who never confirmed the address loses the account to who proves to own it', async () => {
    await signedUp(parts, GRACE);
    const stranger = await signedIn(parts, GRACE);
    const result = await reset(await resetToken(GRACE.email));
    expect(result).toMatchObject({ ok: true, wasVerified: false });
    expect(await findSession(parts, stranger.token)).toBeNull();
    expect(await signIn(parts, GRACE, OFFICE)).toMatchObject({ ok: false });
    const { actor } = await signedIn(parts, { ...GRACE, password: NEW.password });
    expect(actor).toMatchObject({ accountId: stranger.actor.accountId, emailVerified: true });
  });
});
