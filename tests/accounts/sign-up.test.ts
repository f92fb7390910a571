import { afterEach, beforeEach, expect, test } from 'vitest';

import { signUp } from '../../src/accounts/sign-up.ts';
import { signUpAttemptMail } from '../../src/email-addresses/verification-mail.ts';
import { forEachDialect } from '../support/databases.ts';
import { ADA, GRACE, HOUR_MS, MINUTE_MS, OFFICE, type Parts, openParts, signedUp } from './parts.ts';

forEachDialect((dialect) => {
  let parts: Parts;
  beforeEach(async () => {
    parts = await openParts(dialect);
  });
  afterEach(() => parts.close());

  const rows = async () => ({
    accounts: await parts.db.selectFrom('account').selectAll().execute(),
    members: await parts.db.selectFrom('team_member').selectAll().execute(),
    audit: await parts.db.selectFrom('audit_entry').selectAll().execute(),
    outbox: await parts.db.selectFrom('outbox').selectAll().orderBy('created_at_ms').execute(),
  });

  test('an account comes with its personal team, an audit entry and a verification mail, and nothing readable of the password', async () => {
    expect(await signUp(parts, ADA, OFFICE)).toEqual({ ok: true });
    const { accounts, members, audit, outbox } = await rows();
    expect(accounts).toMatchObject([
      { email: 'ada@example.com', role: 'developer', email_verified_at_ms: null, suspended_at_ms: null },
    ]);
    const accountId = accounts[0]?.id;
    expect(members).toMatchObject([{ account_id: accountId, role: 'admin' }]);
    expect(audit).toMatchObject([{ actor: accountId, action: 'account.created', team_id: members[0]?.team_id }]);
    expect(outbox).toMatchObject([{ kind: 'mail.verify_email', payload: JSON.stringify({ accountId }) }]);
    expect(JSON.stringify({ accounts, members, audit, outbox })).not.toContain(ADA.password);
  });

  test('a known address, in any spelling, gets the same answer, changes nothing and its owner is told by mail', async () => {
    const accountId = await signedUp(parts);
    const before = await rows();
    const again = { email: 'ADA@Example.com', password: 'another good long one' };
    expect(await signUp(parts, again, OFFICE)).toEqual({ ok: true });
    const after = await rows();
    expect({ ...after, outbox: null }).toEqual({ ...before, outbox: null });
    expect(after.outbox.map((row) => row.kind).sort()).toEqual(['mail.sign_up_attempt', 'mail.verify_email']);
    const mail = await signUpAttemptMail(parts, { accountId });
    expect(mail).toMatchObject({
      to: 'ada@example.com',
      text: expect.stringContaining(`${parts.publicUrl}/sign-in`) as string,
    });
  });

  test('nobody can fill a mailbox: one such mail an hour', async () => {
    await signedUp(parts);
    for (let attempt = 0; attempt < 3; attempt += 1) await signUp(parts, ADA, OFFICE);
    parts.clock.now += HOUR_MS - 1;
    await signUp(parts, ADA, OFFICE);
    expect((await rows()).outbox).toHaveLength(2);
    parts.clock.now += MINUTE_MS;
    await signUp(parts, ADA, OFFICE);
    expect((await rows()).outbox).toHaveLength(3);
  });

  test('ten sign-ups with one address at once make one account', async () => {
    const results = await Promise.all(Array.from({ length: 10 }, () => signUp(parts, ADA, OFFICE)));
    expect(results).toEqual(Array(10).fill({ ok: true }));
    const { accounts, members } = await rows();
    expect([accounts.length, members.length]).toEqual([1, 1]);
  });

  test('a guessable password is refused with its word, and nothing is written', async () => {
    expect(await signUp(parts, { ...ADA, password: 'aaaaaaaaaaaaaaaaaa' }, OFFICE)).toEqual({
      ok: false,
      reason: 'password_too_common',
      word: 'a',
    });
    expect((await rows()).accounts).toHaveLength(0);
  });

  test('more sign-ups than can be hashed are told to come again, and leave nothing behind', async () => {
    const people = Array.from({ length: 40 }, (_, index) => ({ ...ADA, email: `ada${index}@example.com` }));
    const from = (index: number) => ({ ...OFFICE, address: `203.0.113.${index}` });
    // Until all have come as far as the hasher, so that they come there at once.
    const gathered = Promise.withResolvers<undefined>();
    let here = 0;
    const hash = async (password: string) => {
      here += 1;
      if (here === people.length) gathered.resolve(undefined);
      await gathered.promise;
      return parts.hasher.hash(password);
    };
    const crowded = { ...parts, hasher: { ...parts.hasher, hash } };
    const results = await Promise.all(people.map((person, index) => signUp(crowded, person, from(index))));
    const busy = results.filter((result) => !result.ok && result.reason === 'busy');
    expect(busy).toHaveLength(6);
    expect((await rows()).accounts).toHaveLength(34);
  });

  test('A30: of a hundred sign-ups at once from one network exactly twenty pass, and one more each six minutes', async () => {
    const crowd = (count: number, round: number) =>
      Array.from({ length: count }, (_, index) => {
        const origin = { ...OFFICE, address: `2001:db8:1:2::${index + 1}` };
        return signUp(quick, { ...ADA, email: `person-${round}-${index}@example.com` }, origin);
      });
    const quick = { ...parts, hasher: { hash: () => Promise.resolve('x'), verify: () => Promise.resolve(true) } };
    const results = await Promise.all(crowd(100, 1));
    expect(results.filter((result) => result.ok)).toHaveLength(20);
    expect(results.find((result) => !result.ok)).toEqual({
      ok: false,
      reason: 'too_many_sign_ups',
      retryAfterSeconds: 360,
    });
    expect((await rows()).accounts).toHaveLength(20);
    expect(await signUp(quick, GRACE, OFFICE)).toEqual({ ok: true });
    parts.clock.now += 6 * MINUTE_MS;
    expect((await Promise.all(crowd(10, 2))).filter((result) => result.ok)).toHaveLength(1);
  });

  test('A30: a known address uses the limit up as well, and an attempt that found no room does not', async () => {
    const busy = { ...parts, hasher: { hash: () => Promise.resolve(null), verify: () => Promise.resolve(null) } };
    for (let attempt = 0; attempt < 25; attempt += 1) {
      expect(await signUp(busy, ADA, OFFICE)).toEqual({ ok: false, reason: 'busy' });
    }
    for (let attempt = 0; attempt < 20; attempt += 1) await signUp(parts, ADA, OFFICE);
    expect(await signUp(parts, GRACE, OFFICE)).toMatchObject({ reason: 'too_many_sign_ups' });
  });
});
