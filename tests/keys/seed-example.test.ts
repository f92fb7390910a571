import { afterAll, beforeAll, expect, it } from 'vitest';

import { type ExampleSeed, seedExample } from '../../db/seed/example.ts';
import { describeKey } from '../../src/keys/describe-key.ts';
import { systemRandom } from '../../src/platform/random.ts';
import { forEachDialect } from '../support/databases.ts';
import { type House, NOW_MS, PEPPER, openHouse } from './house.ts';

forEachDialect((dialect) => {
  let house: House;
  let seed: ExampleSeed;
  const options = { keys: 1030, pepper: PEPPER, prefix: 'gth', nowMs: NOW_MS, random: systemRandom };
  beforeAll(async () => {
    house = await openHouse(dialect);
    seed = await seedExample(house.test.database, options);
  });
  afterAll(() => house.test.close());

  it('makes as many keys as asked, 20 per application, each application with one subscription', async () => {
    const { count } = await house.test.database.kysely
      .selectFrom('api_key')
      .select((expression) => expression.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow();
    expect(count).toBe(1030);
    expect(seed.applicationIds).toHaveLength(52);
    expect(seed.subscriptionIds).toHaveLength(52);
  });

  it('returns the first 1,000 tokens in the order of their applications; each works', async () => {
    expect(seed.tokens).toHaveLength(1000);
    for (const index of [0, 19, 20, 999]) {
      const described = await describeKey(house.deps, seed.tokens[index] ?? '');
      expect(described?.application.id).toBe(seed.applicationIds[Math.floor(index / 20)]);
    }
  });

  it('makes accounts that no password opens', async () => {
    const accounts = await house.test.database.kysely
      .selectFrom('account')
      .select('password_hash')
      .where('email', 'like', '%@northwind.example')
      .execute();
    expect(accounts).toEqual([{ password_hash: '!' }, { password_hash: '!' }]);
  });

  it('can be repeated and leaves what the catalog has written as it is', async () => {
    const { kysely } = house.test.database;
    await kysely.updateTable('api').set({ title: 'Ours' }).where('slug', '=', 'parcels').execute();
    await kysely.updateTable('api_version').set({ upstream_url: 'http://ours' }).execute();
    const second = await seedExample(house.test.database, { ...options, keys: 0 });
    expect(second).toMatchObject({ tokens: [], applicationIds: [expect.any(String)] });
    expect(await kysely.selectFrom('api').select('title').execute()).toEqual([{ title: 'Ours' }]);
    expect(await kysely.selectFrom('api_version').select('upstream_url').execute()).toEqual([
      { upstream_url: 'http://ours' },
    ]);
  });

  it('returns tokens that lie evenly among all keys when callers are asked for', async () => {
    const spread = await seedExample(house.test.database, { ...options, keys: 200, callers: 10 });
    const owners = await Promise.all(spread.tokens.map((token) => describeKey(house.deps, token)));
    expect(owners.map((found) => found?.application.id)).toEqual(spread.applicationIds);
  });
});
