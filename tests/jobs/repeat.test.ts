import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { repeat } from '../../src/jobs/repeat.ts';
import { createLog } from '../../src/platform/log.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Work that is under way until it is told to end. */
function heldWork() {
  const ends: { resolve: () => void; reject: (error: Error) => void }[] = [];
  return {
    ends,
    work: () => new Promise<void>((resolve, reject) => void ends.push({ resolve, reject })),
  };
}

test('does it now and again and again, and leaves out the times that come while it is under way', async () => {
  const { ends, work } = heldWork();
  const job = repeat({ everyMs: 1000, work, log: createLog('test', 'silent'), failure: 'it failed' });
  expect(ends).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(5000);
  expect(ends).toHaveLength(1);
  ends[0]?.resolve();
  await vi.advanceTimersByTimeAsync(999);
  expect(ends).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(ends).toHaveLength(2);
  ends[1]?.resolve();
  await job.stop();
  await vi.advanceTimersByTimeAsync(5000);
  expect(ends).toHaveLength(2);
});

test('says what failed, and tries again', async () => {
  const { ends, work } = heldWork();
  const log = createLog('test', 'silent');
  const said = vi.spyOn(log, 'error');
  const job = repeat({ everyMs: 1000, work, log, failure: 'it failed' });
  const error = new Error('no room');
  ends[0]?.reject(error);
  await vi.advanceTimersByTimeAsync(1000);
  expect(said.mock.calls).toEqual([[{ err: error }, 'it failed']]);
  expect(ends).toHaveLength(2);
  ends[1]?.resolve();
  await job.stop();
});

test('stopping waits for what is under way', async () => {
  const { ends, work } = heldWork();
  const job = repeat({ everyMs: 1000, work, log: createLog('test', 'silent'), failure: 'it failed' });
  const stopped = vi.fn();
  const stopping = job.stop().then(stopped);
  await vi.advanceTimersByTimeAsync(3000);
  expect(stopped).not.toHaveBeenCalled();
  ends[0]?.resolve();
  await stopping;
  expect(ends).toHaveLength(1);
});
