import { MessageChannel } from 'node:worker_threads';

import { afterEach, expect, test } from 'vitest';

import { connectThreads } from '../../src/platform/thread-calls.ts';

const channels: MessageChannel[] = [];
afterEach(() => {
  for (const { port1 } of channels.splice(0)) port1.close();
});

interface Functions {
  add: (one: number, other: number) => number;
  fail: () => never;
  later: () => Promise<string>;
}

function connect() {
  const channel = new MessageChannel();
  channels.push(channel);
  let finish: (text: string) => void = () => undefined;
  const later = new Promise<string>((resolve) => (finish = resolve));
  const there = connectThreads(channel.port2, {
    add: (one: number, other: number) => one + other,
    fail: () => {
      throw new Error('disk full');
    },
    later: () => later,
  });
  return { here: connectThreads<Functions>(channel.port1, {}), there, finish };
}

test('results come back to who asked, in whatever order', async () => {
  const { here, finish } = connect();
  const waiting = here.remote.later();
  expect(await Promise.all([here.remote.add(1, 2), here.remote.add(3, 4)])).toEqual([3, 7]);
  finish('done');
  expect(await waiting).toBe('done');
});

test('what fails there rejects here with the same message, and so does what does not exist', async () => {
  const { here } = connect();
  await expect(here.remote.fail()).rejects.toThrow('disk full');
  const other = here.remote as unknown as { toString2: () => Promise<unknown> };
  await expect(other.toString2()).rejects.toThrow('no function toString2');
});

test('when the other thread has ended, nobody waits for ever', async () => {
  const { here } = connect();
  const waiting = here.remote.later();
  here.end('it has ended');
  await expect(waiting).rejects.toThrow('it has ended');
  await expect(here.remote.add(1, 2)).rejects.toThrow('it has ended');
});
