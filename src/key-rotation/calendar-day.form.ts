import { DAY_MS } from '../keys/api-key.ts';

export type LastDay = { ok: true; endsAtMs: number } | { ok: false; problem: string };

/**
 * Reads `yyyy-mm-dd` as the last day, UTC, on which something works: it ends with the first moment of the next.
 * null when the text is no date at all.
 */
export function readLastDay(text: string, nowMs: number): LastDay | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!match) return null;
  const startMs = Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3]));
  // Date.UTC turns 30 February into a day of March, and the years 0 to 99 into the 20th century.
  if (new Date(startMs).toISOString().slice(0, 10) !== text) {
    return { ok: false, problem: `${text} is not a day of the calendar. Enter a date such as 2027-01-31.` };
  }
  if (startMs + DAY_MS <= nowMs) return { ok: false, problem: `${text} has passed. Enter today or a later date.` };
  return { ok: true, endsAtMs: startMs + DAY_MS };
}
