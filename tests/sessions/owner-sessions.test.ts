import { afterEach, beforeEach, expect, test } from 'vitest';

import { findSession } from '../../src/sessions/find-session.ts';
import { forEachDialect } from '../support/databases.ts';
import { ADA, GRACE, HOUR_MS, MINUTE_MS, type Parts, openParts, signedIn, signedUp } from '../accounts/parts.ts';

forEachDialect((dialect) => {
  let parts: Parts;
  let token: string;
  beforeEach(async () => {
    parts = await openParts(dialect);
    const accountId = await signedUp(parts);
    await parts.db.updateTable('account').set({ role: 'owner' }).where('id', '=', accountId).execute();
    ({ token } = await signedIn(parts));
  });
  afterEach(() => parts.close());

  const rights = async (of = token) => {
    const found = await findSession(parts, of);
    return found && `${found.account.role}, acting as ${found.actor.role}`;
  };

  test('A5: the session of an owner that goes unused for an hour is that of a developer, and using it does not change that', async () => {
    for (let minutes = 0; minutes < 180; minutes += 50) {
      parts.clock.now += 50 * MINUTE_MS;
      expect(await rights()).toBe('owner, acting as owner');
    }
    parts.clock.now += HOUR_MS + 1;
    expect(await rights()).toBe('owner, acting as developer');
    expect(await rights()).toBe('owner, acting as developer');
    parts.clock.now += 10 * MINUTE_MS;
    expect(await rights()).toBe('owner, acting as developer');
    expect(await rights((await signedIn(parts, ADA)).token)).toBe('owner, acting as owner');
  });

  test('A5: so is one that is a day old, however often it was used', async () => {
    for (let minutes = 0; minutes < 24 * 60 - 30; minutes += 30) {
      parts.clock.now += 30 * MINUTE_MS;
      expect(await rights()).toBe('owner, acting as owner');
    }
    parts.clock.now += 30 * MINUTE_MS;
    expect(await rights()).toBe('owner, acting as developer');
  });

  test('developers are not concerned', async () => {
    await signedUp(parts, GRACE);
    const session = await signedIn(parts, GRACE);
    parts.clock.now += 11 * HOUR_MS;
    expect(await rights(session.token)).toBe('developer, acting as developer');
  });
});
