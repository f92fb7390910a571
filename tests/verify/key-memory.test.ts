import { expect, test } from 'vitest';

import { rememberUntilCommit } from '../../src/verify/key-memory.ts';

interface Facts {
  name: string;
}

function remembering(known: Record<string, Facts>) {
  const state = { commit: 1, asked: 0, looked: 0 };
  const { find, together } = rememberUntilCommit<Facts>(
    () => {
      state.asked += 1;
      return state.commit;
    },
    (key, api) => {
      state.looked += 1;
      return known[`${key} ${api}`] ?? null;
    },
  );
  return { state, find: (key: string, api: string) => find(key, api, `token of ${key}`), together };
}

const [one, two] = ['1', '2'];

test('a key is looked up once between two commits, and anew after each', () => {
  const known: Record<string, Facts> = { '1 parcels': { name: 'before' } };
  const { state, find } = remembering(known);
  expect([find(one, 'parcels'), find(one, 'parcels')]).toEqual([{ name: 'before' }, { name: 'before' }]);
  expect(state.looked).toBe(1);
  known['1 parcels'] = { name: 'after' };
  state.commit = 2;
  expect(find(one, 'parcels')).toEqual({ name: 'after' });
});

test('another key, and another API of the same key, are other facts', () => {
  const { find } = remembering({ '1 parcels': { name: 'a' }, '1 labels': { name: 'b' }, '2 parcels': { name: 'c' } });
  const names = [find(one, 'parcels'), find(one, 'labels'), find(two, 'parcels'), find(one, 'parcels')];
  expect(names).toEqual([{ name: 'a' }, { name: 'b' }, { name: 'c' }, { name: 'a' }]);
});

test('unknown keys take no memory: each is looked up every time', () => {
  const { state, find } = remembering({});
  expect([find(one, 'parcels'), find(one, 'parcels')]).toEqual([null, null]);
  expect(state.looked).toBe(2);
});

test('look-ups made together ask once, after the last commit before them; later ones ask again', () => {
  const known: Record<string, Facts> = { '1 parcels': { name: 'before' } };
  const { state, find, together } = remembering(known);
  void find(one, 'parcels');
  known['1 parcels'] = { name: 'after' };
  state.commit = 2;
  const askedBefore = state.asked;
  const seen: unknown[] = [];
  together(() => seen.push(find(one, 'parcels'), find(one, 'parcels')));
  expect(seen).toEqual([{ name: 'after' }, { name: 'after' }]);
  expect(state.asked).toBe(askedBefore + 1);
  void find(one, 'parcels');
  expect(state.asked).toBe(askedBefore + 2);
});

test('after work that fails, look-ups ask again', () => {
  const { state, find, together } = remembering({});
  expect(() =>
    together(() => {
      throw new Error('no');
    }),
  ).toThrow('no');
  void find(one, 'parcels');
  expect(state.asked).toBe(2);
});
