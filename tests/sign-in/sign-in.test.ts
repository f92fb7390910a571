import { afterEach, beforeEach, expect, test } from 'vitest';

import { createSignInFailureStore } from '../../src/sign-in/sign-in-failure-store.ts';
import { signIn } from '../../src/sign-in/sign-in.ts';
import { forEachDialect } from '../support/databases.ts';
import { ADA, DAY_MS, GRACE, MINUTE_MS, OFFICE, type Parts, openParts, signedUp } from '../accounts/parts.ts';

const wrong = { ...ADA, password: 'not the right password' };
const WRONG = { ok: false, reason: 'wrong_credentials' };

forEachDialect((dialect) => {
  let parts: Parts;
  beforeEach(async () => {
    parts = await openParts(dialect);
  });
  afterEach(() => parts.close());

  /** Those in a row are counted besides; see known-device.test.ts. */
  const failures = () =>
    parts.db
      .selectFrom('sign_in_failure')
      .select('failures')
      .where('failures', '>', 0)
      .where('subject', 'not like', 'row:%')
      .execute();

  test('the right password signs in, before the e-mail is verified and in any spelling of the address', async () => {
    const accountId = await signedUp(parts);
    const result = await signIn(parts, { ...ADA, email: 'ADA@example.com' }, OFFICE);
    expect(result).toMatchObject({ ok: true, role: 'developer', expiresAtMs: parts.clock.now + 12 * 60 * MINUTE_MS });
    expect(result.ok && result.sessionToken).toMatch(/^[\w-]{43}$/);
    const audit = await parts.db
      .selectFrom('audit_entry')
      .selectAll()
      .where('action', '=', 'account.signed_in')
      .execute();
    expect(audit).toMatchObject([{ actor: accountId, details: JSON.stringify({ address: OFFICE.address }) }]);
  });

  test('a wrong password, an unknown address and a suspended account get the same answer', async () => {
    await signedUp(parts);
    await signedUp(parts, GRACE);
    await parts.db.updateTable('account').set({ suspended_at_ms: 1 }).where('email', '=', GRACE.email).execute();
    expect(await signIn(parts, wrong, OFFICE)).toEqual(WRONG);
    expect(await signIn(parts, { ...ADA, email: 'nobody@example.com' }, OFFICE)).toEqual(WRONG);
    expect(await signIn(parts, GRACE, OFFICE)).toEqual(WRONG);
    expect(await parts.db.selectFrom('session').selectAll().execute()).toHaveLength(0);
  });

  test('after five failures everybody waits, also with the right password, and longer each time', async () => {
    await signedUp(parts);
    for (let attempt = 0; attempt < 5; attempt += 1) expect(await signIn(parts, wrong, OFFICE)).toEqual(WRONG);
    const wait = (retryAfterSeconds: number) => ({ ok: false, reason: 'too_many_attempts', retryAfterSeconds });
    expect(await signIn(parts, ADA, OFFICE)).toEqual(wait(1));
    parts.clock.now += 1000;
    expect(await signIn(parts, wrong, OFFICE)).toEqual(WRONG);
    expect(await signIn(parts, ADA, OFFICE)).toEqual(wait(2));
    parts.clock.now += 2000;
    expect(await signIn(parts, ADA, OFFICE)).toMatchObject({ ok: true });
    expect(await failures()).toEqual([{ failures: 6 }]);
  });

  test('an address without an account makes wait just the same', async () => {
    const nobody = { ...ADA, email: 'nobody@example.com' };
    for (let attempt = 0; attempt < 5; attempt += 1) await signIn(parts, nobody, OFFICE);
    expect(await signIn(parts, nobody, OFFICE)).toMatchObject({ reason: 'too_many_attempts' });
  });

  test('success clears what was counted against the account', async () => {
    await signedUp(parts);
    for (let round = 0; round < 3; round += 1) {
      for (let attempt = 0; attempt < 4; attempt += 1) expect(await signIn(parts, wrong, OFFICE)).toEqual(WRONG);
      expect(await signIn(parts, ADA, OFFICE)).toMatchObject({ ok: true });
    }
  });

  test('the count outlives a restart and is forgotten after a day of quiet', async () => {
    await signedUp(parts);
    for (let attempt = 0; attempt < 5; attempt += 1) await signIn(parts, wrong, OFFICE);
    const restarted = { ...parts, failures: createSignInFailureStore(parts.database) };
    expect(await signIn(restarted, ADA, OFFICE)).toMatchObject({ reason: 'too_many_attempts' });
    parts.clock.now += DAY_MS;
    expect(await signIn(parts, wrong, OFFICE)).toEqual(WRONG);
    expect(await failures()).toEqual([{ failures: 1 }, { failures: 1 }]);
  });

  test('of thirty wrong attempts at once exactly five are looked at and counted', async () => {
    await signedUp(parts);
    const results = await Promise.all(Array.from({ length: 30 }, () => signIn(parts, wrong, OFFICE)));
    const reasons = results.map((result) => (result.ok ? 'ok' : result.reason));
    expect(reasons.filter((reason) => reason === 'wrong_credentials')).toHaveLength(5);
    expect(reasons.filter((reason) => reason === 'too_many_attempts')).toHaveLength(25);
    expect(await failures()).toEqual([{ failures: 5 }, { failures: 5 }]);
  });

  test('one network that tries many accounts is counted once more, over all of them', async () => {
    const from = (suffix: number) => ({ ...OFFICE, address: `2001:db8:1:2::${suffix}` });
    for (let attempt = 0; attempt < 50; attempt += 1) {
      const someone = { email: `person${attempt}@example.com`, password: 'a guess' };
      expect(await signIn(parts, someone, from(attempt))).toEqual(WRONG);
    }
    const last = { email: 'person51@example.com', password: 'a guess' };
    expect(await signIn(parts, last, from(99))).toMatchObject({ reason: 'too_many_attempts', retryAfterSeconds: 1 });
    expect(await signIn(parts, last, OFFICE)).toEqual(WRONG);
  });

  test('an attempt that found no room to be checked is not counted as failed', async () => {
    await signedUp(parts);
    const crowded = { ...parts, hasher: { hash: () => Promise.resolve(null), verify: () => Promise.resolve(null) } };
    for (let attempt = 0; attempt < 10; attempt += 1) {
      expect(await signIn(crowded, ADA, OFFICE)).toEqual({ ok: false, reason: 'busy' });
    }
    expect(await failures()).toEqual([]);
    expect(await signIn(parts, ADA, OFFICE)).toMatchObject({ ok: true });
  });
});
