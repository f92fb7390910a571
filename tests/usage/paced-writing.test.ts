import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { type Pace, paceWriting } from '../../src/usage/paced-writing.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

/** Rounds whose writes take as long as `costs` says, the last of them again and again. */
function rounds(costs: readonly (readonly number[])[], every?: Pace) {
  const seen = { rounds: 0, failures: 0 };
  let nowMs = 0;
  const pace = paceWriting(
    async () => {
      const writes = costs[Math.min(seen.rounds, costs.length - 1)] ?? [];
      seen.rounds += 1;
      for (const costMs of writes) {
        await pace
          .write(() => {
            nowMs += Math.abs(costMs);
            return costMs < 0 ? Promise.reject(new Error('disk full')) : Promise.resolve();
          })
          .catch(() => (seen.failures += 1));
      }
    },
    every,
    () => nowMs,
  );
  return { pace, seen };
}

test('little is written every second', async () => {
  const { pace, seen } = rounds([[2, 3]]);
  pace.start();
  pace.start();
  await vi.advanceTimersByTimeAsync(5_500);
  expect(seen.rounds).toBe(5);
});

test('writing takes at most half a hundredth of the time, however much there is', async () => {
  const { pace, seen } = rounds([[6, 7, 6, 6], [25], [1]]);
  pace.start();
  await vi.advanceTimersByTimeAsync(2_000);
  expect(seen.rounds).toBe(2);
  await vi.advanceTimersByTimeAsync(4_900);
  expect(seen.rounds).toBe(2);
  await vi.advanceTimersByTimeAsync(200);
  expect(seen.rounds).toBe(3);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(seen.rounds).toBe(4);
});

test('one slow round between quick ones makes nothing late', async () => {
  const { pace, seen } = rounds([[50], [1], [50], [1], [1]]);
  pace.start();
  await vi.advanceTimersByTimeAsync(5_500);
  expect(seen.rounds).toBe(5);
});

test('nothing is older than ten seconds, and a write that fails is measured too', async () => {
  const { pace, seen } = rounds([[-2_000]]);
  pace.start();
  await vi.advanceTimersByTimeAsync(1_000 + 1_000 + 9_900);
  expect(seen).toEqual({ rounds: 2, failures: 2 });
  await vi.advanceTimersByTimeAsync(100);
  expect(seen).toEqual({ rounds: 3, failures: 3 });
});

test('another pace keeps to its own bounds', async () => {
  const { pace, seen } = rounds([[2.5], [2.5], [80], [80], [1]], { intervalMs: 250, longestIntervalMs: 2_000 });
  pace.start();
  await vi.advanceTimersByTimeAsync(250 + 250);
  expect(seen.rounds).toBe(2);
  await vi.advanceTimersByTimeAsync(500);
  expect(seen.rounds).toBe(3);
  await vi.advanceTimersByTimeAsync(500);
  expect(seen.rounds).toBe(4);
  await vi.advanceTimersByTimeAsync(1_900);
  expect(seen.rounds).toBe(4);
  await vi.advanceTimersByTimeAsync(100);
  expect(seen.rounds).toBe(5);
});

test('after stop nothing begins', async () => {
  const { pace, seen } = rounds([[1]]);
  pace.start();
  await vi.advanceTimersByTimeAsync(2_500);
  pace.stop();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(seen.rounds).toBe(2);
});
