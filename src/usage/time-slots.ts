/** Lengths of time for which calls are summed, all in UTC. */
export type Grain = 'hour' | 'day' | 'month';

export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

/** Start of the hour, day or month in which a moment lies. */
export function slotStart(grain: Grain, atMs: number): number {
  if (grain === 'hour') return atMs - (atMs % HOUR_MS);
  if (grain === 'day') return atMs - (atMs % DAY_MS);
  const at = new Date(atMs);
  return Date.UTC(at.getUTCFullYear(), at.getUTCMonth());
}

/** The last `count` starts, oldest first; the last one is that of `nowMs`. */
export function slotStarts(grain: Grain, count: number, nowMs: number): number[] {
  const last = slotStart(grain, nowMs);
  return Array.from({ length: count }, (_, index) => startBefore(grain, last, count - 1 - index));
}

function startBefore(grain: Grain, startMs: number, slots: number): number {
  if (grain === 'hour') return startMs - slots * HOUR_MS;
  if (grain === 'day') return startMs - slots * DAY_MS;
  const start = new Date(startMs);
  return Date.UTC(start.getUTCFullYear(), start.getUTCMonth() - slots);
}

/** Where the slot that begins at `startMs` ends. */
export function slotEnd(grain: Grain, startMs: number): number {
  return startBefore(grain, startMs, -1);
}
