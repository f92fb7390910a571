import { afterEach, beforeEach, expect, test } from 'vitest';

import { endSessions } from '../../src/sessions/end-sessions.ts';
import { findSession } from '../../src/sessions/find-session.ts';
import { readAccountOverview } from '../../src/accounts/read-account-overview.ts';
import { signIn } from '../../src/sign-in/sign-in.ts';
import { forEachDialect } from '../support/databases.ts';
import {
  ADA,
  GRACE,
  HOUR_MS,
  MINUTE_MS,
  OFFICE,
  type Parts,
  auditOf,
  openParts,
  signedIn,
  signedUp,
} from '../accounts/parts.ts';

forEachDialect((dialect) => {
  let parts: Parts;
  let accountId: string;
  beforeEach(async () => {
    parts = await openParts(dialect);
    accountId = await signedUp(parts);
  });
  afterEach(() => parts.close());

  test('A5: every session is listed with device, address and last use, and this one is marked', async () => {
    const here = await signedIn(parts);
    const phone = { address: '2001:12ff::10', userAgent: 'Phone' };
    await signIn(parts, ADA, phone);
    const signedInAtMs = parts.clock.now;
    parts.clock.now += HOUR_MS;
    await findSession(parts, here.token);
    const { sessions } = await readAccountOverview(parts, here);
    const from = (origin: typeof OFFICE) => ({ ...origin, signedInAtMs });
    expect(sessions).toMatchObject([
      { ...from(OFFICE), lastUsedAtMs: parts.clock.now, isThis: true },
      { ...from(phone), country: 'BR', lastUsedAtMs: signedInAtMs, isThis: false },
    ]);
    for (const later of [6, 6]) {
      parts.clock.now += later * HOUR_MS;
      await findSession(parts, here.token);
    }
    expect((await readAccountOverview(parts, here)).sessions).toHaveLength(1);
  });

  test('the last use is written down at most once in five minutes', async () => {
    const here = await signedIn(parts);
    const lastUsed = async () => (await readAccountOverview(parts, here)).sessions[0]?.lastUsedAtMs;
    const signedInAtMs = parts.clock.now;
    parts.clock.now += 5 * MINUTE_MS - 1;
    await findSession(parts, here.token);
    expect(await lastUsed()).toBe(signedInAtMs);
    parts.clock.now += 1;
    await findSession(parts, here.token);
    expect(await lastUsed()).toBe(parts.clock.now);
  });

  test('A5: one or all others end, and this one goes on', async () => {
    const [here, second, third] = [await signedIn(parts), await signedIn(parts), await signedIn(parts)];
    expect(await endSessions(parts, here, { session: second.sessionId })).toBe(1);
    expect(await findSession(parts, second.token)).toBeNull();
    expect(await endSessions(parts, here, { session: 'others' })).toBe(1);
    expect(await findSession(parts, third.token)).toBeNull();
    expect(await findSession(parts, here.token)).not.toBeNull();
    expect(await endSessions(parts, here, { session: 'others' })).toBe(0);
    const entry = { actor: accountId, subject: accountId, details: { sessions: 1 } };
    expect(await auditOf(parts, 'account.sessions_ended')).toEqual([entry, entry]);
  });

  test('A1: nobody ends the session of another account', async () => {
    await signedUp(parts, GRACE);
    const [ada, grace] = [await signedIn(parts), await signedIn(parts, GRACE)];
    expect(await endSessions(parts, ada, { session: grace.sessionId })).toBe(0);
    expect(await endSessions(parts, ada, { session: 'others' })).toBe(0);
    expect(await findSession(parts, grace.token)).not.toBeNull();
  });

  test('A6: signing in where a session was ends that one', async () => {
    const here = await signedIn(parts);
    const again = await signIn(parts, ADA, OFFICE, here.token);
    expect(await findSession(parts, here.token)).toBeNull();
    expect(again.ok && (await findSession(parts, again.sessionToken))).toMatchObject({ actor: { accountId } });
  });

  test('failed sign-ins and lock-outs stand in the audit log, without the address that was typed', async () => {
    const wrong = { ...ADA, password: 'not the right one' };
    for (let attempt = 0; attempt < 6; attempt += 1) await signIn(parts, wrong, OFFICE);
    await signIn(parts, { ...wrong, email: 'nobody@example.com' }, OFFICE);
    const entries = await auditOf(parts, 'account.sign_in_failed');
    expect(entries.slice(0, 5)).toEqual(
      [1, 2, 3, 4, 5].map((failures) => ({
        actor: 'system',
        subject: accountId,
        details: { address: OFFICE.address, failures, isLockedOut: failures === 5 },
      })),
    );
    expect(entries).toHaveLength(6);
    expect(entries[5]?.subject).toMatch(/^account:[0-9a-f]{64}$/);
    expect(JSON.stringify(entries)).not.toMatch(/example\.com|not the right one/);
  });
});
