import { setImmediate as nextTurn } from 'node:timers/promises';

import { expect, test } from 'vitest';

import { createBatch } from '../../src/verify/batch.ts';

test('what arrives in one turn is handled together, in order, and nothing twice', async () => {
  const batches: (readonly number[])[] = [];
  const add = createBatch<number>((items) => batches.push(items));
  add(1);
  add(2);
  expect(batches).toEqual([]);
  await nextTurn();
  add(3);
  await nextTurn();
  await nextTurn();
  expect(batches).toEqual([[1, 2], [3]]);
});

test('what arrives while a batch is handled belongs to the next one', async () => {
  const batches: (readonly number[])[] = [];
  const add = createBatch<number>((items) => {
    batches.push(items);
    if (items[0] === 1) add(2);
  });
  add(1);
  await nextTurn();
  await nextTurn();
  expect(batches).toEqual([[1], [2]]);
});
