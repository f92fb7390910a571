import { DAY_MS } from '../keys/api-key.ts';

/** A key ends by date, or is due to be rotated. */
export type ReminderEvent = 'expiry' | 'rotation';

/** How long after an expiry a portal that was down still tells of it. */
export const EXPIRY_TOLD_FOR_MS = 7 * DAY_MS;

export interface ReminderTimes {
  createdAtMs: number;
  dueAtMs: number;
  nowMs: number;
}

/**
 * Which reminder is to be sent now: the days before the due time, 0 when it has come; null for none.
 * Of several whose time has come the last stands for all, and none is sent whose time came before the key was made.
 * @param leadDays days before the due time at which to remind
 */
export function reminderDaysAt(
  event: ReminderEvent,
  { createdAtMs, dueAtMs, nowMs }: ReminderTimes,
  leadDays: readonly number[],
): number | null {
  if (nowMs >= dueAtMs) return event === 'expiry' && nowMs >= dueAtMs + EXPIRY_TOLD_FOR_MS ? null : 0;
  const come = leadDays.filter((days) => {
    const atMs = dueAtMs - days * DAY_MS;
    return atMs <= nowMs && atMs > createdAtMs;
  });
  return come.length === 0 ? null : Math.min(...come);
}
