import { monotonicMs } from '../platform/clock.ts';

/** Shares the thread with calls: what is written for pages may be late, calls may not. */
export interface PacedWriting {
  /** Measures one write of a round; its failure is passed on. */
  write(work: () => Promise<void>): Promise<void>;
  start(): void;
  stop(): void;
}

/** What pages show is this old, or older under load. */
const INTERVAL_MS = 1000;
const LONGEST_INTERVAL_MS = 10_000;
/** Of the time of the thread, of each kind of writing. */
const MOST_SHARE = 1 / 100;

/**
 * Runs rounds of writing a second apart; further apart when a round takes long, so that writing stays below a hundredth of
 * the time however many keys call. Beyond ten seconds it does not wait.
 */
export function paceWriting(round: () => Promise<void>, nowMs: () => number = monotonicMs): PacedWriting {
  let timer: NodeJS.Timeout | null = null;
  let writingMs = 0;

  async function run(): Promise<void> {
    writingMs = 0;
    await round();
    if (timer) schedule();
  }

  function schedule(): void {
    const pauseMs = Math.min(LONGEST_INTERVAL_MS, Math.max(INTERVAL_MS, writingMs / MOST_SHARE));
    timer = setTimeout(() => void run(), pauseMs);
  }

  return {
    async write(work) {
      const startedMs = nowMs();
      try {
        await work();
      } finally {
        writingMs += nowMs() - startedMs;
      }
    },
    start() {
      if (!timer) schedule();
    },
    stop() {
      if (timer) clearTimeout(timer);
      timer = null;
    },
  };
}
