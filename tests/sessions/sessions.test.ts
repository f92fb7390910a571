import { readFileSync } from 'node:fs';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { findSession } from '../../src/sessions/find-session.ts';
import { signIn } from '../../src/sign-in/sign-in.ts';
import { signOut } from '../../src/sign-in/sign-out.ts';
import { forEachDialect } from '../support/databases.ts';
import { ADA, DAY_MS, HOUR_MS, OFFICE, type Parts, openParts, signedUp } from '../accounts/parts.ts';

async function signedIn(parts: Parts): Promise<string> {
  const result = await signIn(parts, ADA, OFFICE);
  if (!result.ok) throw new Error(result.reason);
  return result.sessionToken;
}

forEachDialect((dialect) => {
  let parts: Parts;
  let accountId: string;
  beforeEach(async () => {
    parts = await openParts(dialect);
    accountId = await signedUp(parts);
  });
  afterEach(() => parts.close());

  test('a session names the actor and the teams it may see', async () => {
    const session = await findSession(parts, await signedIn(parts));
    const { actor } = session ?? {};
    expect(actor).toMatchObject({ accountId, email: ADA.email, role: 'developer', emailVerified: false });
    expect(actor?.signedInAtMs).toBe(parts.clock.now);
    const teams = await parts.accounts.teamsOf(accountId);
    expect(teams).toEqual([{ id: actor?.teamIds[0], name: 'ada', role: 'admin' }]);
    expect([...(actor?.teamRoles ?? [])]).toEqual(teams.map(({ id, role }) => [id, role]));
  });

  test('it ends after twelve hours without a request', async () => {
    const token = await signedIn(parts);
    parts.clock.now += 12 * HOUR_MS - 1;
    expect(await findSession(parts, token)).not.toBeNull();
    parts.clock.now += 12 * HOUR_MS;
    expect(await findSession(parts, token)).toBeNull();
  });

  test('use renews it and says until when, but not with every request', async () => {
    const token = await signedIn(parts);
    parts.clock.now += 5 * HOUR_MS;
    expect(await findSession(parts, token)).toMatchObject({ renewedUntilMs: null });
    parts.clock.now += 2 * HOUR_MS;
    expect(await findSession(parts, token)).toMatchObject({ renewedUntilMs: parts.clock.now + 12 * HOUR_MS });
    expect(await findSession(parts, token)).toMatchObject({ renewedUntilMs: null });
  });

  test('use never keeps it alive past thirty days', async () => {
    const token = await signedIn(parts);
    const endsAtMs = parts.clock.now + 30 * DAY_MS;
    while (parts.clock.now + 10 * HOUR_MS < endsAtMs) {
      parts.clock.now += 10 * HOUR_MS;
      const session = await findSession(parts, token);
      expect(session?.renewedUntilMs).toBe(Math.min(parts.clock.now + 12 * HOUR_MS, endsAtMs));
    }
    parts.clock.now = endsAtMs - 1;
    expect(await findSession(parts, token)).not.toBeNull();
    parts.clock.now = endsAtMs;
    expect(await findSession(parts, token)).toBeNull();
  });

  test('signing out ends this session only, and once', async () => {
    const [here, there] = [await signedIn(parts), await signedIn(parts)];
    await signOut(parts, here);
    await signOut(parts, here);
    expect(await findSession(parts, here)).toBeNull();
    expect(await findSession(parts, there)).not.toBeNull();
    const audit = await parts.db
      .selectFrom('audit_entry')
      .select('actor')
      .where('action', '=', 'account.signed_out')
      .execute();
    expect(audit).toEqual([{ actor: accountId }]);
  });

  test('the sessions of a suspended account die at once', async () => {
    const token = await signedIn(parts);
    await parts.db
      .updateTable('account')
      .set({ suspended_at_ms: parts.clock.now })
      .where('id', '=', accountId)
      .execute();
    expect(await findSession(parts, token)).toBeNull();
  });

  test('a value planted before signing in is never a session, and each sign-in makes a new one', async () => {
    const planted = 'A'.repeat(43);
    const tokens = [await signedIn(parts), await signedIn(parts)];
    expect(await findSession(parts, planted)).toBeNull();
    expect(new Set([planted, ...tokens]).size).toBe(3);
  });

  test('what the database holds as the id of a session opens nothing', async () => {
    await signedIn(parts);
    const { id } = await parts.db.selectFrom('session').select('id').executeTakeFirstOrThrow();
    expect(id).toMatch(/^[0-9a-f]{64}$/);
    expect(await findSession(parts, id)).toBeNull();
    expect(await findSession({ ...parts }, '')).toBeNull();
  });
});

test('the files of the database hold neither the cookie value nor the password', async () => {
  const parts = await openParts('sqlite');
  await signedUp(parts);
  const token = await signedIn(parts);
  const path = parts.url.slice('sqlite:'.length);
  const stored = Buffer.concat(['', '-wal'].map((suffix) => readFileSync(path + suffix)));
  expect(stored.includes(ADA.email)).toBe(true);
  expect([token, Buffer.from(token, 'base64url'), ADA.password].map((secret) => stored.includes(secret))).toEqual([
    false,
    false,
    false,
  ]);
  await parts.close();
});
