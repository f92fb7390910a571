import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

import { describe, expect, test } from 'vitest';

import { createPlaceBook } from '../../src/usage/place-book.ts';
import { SharedCounts, createCountMemory } from '../../src/usage/shared-counts.ts';

describe('threads that count together', () => {
  test('lose no count and see none half done', { timeout: 60_000 }, async () => {
    const memory = createCountMemory(10);
    const times = 50_000;
    const threads = [1, 2, 3].map(
      (owner) => new Worker(new URL('./counting-thread.ts', import.meta.url), { workerData: { memory, owner, times } }),
    );
    const codes = await Promise.all(threads.map((thread) => once(thread, 'exit')));
    expect(codes).toEqual([[0], [0], [0]]);
    expect([...new SharedCounts(memory, 9).numbers.subarray(0, 2)]).toEqual([3 * times, 3 * times]);
  });

  test('go on when one of them has ended with a lock in its hand', () => {
    const memory = createCountMemory(10);
    const [dead, alive] = [new SharedCounts(memory, 1), new SharedCounts(memory, 2)];
    dead.hold(7);
    alive.hold(8);
    alive.releaseAllOf(1);
    alive.hold(7);
    // The lock of one that lives stays taken.
    expect(new Int32Array(memory, 8 * 4, 1)[0]).toBe(2);
  });
});

function openBook(stored: Record<string, number>, { mostPlaces = 10 } = {}) {
  const counts = new SharedCounts(createCountMemory(mostPlaces), 1);
  const asked: string[] = [];
  let isBroken = false;
  const book = createPlaceBook({
    counts,
    mostPlaces,
    findQuotaUsed: (counter, startMs) => {
      if (isBroken) throw new Error('disk failure');
      asked.push(`${counter}@${startMs}`);
      return stored[`${counter}@${startMs}`];
    },
    rates: [{ kind: 'rate', name: 'sub_1 cost 60s', level: 3, atMs: 5 }],
    unwritten: new Map([['sub_1@0', { counter: 'sub_1', windowStartMs: 0, amount: 4 }]]),
  });
  const numbersAt = (place: number | null): number[] =>
    place === null ? [] : [...counts.numbers.subarray(place * 2, place * 2 + 2)];
  return { book, asked, counts, numbersAt, breakReading: (broken: boolean) => (isBroken = broken) };
}

const DAY_MS = 86_400_000;

describe('places', () => {
  test('of a quota begin with what is stored and what could not be stored, and are the same for all who ask', async () => {
    const { book, asked, numbersAt } = openBook({ 'sub_1@0': 10 });
    const places = await Promise.all([book.ofQuota('sub_1', 0, DAY_MS), book.ofQuota('sub_1', 0, DAY_MS)]);
    expect(places[0]).toBe(places[1]);
    expect(numbersAt(places[0])).toEqual([14, 0]);
    expect(asked).toEqual(['sub_1@0']);
    expect(numbersAt(await book.ofQuota('sub_1', DAY_MS, 2 * DAY_MS))).toEqual([0, 0]);
  });

  test('of a bucket begin as a journal has left it', async () => {
    const { book, numbersAt } = openBook({});
    expect(numbersAt(await book.ofBucket('sub_1 cost 60s'))).toEqual([3, 5]);
    expect(numbersAt(await book.ofBucket('sub_2 cost 60s'))).toEqual([0, 0]);
    expect(await book.ofBucket('sub_1 cost 60s')).toBe(await book.ofBucket('sub_1 cost 60s'));
  });

  test('that could not be read are tried again', async () => {
    const { book, numbersAt, breakReading } = openBook({ 'sub_2@0': 7 });
    breakReading(true);
    await expect(book.ofQuota('sub_2', 0, DAY_MS)).rejects.toThrow('disk failure');
    breakReading(false);
    expect(numbersAt(await book.ofQuota('sub_2', 0, DAY_MS))).toEqual([7, 0]);
  });

  test('of windows that ended long ago are given to others, when the memory is full', async () => {
    const { book, numbersAt } = openBook({ 'old@0': 9 }, { mostPlaces: 1 });
    const old = await book.ofQuota('old', 0, DAY_MS);
    expect(await book.ofQuota('new', 10 * DAY_MS, 11 * DAY_MS)).toBeNull();
    book.forgetEnded(2 * DAY_MS);
    expect(await book.ofQuota('new', 10 * DAY_MS, 11 * DAY_MS)).toBeNull();
    book.forgetEnded(10 * DAY_MS);
    await expect.poll(() => book.ofQuota('new', 10 * DAY_MS, 11 * DAY_MS)).toBe(old);
    expect(numbersAt(old)).toEqual([0, 0]);
  });
});
