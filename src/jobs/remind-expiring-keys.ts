import { DAY_MS } from '../keys/api-key.ts';
import { type ReminderEvent, reminderDaysAt } from '../key-reminders/key-reminder.ts';
import type { DueKey, KeyReminderStore } from '../key-reminders/key-reminder-store.ts';
import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import type { Random } from '../platform/random.ts';
import { type Job, repeat } from './repeat.ts';

export interface KeyRemindersDeps {
  reminders: KeyReminderStore;
  /** Days before a due time at which to remind. */
  leadDays: readonly number[];
  clock: Clock;
  random: Random;
  log: Log;
}

const EVERY_MS = 15 * 60 * 1000;
const KEYS_PER_READ = 500;

/** Reminds now and every quarter of an hour of keys that end or are to be rotated. */
export function startKeyReminders(deps: KeyRemindersDeps): Job {
  return repeat({
    everyMs: EVERY_MS,
    work: () => remindExpiringKeys(deps),
    log: deps.log,
    failure: 'reminders of keys could not be queued',
  });
}

/** One look at all keys; each reminder is queued once, however often this runs. */
export async function remindExpiringKeys(deps: Omit<KeyRemindersDeps, 'log'>): Promise<void> {
  const nowMs = deps.clock.nowMs();
  await remindOf(deps, 'expiry', nowMs);
  await remindOf(deps, 'rotation', nowMs);
}

async function remindOf(deps: Omit<KeyRemindersDeps, 'log'>, event: ReminderEvent, nowMs: number): Promise<void> {
  const untilMs = nowMs + Math.max(0, ...deps.leadDays) * DAY_MS;
  let afterKeyId = '';
  for (;;) {
    const found = await deps.reminders.listDue(event, { nowMs, untilMs, afterKeyId, limit: KEYS_PER_READ });
    for (const due of found) await remind(deps, event, due, nowMs);
    const last = found.at(-1);
    if (!last || found.length < KEYS_PER_READ) return;
    afterKeyId = last.key.id;
  }
}

async function remind(
  { reminders, leadDays, random }: Omit<KeyRemindersDeps, 'log'>,
  event: ReminderEvent,
  { key, teamId, dueAtMs, remindedDays }: DueKey,
  nowMs: number,
): Promise<void> {
  const days = reminderDaysAt(event, { createdAtMs: key.createdAtMs, dueAtMs, nowMs }, leadDays);
  if (days === null || (remindedDays !== null && remindedDays <= days)) return;
  await reminders.remindOnce({ event, keyId: key.id, teamId, dueAtMs, days, nowMs }, random);
}
