import { afterEach, beforeEach, expect, test } from 'vitest';

import { findSession } from '../../src/accounts/find-session.ts';
import { peekFirstOwner } from '../../src/accounts/peek-first-owner.ts';
import { peekVerification } from '../../src/accounts/peek-verification.ts';
import { resendVerification } from '../../src/accounts/resend-verification.ts';
import { signIn } from '../../src/accounts/sign-in.ts';
import { verificationMail } from '../../src/accounts/verification-mail.ts';
import { verifyEmail } from '../../src/accounts/verify-email.ts';
import { forEachDialect } from '../support/databases.ts';
import { ADA, MINUTE_MS, OFFICE, type Parts, mailedToken, openParts, signedUp } from './parts.ts';

const REFUSED = { ok: false, reason: 'invalid_or_expired' };

forEachDialect((dialect) => {
  let parts: Parts;
  let accountId: string;
  beforeEach(async () => {
    parts = await openParts(dialect);
    accountId = await signedUp(parts);
  });
  afterEach(() => parts.close());

  async function actor() {
    const result = await signIn(parts, ADA, OFFICE);
    const session = result.ok ? await findSession(parts, result.sessionToken) : null;
    if (!session) throw new Error('not signed in');
    return session.actor;
  }

  test('the mail is plain, goes to the account and links to the public address', async () => {
    const mail = await verificationMail(parts, { accountId });
    expect(mail?.to).toBe(ADA.email);
    expect(mail?.text).toMatch(/\nhttps:\/\/developers\.example\.com\/verify-email\?token=[\w-]{43}\n/);
    expect(mail?.text).toContain('for 10 minutes');
  });

  test('the link verifies the address, once', async () => {
    const token = await mailedToken(parts, accountId);
    expect(await verifyEmail(parts, token)).toEqual({ ok: true, email: ADA.email });
    expect(await verifyEmail(parts, token)).toEqual(REFUSED);
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
    const results = await Promise.all(Array.from({ length: 50 }, () => verifyEmail(parts, token)));
    expect(results.filter((result) => result.ok)).toHaveLength(1);
  });

  test('looking at the link, as mail scanners do, does not use it up', async () => {
    const token = await mailedToken(parts, accountId);
    for (let look = 0; look < 3; look += 1) expect(await peekVerification(parts, token)).toEqual({ valid: true });
    expect(await verifyEmail(parts, token)).toMatchObject({ ok: true });
    expect(await peekVerification(parts, token)).toEqual({ valid: false });
  });

  test('it ends ten minutes after the mail was sent', async () => {
    const token = await mailedToken(parts, accountId);
    parts.clock.now += 10 * MINUTE_MS - 1;
    expect(await peekVerification(parts, token)).toEqual({ valid: true });
    parts.clock.now += 1;
    expect(await peekVerification(parts, token)).toEqual({ valid: false });
    expect(await verifyEmail(parts, token)).toEqual(REFUSED);
  });

  test('a new mail ends the link of the old one', async () => {
    const old = await mailedToken(parts, accountId);
    const fresh = await mailedToken(parts, accountId);
    expect(await verifyEmail(parts, old)).toEqual(REFUSED);
    expect(await verifyEmail(parts, fresh)).toMatchObject({ ok: true });
  });

  test('asking again ends the old link at once and queues one mail, at most one a minute', async () => {
    const old = await mailedToken(parts, accountId);
    const ada = await actor();
    await resendVerification(parts, ada);
    expect(await peekVerification(parts, old)).toEqual({ valid: true });
    parts.clock.now += MINUTE_MS;
    await Promise.all([resendVerification(parts, ada), resendVerification(parts, ada)]);
    expect(await peekVerification(parts, old)).toEqual({ valid: false });
    const queued = await parts.db.selectFrom('outbox').select('kind').execute();
    expect(queued.map((row) => row.kind)).toEqual(['mail.verify_email', 'mail.verify_email']);
  });

  test('who is verified gets no further mail', async () => {
    await verifyEmail(parts, await mailedToken(parts, accountId));
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
    expect(await verifyEmail(parts, stored[0]?.token_hash ?? '')).toEqual(REFUSED);
  });
});
