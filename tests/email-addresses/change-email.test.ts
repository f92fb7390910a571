import { afterEach, beforeEach, expect, test } from 'vitest';

import { changePassword } from '../../src/passwords/change-password.ts';
import { confirmEmail } from '../../src/email-addresses/confirm-email.ts';
import {
  confirmNewEmailMail,
  emailChangeRequestedMail,
  emailChangedMail,
} from '../../src/email-addresses/email-change-mail.ts';
import { findSession } from '../../src/sessions/find-session.ts';
import { resetPasswordMail } from '../../src/passwords/password-mail.ts';
import { peekLink } from '../../src/email-addresses/peek-link.ts';
import { peekPasswordReset } from '../../src/passwords/peek-password-reset.ts';
import { requestEmailChange } from '../../src/email-addresses/request-email-change.ts';
import { signIn } from '../../src/sign-in/sign-in.ts';
import { forEachDialect } from '../support/databases.ts';
import {
  ADA,
  GRACE,
  MINUTE_MS,
  OFFICE,
  type Parts,
  auditOf,
  linkToken,
  openParts,
  queuedKinds,
  signedIn,
  signedUp,
} from '../accounts/parts.ts';

const NEW_EMAIL = 'ada@new.example';
const wanted = { email: NEW_EMAIL, currentPassword: ADA.password };
const REFUSED = { ok: false, reason: 'invalid_or_expired' };

forEachDialect((dialect) => {
  let parts: Parts;
  let accountId: string;
  let ada: Awaited<ReturnType<typeof signedIn>>;
  beforeEach(async () => {
    parts = await openParts(dialect);
    accountId = await signedUp(parts);
    await parts.db.deleteFrom('outbox').execute();
    ada = await signedIn(parts);
  });
  afterEach(() => parts.close());

  const request = (change = wanted) => requestEmailChange(parts, ada.actor, change, OFFICE);
  const newToken = async () => linkToken(await confirmNewEmailMail(parts, { accountId }));
  const email = async () => (await parts.accounts.find(accountId))?.email;

  test('nothing changes before the new address is confirmed, and both addresses are told', async () => {
    expect(await request()).toEqual({ ok: true });
    expect(await email()).toBe(ADA.email);
    expect(await queuedKinds(parts)).toEqual(['mail.email_change_requested', 'mail.confirm_new_email']);
    const told = { accountId, address: OFFICE.address, atMs: parts.clock.now };
    expect(await emailChangeRequestedMail(parts, told)).toMatchObject({ to: ADA.email });
    const mail = await confirmNewEmailMail(parts, { accountId });
    expect(mail?.to).toBe(NEW_EMAIL);
    expect(mail?.text).toMatch(/\nhttps:\/\/developers\.example\.com\/account\/email\/confirm\?token=[\w-]{43}\n/);
  });

  test('A5, A6: the link changes the address once, ends every session, and both addresses are told', async () => {
    const elsewhere = await signedIn(parts);
    await request();
    const token = await newToken();
    expect(await peekLink(parts, 'change_email', ada.actor, token)).toBe('own');
    const result = await confirmEmail(parts, ada.actor, token, OFFICE);
    if (!result.ok) throw new Error(result.reason);
    expect(await confirmEmail(parts, ada.actor, token, OFFICE)).toEqual(REFUSED);
    expect([await findSession(parts, ada.token), await findSession(parts, elsewhere.token)]).toEqual([null, null]);
    const session = await findSession(parts, result.sessionToken);
    expect(session?.actor).toMatchObject({ accountId, email: NEW_EMAIL, emailVerified: true });
    expect(await signIn(parts, { ...ADA, email: NEW_EMAIL }, OFFICE)).toMatchObject({ ok: true });
    expect(await signIn(parts, ADA, OFFICE)).toMatchObject({ ok: false });
    const told = await parts.db
      .selectFrom('outbox')
      .select('payload')
      .where('kind', '=', 'mail.email_changed')
      .execute();
    const mails = told.map(({ payload }) =>
      emailChangedMail(parts, JSON.parse(payload) as Parameters<typeof emailChangedMail>[1]),
    );
    expect(mails.map(({ to }) => to).sort()).toEqual([ADA.email, NEW_EMAIL]);
    expect(await auditOf(parts, 'account.email_changed')).toMatchObject([{ actor: accountId }]);
  });

  test('A9: of fifty who follow the link at once exactly one succeeds', async () => {
    await request();
    const token = await newToken();
    const results = await Promise.all(Array.from({ length: 50 }, () => confirmEmail(parts, ada.actor, token, OFFICE)));
    expect(results.filter((result) => result.ok)).toHaveLength(1);
  });

  test('A9: only a session of the account can use the link: an address confirmed by its owner goes to no stranger', async () => {
    await signedUp(parts, GRACE);
    const grace = await signedIn(parts, GRACE);
    await request();
    const token = await newToken();
    expect(await peekLink(parts, 'change_email', null, token)).toBe('sign_in_first');
    expect(await peekLink(parts, 'change_email', grace.actor, token)).toBe('other_account');
    expect(await confirmEmail(parts, grace.actor, token, OFFICE)).toEqual(REFUSED);
    expect(await confirmEmail(parts, ada.actor, token, OFFICE)).toMatchObject({ ok: true });
  });

  test('A9: the link ends after ten minutes, with a newer request, and with a new password', async () => {
    await request();
    const late = await newToken();
    parts.clock.now += 10 * MINUTE_MS;
    expect(await confirmEmail(parts, ada.actor, late, OFFICE)).toEqual(REFUSED);
    const former = await newToken();
    await request({ ...wanted, email: 'other@new.example' });
    expect(await confirmEmail(parts, ada.actor, former, OFFICE)).toEqual(REFUSED);
    const token = await newToken();
    const change = { currentPassword: ADA.password, password: 'fourteen silver teapots' };
    await changePassword(parts, ada.actor, change, OFFICE);
    expect(await peekLink(parts, 'change_email', ada.actor, token)).toBe('invalid_or_expired');
    expect(await confirmEmail(parts, ada.actor, token, OFFICE)).toEqual(REFUSED);
    expect(await email()).toBe(ADA.email);
  });

  test('A9: a changed address ends a link for a new password that went to the former one', async () => {
    const reset = linkToken(await resetPasswordMail(parts, { email: ADA.email }));
    await request();
    await confirmEmail(parts, ada.actor, await newToken(), OFFICE);
    expect(await peekPasswordReset(parts, reset)).toBeNull();
  });

  test('A7: an address that has an account gets the same answer, and only its mailbox learns it', async () => {
    await signedUp(parts, GRACE);
    expect(await request({ ...wanted, email: GRACE.email })).toEqual({ ok: true });
    const mail = await confirmNewEmailMail(parts, { accountId });
    expect(mail).toMatchObject({ to: GRACE.email, subject: 'This address has an account already' });
    expect(mail?.text).not.toContain('token=');
  });

  test('an address that somebody took meanwhile is not taken away, and the link stays as it was', async () => {
    await request();
    const token = await newToken();
    await signedUp(parts, { ...GRACE, email: NEW_EMAIL });
    expect(await confirmEmail(parts, ada.actor, token, OFFICE)).toEqual({ ok: false, reason: 'email_taken' });
    expect(await email()).toBe(ADA.email);
    expect(await findSession(parts, ada.token)).not.toBeNull();
  });

  test('the password is asked for, the address must be another one', async () => {
    expect(await request({ ...wanted, currentPassword: 'a wrong one' })).toMatchObject({ reason: 'wrong_credentials' });
    expect(await request({ ...wanted, email: 'ADA@example.com' })).toEqual({ ok: false, reason: 'same_email' });
    expect(await queuedKinds(parts)).toEqual([]);
  });

  test('A30: five changes at once and one an hour, so that nobody mails strangers through it', async () => {
    const results = [];
    for (let attempt = 0; attempt < 7; attempt += 1)
      results.push(await request({ ...wanted, email: `stranger-${attempt}@example.org` }));
    expect(results.filter((result) => result.ok)).toHaveLength(5);
    expect(results[6]).toEqual({ ok: false, reason: 'too_many_requests', retryAfterSeconds: 3600 });
  });
});
