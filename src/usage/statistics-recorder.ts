import { setImmediate as nextTurn } from 'node:timers/promises';

import { type NotedAnswer, type NotedCalls, type Rehash, createCallTally } from './call-tally.ts';
import { paceWriting } from './paced-writing.ts';
import type { StatisticsBatch, StatisticsStore } from './statistics-store.ts';

/** Keys per transaction: SQLite writes within the turn, and calls wait for its end. */
const KEYS_PER_TRANSACTION = 50;
const KEPT_ADDRESSES = 1000;
/** Addresses written for a key until its oldest ones are looked for again. */
const ADDRESSES_BETWEEN_TRIMS = 250;
const MOST_KEYS_WATCHED = 50_000;

/** Notes what was called, for pages; what limits need is counted elsewhere. Writing never holds up a call for long. */
export interface StatisticsRecorder {
  note(calls: NotedCalls): void;
  noteAnswer(answer: NotedAnswer): void;
  noteRehash(rehash: Rehash): void;
  /** Writes what was noted; a failure is reported and tried again by the next flush. */
  flush(): Promise<void>;
  start(): void;
  /** Stops the timer and writes what is left. */
  stop(): Promise<void>;
  state(): StatisticsState;
}

export interface StatisticsState {
  flushes: number;
  failedFlushes: number;
  /** The last attempt to write failed. */
  isFailing: boolean;
  /** Calls that found no room in memory since the start. */
  dropped: number;
}

export interface StatisticsRecorderDeps {
  store: Pick<StatisticsStore, 'add' | 'trimAddresses'>;
  /** Asks for what was noted elsewhere first. */
  gather?: () => Promise<void>;
  onWriteError: (error: unknown) => void;
}

export function createStatisticsRecorder({ store, gather, onWriteError }: StatisticsRecorderDeps): StatisticsRecorder {
  const tally = createCallTally();
  const state = { flushes: 0, failedFlushes: 0, isFailing: false };
  /** Addresses written since the last trim, by key. */
  const written = new Map<string, number>();
  let flushing: Promise<void> | null = null;
  const pace = paceWriting(flush);

  async function writeAll(): Promise<void> {
    await gather?.().catch(onWriteError);
    let keys = tally.keys();
    if (keys > 0) state.flushes += 1;
    for (; keys > 0; keys -= KEYS_PER_TRANSACTION) {
      const part = tally.take(KEYS_PER_TRANSACTION);
      try {
        await pace.write(() => store.add(part));
        state.isFailing = false;
      } catch (error) {
        tally.putBack(part);
        state.failedFlushes += 1;
        state.isFailing = true;
        onWriteError(error);
        return;
      }
      await trim(part);
      await nextTurn();
    }
  }

  async function trim({ addresses }: StatisticsBatch): Promise<void> {
    if (written.size > MOST_KEYS_WATCHED) written.clear();
    for (const { key_id } of addresses) written.set(key_id, (written.get(key_id) ?? 0) + 1);
    for (const { key_id } of addresses) {
      if ((written.get(key_id) ?? 0) < ADDRESSES_BETWEEN_TRIMS) continue;
      written.delete(key_id);
      // Another trim will come: a failing one must not make the batch be counted twice.
      await store.trimAddresses(key_id, KEPT_ADDRESSES).catch(onWriteError);
    }
  }

  /** One at a time; who asks meanwhile gets the one under way. */
  async function flush(): Promise<void> {
    flushing ??= writeAll().finally(() => {
      flushing = null;
    });
    await flushing;
  }

  return {
    note: (calls) => tally.note(calls),
    noteAnswer: (answer) => tally.noteAnswer(answer),
    noteRehash: (rehash) => tally.noteRehash(rehash),
    flush,
    start: () => pace.start(),
    async stop() {
      pace.stop();
      // A flush under way took its batch before the last calls.
      await flushing;
      await flush();
    },
    state: () => ({ ...state, dropped: tally.dropped() }),
  };
}
