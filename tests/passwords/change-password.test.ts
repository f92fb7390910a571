import { afterEach, beforeEach, expect, test } from 'vitest';

import { changePassword } from '../../src/passwords/change-password.ts';
import { findSession } from '../../src/sessions/find-session.ts';
import { resetPasswordMail } from '../../src/passwords/password-mail.ts';
import { peekPasswordReset } from '../../src/passwords/peek-password-reset.ts';
import { signIn } from '../../src/sign-in/sign-in.ts';
import { forEachDialect } from '../support/databases.ts';
import {
  ADA,
  OFFICE,
  type Parts,
  auditOf,
  linkToken,
  openParts,
  queuedKinds,
  signedIn,
  signedUp,
} from '../accounts/parts.ts';

const NEW = 'fourteen silver teapots';
const change = { currentPassword: ADA.password, password: NEW };

forEachDialect((dialect) => {
  let parts: Parts;
  beforeEach(async () => {
    parts = await openParts(dialect);
    await signedUp(parts);
  });
  afterEach(() => parts.close());

  test('A5, A6: every session ends, this browser gets a new one, and the owner is told by mail', async () => {
    const [here, there] = [await signedIn(parts), await signedIn(parts)];
    const result = await changePassword(parts, here.actor, change, OFFICE);
    if (!result.ok) throw new Error(result.reason);
    expect([await findSession(parts, here.token), await findSession(parts, there.token)]).toEqual([null, null]);
    expect(await findSession(parts, result.sessionToken)).not.toBeNull();
    expect(await signIn(parts, ADA, OFFICE)).toMatchObject({ ok: false });
    expect(await signIn(parts, { ...ADA, password: NEW }, OFFICE)).toMatchObject({ ok: true });
    expect(await queuedKinds(parts)).toEqual(['mail.verify_email', 'mail.password_changed']);
    expect(await auditOf(parts, 'account.password_changed')).toEqual([
      {
        actor: here.actor.accountId,
        subject: here.actor.accountId,
        details: { address: OFFICE.address, endedSessions: 2 },
      },
    ]);
  });

  test('the present password is asked for, with the same limit as at sign-in', async () => {
    const { actor, token } = await signedIn(parts);
    const wrong = { ...change, currentPassword: 'not the present one' };
    for (let attempt = 0; attempt < 5; attempt += 1) {
      expect(await changePassword(parts, actor, wrong, OFFICE)).toEqual({ ok: false, reason: 'wrong_credentials' });
    }
    expect(await changePassword(parts, actor, change, OFFICE)).toMatchObject({ reason: 'too_many_attempts' });
    expect(await signIn(parts, ADA, OFFICE)).toMatchObject({ reason: 'too_many_attempts' });
    expect(await findSession(parts, token)).not.toBeNull();
  });

  test('the new one follows the rules, and is another one', async () => {
    const { actor } = await signedIn(parts);
    const to = (password: string) => changePassword(parts, actor, { ...change, password }, OFFICE);
    expect(await to('only fourteen!')).toEqual({ ok: false, reason: 'password_too_short', minLength: 15 });
    expect(await to('ada@example.com ada')).toMatchObject({ reason: 'password_has_context' });
    expect(await to(ADA.password)).toEqual({ ok: false, reason: 'password_unchanged' });
  });

  test('of two changes at once one succeeds', async () => {
    const { actor } = await signedIn(parts);
    const results = await Promise.all(
      [NEW, 'twenty golden teaspoons'].map((password) => changePassword(parts, actor, { ...change, password }, OFFICE)),
    );
    expect(results.filter((result) => result.ok)).toHaveLength(1);
  });

  test('A9: it ends a link that was mailed before', async () => {
    const { actor } = await signedIn(parts);
    const token = linkToken(await resetPasswordMail(parts, { email: ADA.email }));
    await changePassword(parts, actor, change, OFFICE);
    expect(await peekPasswordReset(parts, token)).toBeNull();
  });
});
