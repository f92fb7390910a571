import { setImmediate as nextTurn } from 'node:timers/promises';

import { paceWriting } from '../usage/paced-writing.ts';
import type { PolicyCountStore } from './policy-count-store.ts';
import { type BrokenPolicy, type MannersOfCalls, createPolicyTally } from './policy-tally.ts';

/** Notes how keys are used and which policies calls break, and writes it every second or so. */
export interface PolicyRecorder {
  noteManner(calls: MannersOfCalls): void;
  noteBroken(broken: BrokenPolicy): void;
  /** Writes what was noted; a failure is reported and tried again by the next flush. */
  flush(): Promise<void>;
  start(): void;
  /** Stops the timer and writes what is left. */
  stop(): Promise<void>;
}

export interface PolicyRecorderDeps {
  store: Pick<PolicyCountStore, 'add' | 'removeBefore'>;
  nowMs: () => number;
  /** Asks for what was noted elsewhere first. */
  gather?: () => Promise<void>;
  onWriteError: (error: unknown) => void;
}

/** Per transaction: SQLite writes within the turn, and calls wait for its end. */
const TAKEN_AT_ONCE = 100;
const REMOVAL_EVERY_MS = 3_600_000;
/** The longest look back of an estimate, and a day. */
export const KEPT_MS = 31 * 86_400_000;

export function createPolicyRecorder({ store, nowMs, gather, onWriteError }: PolicyRecorderDeps): PolicyRecorder {
  const tally = createPolicyTally();
  let flushing: Promise<void> | null = null;
  const pace = paceWriting(() => flush().then(removeOld));
  let removedAtMs = -Infinity;

  async function write(): Promise<void> {
    await gather?.().catch(onWriteError);
    // What is noted meanwhile waits for the next flush.
    for (let left = tally.size(); left > 0;) {
      const before = tally.size();
      const batch = tally.take(TAKEN_AT_ONCE);
      left -= before - tally.size();
      try {
        await pace.write(() => store.add(batch));
      } catch (error) {
        tally.putBack(batch);
        onWriteError(error);
        return;
      }
      await nextTurn();
    }
  }

  async function removeOld(): Promise<void> {
    const now = nowMs();
    if (now - removedAtMs < REMOVAL_EVERY_MS) return;
    removedAtMs = now;
    await store.removeBefore(now - KEPT_MS).catch(onWriteError);
  }

  async function flush(): Promise<void> {
    flushing ??= write().finally(() => {
      flushing = null;
    });
    await flushing;
  }

  return {
    noteManner: (calls) => tally.noteManner(calls),
    noteBroken: (broken) => tally.noteBroken(broken),
    flush,
    start: () => pace.start(),
    async stop() {
      pace.stop();
      // A flush under way took its batch before the last calls.
      await flushing;
      await flush();
    },
  };
}
