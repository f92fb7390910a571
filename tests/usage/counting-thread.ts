import { workerData } from 'node:worker_threads';

import { SharedCounts } from '../../src/usage/shared-counts.ts';

/** Adds to two numbers of one place, so that whoever looks without the lock would see them differ. */
const { memory, owner, times } = workerData as { memory: SharedArrayBuffer; owner: number; times: number };
const counts = new SharedCounts(memory, owner);
const lock = counts.lockOf('sub_1');
for (let time = 0; time < times; time += 1) {
  counts.hold(lock);
  const [first = 0, second = 0] = counts.numbers;
  if (first !== second) throw new Error(`${first} is not ${second}`);
  counts.numbers[0] = first + 1;
  counts.numbers[1] = second + 1;
  counts.release(lock);
}
