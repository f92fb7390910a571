import { setImmediate as nextTurn } from 'node:timers/promises';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { type RunNamed, batchLookups } from '../../src/database/batched-lookup.ts';
import { type TestDatabase, forEachDialect, openTestDatabase } from '../support/databases.ts';

forEachDialect((dialect) => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await openTestDatabase(dialect);
  });
  afterEach(() => database.close());

  test('every look-up gets its own row, also of the same parameters, and none where there is none', async () => {
    const { kysely } = database.database;
    const rows = Array.from({ length: 500 }, (_, index) => ({
      slug: `api-${index}`,
      title: `API ${index}`,
      summary: '',
    }));
    await kysely.insertInto('api').values(rows).execute();
    const lookUp = database.database.prepareLookup<{ title: string }>(
      'select title from api where slug = ? and title <> ?',
      ['text', 'text'],
    );
    const asked = [...rows.keys(), 7, 7, 501].map(async (index) =>
      lookUp([`api-${index}`, index === 3 ? 'API 3' : '']),
    );
    const found = (await Promise.all(asked)).map((row) => row?.title);
    expect(found.slice(0, 500)).toEqual(rows.map(({ title }, index) => (index === 3 ? undefined : title)));
    expect(found.slice(500)).toEqual(['API 7', 'API 7', undefined]);
  });

  test('of several rows the first counts', async () => {
    const { kysely } = database.database;
    const rows = ['b', 'a', 'c'].map((slug) => ({ slug, title: slug, summary: 'same' }));
    await kysely.insertInto('api').values(rows).execute();
    const lookUp = database.database.prepareLookup<{ slug: string }>(
      'select slug from api where summary = ? order by slug',
      ['text'],
    );
    expect((await lookUp(['same']))?.slug).toBe('a');
  });

  test('what was committed before a look-up was asked for is in its answer', async () => {
    const { kysely } = database.database;
    await kysely.insertInto('api').values({ slug: 'parcels', title: '0', summary: '' }).execute();
    const lookUp = database.database.prepareLookup<{ title: string }>('select title from api where slug = ?', ['text']);
    const noise = Array.from({ length: 50 }, async () => lookUp(['parcels']));
    for (let version = 1; version <= 50; version += 1) {
      await kysely
        .updateTable('api')
        .set({ title: String(version) })
        .execute();
      noise.push(Promise.resolve(lookUp(['parcels'])));
      expect(Number((await lookUp(['parcels']))?.title)).toBe(version);
    }
    await Promise.all(noise);
  });
});

describe('look-ups on their way to PostgreSQL', () => {
  /** A server that answers when it is told to. */
  function heldServer() {
    const asked: { count: number; answer: () => void; fail: (error: Error) => void }[] = [];
    const run: RunNamed = ({ values }) =>
      new Promise((resolve, reject) => {
        const names = values[0] as string[];
        const rows = names.map((name, index) => ({ lookup_position: index + 1, name }));
        asked.push({ count: names.length, answer: () => resolve({ rows }), fail: reject });
      });
    return { asked, lookUp: batchLookups<{ name: string }>(run, 'select ? as name', ['text']) };
  }

  test('those of one turn go together; while two statements are under way, others wait and then go together', async () => {
    const { asked, lookUp } = heldServer();
    const first = [lookUp(['a']), lookUp(['b'])];
    await nextTurn();
    const second = lookUp(['c']);
    await nextTurn();
    const third = [lookUp(['d'])];
    await nextTurn();
    third.push(lookUp(['e']));
    await nextTurn();
    expect(asked.map(({ count }) => count)).toEqual([2, 1]);
    asked[0]?.answer();
    expect((await Promise.all(first)).map((row) => row?.name)).toEqual(['a', 'b']);
    await nextTurn();
    expect(asked.map(({ count }) => count)).toEqual([2, 1, 2]);
    for (const { answer } of asked) answer();
    expect((await second)?.name).toBe('c');
    expect((await Promise.all(third)).map((row) => row?.name)).toEqual(['d', 'e']);
  });

  test('a statement that fails fails its own look-ups, and no others', async () => {
    const { asked, lookUp } = heldServer();
    const failing = [lookUp(['a']), lookUp(['b'])];
    await nextTurn();
    const fine = lookUp(['c']);
    await nextTurn();
    asked[0]?.fail(new Error('the connection was lost'));
    for (const one of failing) await expect(one).rejects.toThrow('the connection was lost');
    asked[1]?.answer();
    expect((await fine)?.name).toBe('c');
    const later = lookUp(['d']);
    await nextTurn();
    asked[2]?.answer();
    expect((await later)?.name).toBe('d');
  });

  test('no statement asks for more than two hundred', async () => {
    const { asked, lookUp } = heldServer();
    const all = Array.from({ length: 450 }, (_, index) => lookUp([String(index)]));
    await nextTurn();
    expect(asked.map(({ count }) => count)).toEqual([200, 200]);
    asked[0]?.answer();
    await nextTurn();
    expect(asked.map(({ count }) => count)).toEqual([200, 200, 50]);
    for (const { answer } of asked) answer();
    expect((await Promise.all(all)).map((row) => row?.name)).toEqual(all.map((_, index) => String(index)));
  });
});
