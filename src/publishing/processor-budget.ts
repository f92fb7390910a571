import type { Worker } from 'node:worker_threads';

const LOOK_EVERY_MS = 50;
/** However little a busy machine gives to a thread, nobody waits for longer. */
const LONGEST_WAIT_MS = 90_000;

/**
 * Calls `onSpent` when the thread has used so much processor time from now on. Not the time on the clock: on a machine
 * with much to do, that says nothing about the document.
 */
export function limitProcessorTime(worker: Worker, ms: number, onSpent: () => void): { stop(): void } {
  let startMs: number | null = null;
  let isLooking = false;
  const look = async (): Promise<void> => {
    if (isLooking) return;
    isLooking = true;
    // Rejects once the thread has ended, which its owner hears of by itself.
    const usage = await worker.cpuUsage().catch(() => null);
    isLooking = false;
    if (!usage) return;
    const spentMs = (usage.user + usage.system) / 1000;
    startMs ??= spentMs;
    if (spentMs - startMs > ms) onSpent();
  };
  const looking = setInterval(() => void look(), LOOK_EVERY_MS);
  const waiting = setTimeout(onSpent, LONGEST_WAIT_MS);
  void look();
  return {
    stop() {
      clearInterval(looking);
      clearTimeout(waiting);
    },
  };
}
