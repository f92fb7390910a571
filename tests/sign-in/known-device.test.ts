import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { KNOWN_DEVICE_MS, knownDeviceSubject, newDeviceToken } from '../../src/sign-in/known-device.ts';
import { resetPasswordMail } from '../../src/passwords/password-mail.ts';
import { requestPasswordReset } from '../../src/passwords/request-password-reset.ts';
import { resetPassword } from '../../src/passwords/reset-password.ts';
import { createSignInFailureStore } from '../../src/sign-in/sign-in-failure-store.ts';
import { FAILURES_IN_A_ROW } from '../../src/sign-in/sign-in-throttle.ts';
import { signIn } from '../../src/sign-in/sign-in.ts';
import { forEachDialect } from '../support/databases.ts';
import { ADA, DAY_MS, GRACE, HOUR_MS, OFFICE, type Parts, linkToken, openParts, signedUp } from '../accounts/parts.ts';

const WRONG = { ok: false, reason: 'wrong_credentials' };
const STOPPED = { ok: false, reason: 'too_many_attempts', untilReset: true };
const wrong = { ...ADA, password: 'not the right password' };
const right = new Set([ADA.password, 'twelve yellow tricycles']);

forEachDialect((dialect) => {
  let parts: Parts;
  let accountId: string;
  let HOME: typeof OFFICE & { deviceToken: string };
  /** An address for each, so that only the account is counted. */
  const elsewhere = (number: number) => ({ ...OFFICE, address: `198.51.${Math.floor(number / 250)}.${number % 250}` });

  beforeEach(async () => {
    const real = await openParts(dialect);
    // A hundred real checks of a password take seconds, and only their number matters here.
    const quick = { ...real.hasher, verify: (_hash: string, password: string) => Promise.resolve(right.has(password)) };
    parts = { ...real, hasher: quick };
    accountId = await signedUp(parts);
    HOME = { ...OFFICE, address: '192.0.2.1', deviceToken: newDeviceToken(parts, accountId) };
  });
  afterEach(() => parts.close());

  /** As fast as the waiting times allow. */
  async function failUntilStopped(from: (number: number) => typeof OFFICE, email = ADA.email): Promise<number> {
    for (let count = 0; count <= FAILURES_IN_A_ROW; count += 1) {
      const result = await signIn(parts, { ...wrong, email }, from(count));
      if (!result.ok && 'untilReset' in result) return count;
      expect(result).toEqual(WRONG);
      parts.clock.now += HOUR_MS;
    }
    return Infinity;
  }

  test('A8: after a hundred failures in a row nothing is looked at, however slowly they came, until a reset by mail', async () => {
    expect(await failUntilStopped(elsewhere)).toBe(100);
    parts.clock.now += 400 * DAY_MS;
    await parts.failures.removeForgotten(parts.clock.now);
    const restarted = { ...parts, failures: createSignInFailureStore(parts.database) };
    expect(await signIn(restarted, ADA, elsewhere(200))).toMatchObject(STOPPED);

    await requestPasswordReset(parts, ADA.email, OFFICE);
    const token = linkToken(await resetPasswordMail(parts, { email: ADA.email }));
    const password = 'twelve yellow tricycles';
    expect(await resetPassword(parts, { token, password }, OFFICE)).toMatchObject({ ok: true });
    expect(await signIn(parts, { ...ADA, password }, elsewhere(201))).toMatchObject({ ok: true });
  });

  test('A8, A7: an address without an account is stopped just the same', async () => {
    expect(await failUntilStopped(elsewhere, 'nobody@example.com')).toBe(100);
    expect(await signIn(parts, { ...wrong, email: 'nobody@example.com' }, elsewhere(200))).toMatchObject(STOPPED);
  });

  test('A8: what is right begins a new row', async () => {
    for (let round = 0; round < 3; round += 1) {
      for (let count = 0; count < 40; count += 1) {
        expect(await signIn(parts, wrong, elsewhere(count))).toEqual(WRONG);
        parts.clock.now += HOUR_MS;
      }
      expect(await signIn(parts, ADA, OFFICE)).toMatchObject({ ok: true });
    }
  });

  test('A8: strangers who stop an account do not stop the browser in which it has signed in', async () => {
    expect(await failUntilStopped(elsewhere)).toBe(100);
    expect(await signIn(parts, ADA, HOME)).toMatchObject({ ok: true });
    expect(await signIn(parts, ADA, elsewhere(200))).toMatchObject(STOPPED);
  });

  test('A8: such a browser waits for its own failures, and after a hundred in a row it is like any other', async () => {
    for (let count = 0; count < 5; count += 1) expect(await signIn(parts, wrong, HOME)).toEqual(WRONG);
    expect(await signIn(parts, ADA, HOME)).toMatchObject({ reason: 'too_many_attempts', retryAfterSeconds: 1 });
    expect(await signIn(parts, ADA, OFFICE)).toMatchObject({ ok: true });
    parts.clock.now += DAY_MS;
    expect(await failUntilStopped((number) => ({ ...elsewhere(number), deviceToken: HOME.deviceToken }))).toBe(
      Infinity,
    );
    expect(await signIn(parts, ADA, HOME)).toMatchObject({ ok: true });
  });

  test('A8: of two hundred attempts at once exactly five are looked at, and as many are counted', async () => {
    const results = await Promise.all(
      Array.from({ length: 200 }, (_, number) => signIn(parts, wrong, elsewhere(number))),
    );
    expect(results.filter((result) => !result.ok && result.reason === 'wrong_credentials')).toHaveLength(5);
    const rows = await parts.db
      .selectFrom('sign_in_failure')
      .selectAll()
      .where('subject', 'not like', 'address:%')
      .execute();
    expect(rows.map(({ failures }) => failures)).toEqual([5, 5]);
  });

  test('A8: of two hundred accounts at once two hundred failures are counted', async () => {
    const asked = Array.from({ length: 200 }, (_, number) => ({ ...wrong, email: `person-${number}@example.com` }));
    await Promise.all(asked.map((one, number) => signIn(parts, one, elsewhere(number))));
    const rows = await parts.db.selectFrom('sign_in_failure').selectAll().where('subject', 'like', 'row:%').execute();
    expect([rows.length, new Set(rows.map(({ failures }) => failures))]).toEqual([200, new Set([1])]);
  });
});

describe('the token of a known browser', () => {
  const deps = {
    sessionSecret: new TextEncoder().encode('a'.repeat(32)),
    random: { bytes: (count: number) => new Uint8Array(count).fill(7) },
  };
  const token = newDeviceToken(deps, 'acc_ada');

  test('is known for its account and installation only', () => {
    expect(KNOWN_DEVICE_MS).toBeLessThanOrEqual(366 * DAY_MS);
    expect(knownDeviceSubject(deps.sessionSecret, 'acc_ada', token)?.subject).toMatch(/^device:acc_ada:[\w-]{22}$/);
    expect(knownDeviceSubject(deps.sessionSecret, 'acc_grace', token)).toBeNull();
    expect(knownDeviceSubject(new TextEncoder().encode('b'.repeat(32)), 'acc_ada', token)).toBeNull();
  });

  test.each([
    null,
    undefined,
    '',
    '.',
    GRACE.email,
    token.slice(1),
    `${token}x`,
    `A${token.slice(1)}`,
    token.replace('.', ''),
  ])('%j is none', (text) => {
    expect(knownDeviceSubject(deps.sessionSecret, 'acc_ada', text)).toBeNull();
  });
});
