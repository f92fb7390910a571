/** Refused requests that are written down at once; after these, one for every `REFILL_MS`, so that nobody fills a disk. */
const AT_ONCE = 50;
const REFILL_MS = 200;

/** What somebody may not do, or may not do so often, or what could be read in two ways. Not: what is not there. */
const REFUSALS = new Set([400, 401, 403, 413, 415, 417, 421, 429, 431]);

export interface RefusalPace {
  /** Whether to write this answer down as refused, and how many were not since the last one. */
  note(status: number, nowMs: number): { isTold: false } | { isTold: true; untold: number };
}

export function createRefusalPace(): RefusalPace {
  let room = AT_ONCE;
  let refilledMs = 0;
  let untold = 0;
  return {
    note(status, nowMs) {
      if (!REFUSALS.has(status)) return { isTold: false };
      room = Math.min(AT_ONCE, room + (nowMs - refilledMs) / REFILL_MS);
      refilledMs = nowMs;
      if (room < 1) {
        untold += 1;
        return { isTold: false };
      }
      room -= 1;
      const before = untold;
      untold = 0;
      return { isTold: true, untold: before };
    },
  };
}
