import { monotonicMs } from '../platform/clock.ts';

/** Shares the thread with calls: what is written for pages may be late, calls may not. */
export interface PacedWriting {
  /** Measures one write of a round; its failure is passed on. */
  write(work: () => Promise<void>): Promise<void>;
  start(): void;
  stop(): void;
}

export interface Pace {
  /** Between two rounds, when they take little. */
  intervalMs: number;
  /** However long they take. */
  longestIntervalMs: number;
}

/** What pages show is this old, or older under load. */
const FOR_PAGES: Pace = { intervalMs: 1000, longestIntervalMs: 10_000 };
/** Of the time of the thread, of each kind of writing. */
const MOST_SHARE = 1 / 200;

/**
 * Runs rounds of writing a second apart; further apart when a round takes long, so that writing stays below half a hundredth
 * of the time however many keys call. Beyond ten seconds it does not wait. Of two rounds the shorter counts: one alone is
 * slow when the process is new or the disk is busy, and a page must not be old for that.
 */
export function paceWriting(
  round: () => Promise<void>,
  { intervalMs, longestIntervalMs }: Pace = FOR_PAGES,
  nowMs: () => number = monotonicMs,
): PacedWriting {
  let timer: NodeJS.Timeout | null = null;
  let writingMs = 0;
  let writingBeforeMs = 0;

  async function run(): Promise<void> {
    writingBeforeMs = writingMs;
    writingMs = 0;
    await round();
    if (timer) schedule();
  }

  function schedule(): void {
    const pauseMs = Math.min(
      longestIntervalMs,
      Math.max(intervalMs, Math.min(writingBeforeMs, writingMs) / MOST_SHARE),
    );
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
