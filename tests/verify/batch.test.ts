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

test('more than some hundreds are handled in several turns, in order', async () => {
  const batches: (readonly number[])[] = [];
  const add = createBatch<number>((items) => {
    batches.push(items);
    if (items[0] === 0) add(1200);
  });
  for (let item = 0; item < 1200; item += 1) add(item);
  for (let turn = 0; turn < 4; turn += 1) await nextTurn();
  expect(batches.map(({ length }) => length)).toEqual([500, 500, 201]);
  expect(batches.flat()).toEqual(Array.from({ length: 1201 }, (_, item) => item));
});

/** As many as keep a turn busy. */
const crowd = Array.from({ length: 32 }, (_, index) => index);

/** A server that accepts a connection in each of the next turns; a turn takes a millisecond. */
function arriving(turns: number) {
  const state = { left: turns, nowMs: 0 };
  return {
    state,
    hasMore: () => {
      state.nowMs += 1;
      state.left -= 1;
      return state.left >= 0;
    },
    nowMs: () => state.nowMs,
  };
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await nextTurn();
}

test('while new connections keep coming, a batch waits for them, up to as long as the one before took', async () => {
  const arrivals = arriving(0);
  const sizes: number[] = [];
  const add = createBatch<number>((items) => {
    sizes.push(items.length);
    arrivals.state.nowMs += 20;
  }, arrivals);
  crowd.forEach(add);
  await turns(2);
  expect(sizes).toEqual([32]);
  arrivals.state.left = 1000;
  crowd.forEach(add);
  await turns(5);
  add(3);
  await turns(10);
  expect(sizes).toEqual([32]);
  await turns(10);
  expect(sizes).toEqual([32, 33]);
});

test('a batch goes on as soon as no connection comes any more', async () => {
  const arrivals = arriving(0);
  const sizes: number[] = [];
  const add = createBatch<number>((items) => {
    sizes.push(items.length);
    arrivals.state.nowMs += 1000;
  }, arrivals);
  crowd.forEach(add);
  await turns(2);
  arrivals.state.left = 3;
  crowd.forEach(add);
  await turns(6);
  expect(sizes).toEqual([32, 32]);
});

test('a few calls are answered at the end of their turn, whoever else comes', async () => {
  const sizes: number[] = [];
  const add = createBatch<number>((items) => sizes.push(items.length), arriving(1000));
  add(1);
  add(2);
  await turns(1);
  expect(sizes).toEqual([2]);
});
