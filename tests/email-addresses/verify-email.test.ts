import { afterEach, beforeEach, expect, test } from 'vitest';

import { peekFirstOwner } from '../../src/accounts/peek-first-owner.ts';
import { peekLink } from '../../src/email-addresses/peek-link.ts';
import { resendVerification } from '../../src/email-addresses/resend-verification.ts';
import { verificationMail } from '../../src/email-addresses/verification-mail.ts';
import { verifyEmail } from '../../src/email-addresses/verify-email.ts';
import { forEachDialect } from '../support/databases.ts';
import { ADA, GRACE, MINUTE_MS, type Parts, mailedToken, openParts, signedIn, signedUp } from '../accounts/parts.ts';

const REFUSED = { ok: false, reason: 'invalid_or_expired' };

forEachDialect((dialect) => {
  let parts: Parts;
  let accountId: string;
  beforeEach(async () => {
    parts = await openParts(dialect);
    accountId = await signedUp(parts);
  });
  afterEach(() => parts.close());

  const actor = async (person = ADA) => (await signedIn(parts, person)).actor;
  const follow = async (token: string) => verifyEmail(parts, await actor(), token);
  const peek = async (token: string) => peekLink(parts, 'verify_email', await actor(), token);

  test('the mail is plain, goes to the account and links to the public address', async () => {
    const mail = await verificationMail(parts, { accountId });
    expect(mail?.to).toBe(ADA.email);
    expect(mail?.text).toMatch(/\nhttps:\/\/developers\.example\.com\/verify-email\?token=[\w-]{43}\n/);
    expect(mail?.text).toContain('for 10 minutes');
  });

  test('the link verifies the address, once', async () => {
    const token = await mailedToken(parts, accountId);
    expect(await follow(token)).toEqual({ ok: true, email: ADA.email });
    expect(await follow(token)).toEqual(REFUSED);
    expect(await actor()).toMatchObject({ emailVerified: true });
    const audit = await parts.db
      .selectFrom('audit_entry')
      .select('subject')
      .where('action', '=', 'account.verified')
      .execute();
    expect(audit).toEqual([{ subject: accountId }]);
  });

  test('of fifty who follow the link at once exactly one succeeds', async () => {
    const token = await mailedToken(parts, accountId);
    const ada = await actor();
    const results = await Promise.all(Array.from({ length: 50 }, () => verifyEmail(parts, ada, token)));
    expect(results.filter((result) => result.ok)).toHaveLength(1);
  });

  test('looking at the link, as mail scanners do, does not use it up', async () => {
    const token = await mailedToken(parts, accountId);
    for (let look = 0; look < 3; look += 1) expect(await peek(token)).toBe('own');
    expect(await follow(token)).toMatchObject({ ok: true });
    expect(await peek(token)).toBe('invalid_or_expired');
  });

  test('it ends ten minutes after the mail was sent', async () => {
    const token = await mailedToken(parts, accountId);
    parts.clock.now += 10 * MINUTE_MS - 1;
    expect(await peek(token)).toBe('own');
    parts.clock.now += 1;
    expect(await peek(token)).toBe('invalid_or_expired');
    expect(await follow(token)).toEqual(REFUSED);
  });

  test('a new mail ends the link of the old one', async () => {
    const old = await mailedToken(parts, accountId);
    const fresh = await mailedToken(parts, accountId);
    expect(await follow(old)).toEqual(REFUSED);
    expect(await follow(fresh)).toMatchObject({ ok: true });
  });

  test('asking again ends the old link at once and queues one mail, at most one a minute', async () => {
    const old = await mailedToken(parts, accountId);
    const ada = await actor();
    await resendVerification(parts, ada);
    expect(await peek(old)).toBe('own');
    parts.clock.now += MINUTE_MS;
    await Promise.all([resendVerification(parts, ada), resendVerification(parts, ada)]);
    expect(await peek(old)).toBe('invalid_or_expired');
    const queued = await parts.db.selectFrom('outbox').select('kind').execute();
    expect(queued.map((row) => row.kind)).toEqual(['mail.verify_email', 'mail.verify_email']);
  });

  test('who is verified gets no further mail', async () => {
    await follow(await mailedToken(parts, accountId));
    parts.clock.now += MINUTE_MS;
    await resendVerification(parts, await actor());
    expect(await parts.db.selectFrom('outbox').selectAll().execute()).toHaveLength(1);
    expect(await verificationMail(parts, { accountId })).toBeNull();
  });

  test('the link opens nothing else, and what is stored opens nothing at all', async () => {
    const token = await mailedToken(parts, accountId);
    expect(await peekFirstOwner(parts, token)).toEqual({ valid: false });
    const stored = await parts.db.selectFrom('one_time_token').selectAll().execute();
    const outbox = await parts.db.selectFrom('outbox').selectAll().execute();
    expect(JSON.stringify([stored, outbox])).not.toContain(token);
    expect(await follow(stored[0]?.token_hash ?? '')).toEqual(REFUSED);
  });

  test('A9: who signs up with the address of somebody else never owns what that person confirms', async () => {
    const token = await mailedToken(parts, accountId);
    await signedUp(parts, GRACE);
    expect(await peekLink(parts, 'verify_email', null, token)).toBe('sign_in_first');
    expect(await peekLink(parts, 'verify_email', await actor(GRACE), token)).toBe('other_account');
    expect(await verifyEmail(parts, await actor(GRACE), token)).toEqual(REFUSED);
    expect(await actor(GRACE)).toMatchObject({ emailVerified: false });
    expect(await actor()).toMatchObject({ emailVerified: false });
    // Nor did trying use the link up.
    expect(await follow(token)).toMatchObject({ ok: true });
  });

  test('A9: an address that was changed meanwhile is not confirmed by the link to the old one', async () => {
    const token = await mailedToken(parts, accountId);
    const ada = await actor();
    await parts.db.updateTable('account').set({ email: 'new@example.com' }).where('id', '=', accountId).execute();
    expect(await peekLink(parts, 'verify_email', ada, token)).toBe('invalid_or_expired');
    expect(await verifyEmail(parts, ada, token)).toEqual(REFUSED);
  });
});
