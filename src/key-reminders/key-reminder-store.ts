import { type ExpressionBuilder, type Transaction, sql } from 'kysely';

import type { Database } from '../database/database.ts';
import type { Random } from '../platform/random.ts';
import type { PortalSchema } from '../database/schema.ts';
import { type ApiKey, DAY_MS } from '../keys/api-key.ts';
import { EXPIRY_TOLD_FOR_MS, type ReminderEvent } from './key-reminder.ts';
import { tellOfKey } from '../keys/key-event-store.ts';
import { toApiKey } from '../keys/key-row.ts';
import { mailTeam } from './team-mail-store.ts';

export interface KeyReminderStore {
  /**
   * Keys that expire, or are to be rotated, by `untilMs` and whose team was not told yet that the time has come.
   * In the order of their ids, so that `afterKeyId` gives the next ones.
   */
  listDue(event: ReminderEvent, page: DuePage): Promise<readonly DueKey[]>;
  /** Queues the mails to the team and the event, once for each event, due time and number of days. */
  remindOnce(reminder: Reminder, random: Random): Promise<void>;
}

export interface DuePage {
  nowMs: number;
  untilMs: number;
  afterKeyId: string;
  limit: number;
}

export interface DueKey {
  key: ApiKey;
  teamId: string;
  dueAtMs: number;
  /** Fewest days of the reminders sent for this due time; null when there was none. */
  remindedDays: number | null;
}

export interface Reminder {
  event: ReminderEvent;
  keyId: string;
  teamId: string;
  dueAtMs: number;
  days: number;
  nowMs: number;
}

export function createKeyReminderStore({ kysely }: Database<PortalSchema>): KeyReminderStore {
  return {
    async listDue(event, { nowMs, untilMs, afterKeyId, limit }) {
      const rows = await kysely
        .selectFrom((expression) => dueKeys(expression, event, nowMs).as('due'))
        .selectAll('due')
        .$narrowType<{ due_at_ms: number }>()
        .where('due_at_ms', '<=', untilMs)
        .where('due.id', '>', afterKeyId)
        .where((row) => row.or([row('reminded_days', 'is', null), row('reminded_days', '>', 0)]))
        .orderBy('due.id')
        .limit(limit)
        .execute();
      return rows.map((row) => ({
        key: toApiKey(row),
        teamId: row.team_id,
        dueAtMs: row.due_at_ms,
        remindedDays: row.reminded_days,
      }));
    },
    remindOnce: (reminder, random) =>
      kysely.transaction().execute(async (transaction) => {
        const { event, keyId, teamId, dueAtMs, days, nowMs } = reminder;
        const row = await transaction
          .insertInto('key_reminder')
          .values({ key_id: keyId, event, due_at_ms: dueAtMs, days, sent_at_ms: nowMs })
          .onConflict((conflict) => conflict.columns(['key_id', 'event', 'due_at_ms', 'days']).doNothing())
          .returning('key_id')
          .executeTakeFirst();
        if (!row) return;
        const payloadFor = (accountId: string) => ({ accountId, keyId, event, dueAtMs });
        await mailTeam(transaction, { teamId, except: null, kind: 'mail.key_reminder', payloadFor, random, nowMs });
        await tellOfReminder(transaction, reminder, random);
      }),
  };
}

async function tellOfReminder(
  transaction: Transaction<PortalSchema>,
  { event, keyId, teamId, dueAtMs, days, nowMs }: Reminder,
  random: Random,
): Promise<void> {
  const row = await transaction.selectFrom('api_key').selectAll().where('id', '=', keyId).executeTakeFirst();
  if (!row) return;
  const [key, about] = [toApiKey(row), { atMs: nowMs, teamId }];
  if (event === 'rotation') return tellOfKey(transaction, key, 'key.rotation_due', { dueAtMs, days }, about, random);
  if (days === 0) return tellOfKey(transaction, key, 'key.expired', { expiredAtMs: dueAtMs }, about, random);
  return tellOfKey(transaction, key, 'key.expiring', { expiresAtMs: dueAtMs, days }, about, random);
}

/** A replaced key needs no reminder: its end was chosen when it was rotated. */
function dueKeys(expression: ExpressionBuilder<PortalSchema, never>, event: ReminderEvent, nowMs: number) {
  const dueAt = event === 'expiry' ? expiresAt : rotationDueAt;
  const keys = expression
    .selectFrom('api_key')
    .innerJoin('application', 'application.id', 'api_key.application_id')
    .selectAll('api_key')
    .select(['application.team_id', dueAt.as('due_at_ms'), remindedDays(event, dueAt).as('reminded_days')])
    .where('application.deleted_at_ms', 'is', null)
    .where('api_key.revoked_at_ms', 'is', null)
    .where('api_key.suspended_at_ms', 'is', null)
    .where('api_key.replaced_by_key_id', 'is', null);
  if (event === 'expiry') return keys.where('api_key.expires_at_ms', '>', nowMs - EXPIRY_TOLD_FOR_MS);
  // What expires before it is due is told of its expiry.
  return keys.where((row) =>
    row.or([
      row('api_key.expires_at_ms', 'is', null),
      row.and([row('api_key.expires_at_ms', '>', nowMs), row('api_key.expires_at_ms', '>', rotationDueAt)]),
    ]),
  );
}

const expiresAt = sql<number | null>`api_key.expires_at_ms`;

function remindedDays(event: ReminderEvent, dueAt: typeof rotationDueAt) {
  return sql<number | null>`(
    select min(days) from key_reminder
    where key_reminder.key_id = api_key.id and event = ${event} and key_reminder.due_at_ms = ${dueAt})`;
}

/** As `rotationDueAtMs` computes it; neither database has the other's way to take the lesser of two numbers. */
const planInterval = sql`(
  select min(plan.rotation_interval_days) from subscription
  join plan on plan.api_slug = subscription.api_slug and plan.slug = subscription.plan_slug
  where subscription.application_id = api_key.application_id and subscription.ended_at_ms is null)`;

const rotationDueAt = sql<number | null>`api_key.created_at_ms + ${sql.lit(DAY_MS)} * case
  when api_key.rotation_interval_days < ${planInterval} then api_key.rotation_interval_days
  else coalesce(${planInterval}, api_key.rotation_interval_days) end`;
