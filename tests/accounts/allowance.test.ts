import { expect, test } from 'vitest';

import { type Allowance, signUpAllowance, spend } from '../../src/accounts/allowance.ts';
import { createAllowanceStore } from '../../src/accounts/allowance-store.ts';
import { forEachDialect, openTestDatabase } from '../support/databases.ts';

const three: Allowance = { subject: 'three', atOnce: 3, refillMs: 1000 };
const one: Allowance = { subject: 'one', atOnce: 1, refillMs: 60_000 };
const START_MS = 1_000_000_000_000;

test('so many at once, then one for each refill, and never more than so many again', () => {
  let spentUntilMs = 0;
  const waitsAt = (nowMs: number, uses: number) =>
    Array.from({ length: uses }, () => {
      const spent = spend(three, spentUntilMs, nowMs);
      if (spent.waitMs === 0) ({ spentUntilMs } = spent);
      return spent.waitMs;
    });
  expect(waitsAt(START_MS, 5)).toEqual([0, 0, 0, 1000, 1000]);
  expect(waitsAt(START_MS + 999, 1)).toEqual([1]);
  expect(waitsAt(START_MS + 1000, 2)).toEqual([0, 1000]);
  expect(waitsAt(START_MS + 86_400_000, 4)).toEqual([0, 0, 0, 1000]);
});

test('a clock that was set back makes nobody wait longer than an empty allowance does', () => {
  expect(spend(three, START_MS + 86_400_000, START_MS).waitMs).toBe(1000);
});

test('one subscriber is one network, in IPv4 and in IPv6', () => {
  expect(signUpAllowance('2001:db8:1:2::3')).toEqual(signUpAllowance('2001:db8:1:2:ffff::9'));
  expect(signUpAllowance('203.0.113.7')).not.toEqual(signUpAllowance('203.0.113.8'));
});

forEachDialect((dialect) => {
  test('A30: of two hundred at once exactly as many pass as are allowed, also when they take several', async () => {
    const { database, close } = await openTestDatabase(dialect);
    const store = createAllowanceStore(database);
    const takes = await Promise.all(Array.from({ length: 200 }, () => store.take([three], START_MS)));
    expect(takes.filter((wait) => wait === 0)).toHaveLength(3);
    // All or nothing: what one of them refuses uses none of the others up.
    expect(await store.take([one, three], START_MS)).toBe(1000);
    expect(await store.take([one], START_MS)).toBe(0);
    await store.giveBack(three);
    expect(await store.take([three], START_MS)).toBe(0);
    await store.removeRefilled(START_MS + 3000);
    expect(await database.kysely.selectFrom('allowance').select('subject').execute()).toEqual([{ subject: 'one' }]);
    await close();
  });
});
