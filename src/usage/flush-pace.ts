import type { Clock } from '../platform/clock.ts';
import { type PacedWriting, paceWriting } from './paced-writing.ts';

/** How often what was counted is written to the database. Until then the journal holds it. */
const FLUSH_INTERVAL_MS = 250;
/** Where writing holds up calls, and very many subscriptions call. */
const LONGEST_FLUSH_INTERVAL_MS = 2_000;
const REMOVAL_EVERY_MS = 3_600_000;

export interface FlushPaceDeps {
  /** The database is written in the thread that answers calls. */
  holdsUpCalls: boolean;
  store: { removeOld(nowMs: number): Promise<void> };
  clock: Clock;
  onWriteError: (error: unknown) => void;
}

/** Flushes again and again, and forgets once an hour what is not needed any more. */
export function paceFlushes(
  flush: () => Promise<void>,
  { holdsUpCalls, store, clock, onWriteError }: FlushPaceDeps,
): PacedWriting {
  let removedAtMs = -Infinity;
  async function round(): Promise<void> {
    await flush();
    const nowMs = clock.nowMs();
    if (nowMs - removedAtMs < REMOVAL_EVERY_MS) return;
    removedAtMs = nowMs;
    await store.removeOld(nowMs).catch(onWriteError);
  }
  return paceWriting(round, {
    intervalMs: FLUSH_INTERVAL_MS,
    longestIntervalMs: holdsUpCalls ? LONGEST_FLUSH_INTERVAL_MS : FLUSH_INTERVAL_MS,
  });
}
