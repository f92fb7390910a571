import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { seedExample } from '../../db/seed/example.ts';
import { remindExpiringKeys } from '../../src/jobs/remind-expiring-keys.ts';
import { type ApiKey, DAY_MS } from '../../src/keys/api-key.ts';
import { reminderDaysAt } from '../../src/key-reminders/key-reminder.ts';
import { createKeyReminderStore } from '../../src/key-reminders/key-reminder-store.ts';
import { revokeKey } from '../../src/key-revocation/revoke-key.ts';
import { scheduleRotation } from '../../src/key-rotation/schedule-rotation.ts';
import type { OutboxPayloads } from '../../src/database/outbox.ts';
import { type House, NOW_MS, PEPPER, openHouse } from '../keys/house.ts';
import { forEachDialect } from '../support/databases.ts';

const LEAD_DAYS = [30, 14, 7, 1];

describe('the reminder that is due', () => {
  const dueAtMs = 100 * DAY_MS;
  const daysAt = (nowMs: number, createdAtMs = 0) =>
    reminderDaysAt('expiry', { createdAtMs, dueAtMs, nowMs }, LEAD_DAYS);

  it.each([
    [70 * DAY_MS - 1, null],
    [70 * DAY_MS, 30],
    [86 * DAY_MS - 1, 30],
    [86 * DAY_MS, 14],
    [93 * DAY_MS, 7],
    [99 * DAY_MS, 1],
    [100 * DAY_MS - 1, 1],
    [100 * DAY_MS, 0],
    [107 * DAY_MS - 1, 0],
    [107 * DAY_MS, null],
  ])('at %s is that of %s days', (nowMs, days) => {
    expect(daysAt(nowMs)).toBe(days);
  });

  it('is none whose time came before the key was made', () => {
    expect(daysAt(70 * DAY_MS, 70 * DAY_MS)).toBeNull();
    expect(daysAt(95 * DAY_MS, 90 * DAY_MS)).toBe(7);
    expect(daysAt(100 * DAY_MS, 99.5 * DAY_MS)).toBe(0);
  });

  it('of a rotation stays due however late it is', () => {
    expect(reminderDaysAt('rotation', { createdAtMs: 0, dueAtMs, nowMs: 900 * DAY_MS }, LEAD_DAYS)).toBe(0);
  });
});

forEachDialect((dialect) => {
  let house: House;
  let applicationId: string;
  beforeEach(async () => {
    house = await openHouse(dialect);
    applicationId = await house.addApplication(house.nora);
  });
  afterEach(() => house.test.close());

  /** Runs the job every twelve hours until `days` after the start, and tells on which day it queued what. */
  async function remindedUntil(days: number): Promise<string[]> {
    const told: string[] = [];
    while (house.time.nowMs < NOW_MS + days * DAY_MS) {
      house.time.nowMs += DAY_MS / 2;
      told.push(...(await remind()));
    }
    return told;
  }

  async function remind(): Promise<string[]> {
    const reminders = createKeyReminderStore(house.test.database);
    await remindExpiringKeys({ ...house.deps, reminders, leadDays: LEAD_DAYS });
    const rows = await house.test.database.kysely.deleteFrom('outbox').returning(['kind', 'payload']).execute();
    const mails = rows.filter(({ kind }) => kind.startsWith('mail.'));
    return mails.map(({ kind, payload }) => {
      const { event, dueAtMs } = JSON.parse(payload) as OutboxPayloads['mail.key_reminder'];
      return `${kind} day ${(house.time.nowMs - NOW_MS) / DAY_MS}: ${event} in ${(dueAtMs - house.time.nowMs) / DAY_MS}`;
    });
  }

  const schedule = (key: ApiKey, rotationIntervalDays: number | null) =>
    scheduleRotation(house.deps, house.nora, { applicationId, keyId: key.id, rotationIntervalDays });

  describe('remindExpiringKeys', () => {
    it('reminds of an expiry 30, 14, 7 and 1 day before and when it has come, each once', async () => {
      await house.addKey(applicationId, { expiresAtMs: NOW_MS + 40 * DAY_MS });
      await house.addKey(applicationId);
      expect(await remindedUntil(60)).toEqual([
        'mail.key_reminder day 10: expiry in 30',
        'mail.key_reminder day 26: expiry in 14',
        'mail.key_reminder day 33: expiry in 7',
        'mail.key_reminder day 39: expiry in 1',
        'mail.key_reminder day 40: expiry in 0',
      ]);
    });

    it('reminds of a rotation that the key, or more strictly a plan, asks for', async () => {
      const { key } = await house.addKey(applicationId);
      await schedule(key, 90);
      await house.addSubscription(applicationId, { api_slug: 'parcels', rotation_interval_days: 20 });
      expect(await remindedUntil(60)).toEqual([
        'mail.key_reminder day 6: rotation in 14',
        'mail.key_reminder day 13: rotation in 7',
        'mail.key_reminder day 19: rotation in 1',
        'mail.key_reminder day 20: rotation in 0',
      ]);
    });

    it('reminds anew when the schedule has changed, and of the expiry alone when that comes first', async () => {
      const { key } = await house.addKey(applicationId, { expiresAtMs: NOW_MS + 20 * DAY_MS });
      await schedule(key, 10);
      expect(await remindedUntil(3)).toEqual(['mail.key_reminder day 3: rotation in 7']);
      await schedule(key, 12);
      expect(await remindedUntil(5)).toEqual(['mail.key_reminder day 5: rotation in 7']);
      await schedule(key, 20);
      expect(await remindedUntil(6)).toEqual(['mail.key_reminder day 6: expiry in 14']);
    });

    it('catches up after a pause with one reminder, and says nothing of what expired long ago', async () => {
      await house.addKey(applicationId, { expiresAtMs: NOW_MS + 40 * DAY_MS });
      await house.addKey(applicationId, { expiresAtMs: NOW_MS + 20 * DAY_MS });
      house.time.nowMs = NOW_MS + 35 * DAY_MS;
      expect(await remind()).toEqual(['mail.key_reminder day 35: expiry in 5']);
      expect(await remind()).toEqual([]);
    });

    it('is silent about a key that was rotated, revoked or suspended, or whose application was deleted', async () => {
      const { kysely } = house.test.database;
      const expiresAtMs = NOW_MS + 40 * DAY_MS;
      const [rotated, revoked, suspended] = [
        await house.addKey(applicationId, { expiresAtMs }),
        await house.addKey(applicationId, { expiresAtMs }),
        await house.addKey(applicationId, { expiresAtMs }),
      ];
      const deleted = await house.addApplication(house.nora);
      await house.addKey(deleted, { expiresAtMs });
      await kysely.updateTable('application').set({ deleted_at_ms: 1 }).where('id', '=', deleted).execute();
      await revokeKey(house.deps, house.nora, { applicationId, keyId: revoked.key.id, reason: '' });
      await kysely.updateTable('api_key').set({ suspended_at_ms: 1 }).where('id', '=', suspended.key.id).execute();
      house.time.nowMs = NOW_MS + 1;
      const successor = await house.rotate(rotated.key, 20 * DAY_MS);
      await revokeKey(house.deps, house.nora, { applicationId, keyId: successor.key.id, reason: '' });
      expect(await remindedUntil(50)).toEqual([]);
    });

    it('finds every key, also when there are more than it reads at once', async () => {
      const { database } = house.test;
      await seedExample(database, { ...house.deps, pepper: PEPPER, keys: 520, nowMs: NOW_MS });
      await database.kysely
        .updateTable('api_key')
        .set({ expires_at_ms: NOW_MS + 40 * DAY_MS })
        .execute();
      house.time.nowMs = NOW_MS + 10 * DAY_MS;
      expect(await remind()).toHaveLength(520);
    });

    it('queues a reminder once though two processes look at the same time', async () => {
      await house.addKey(applicationId, { expiresAtMs: NOW_MS + 40 * DAY_MS });
      house.time.nowMs = NOW_MS + 10 * DAY_MS;
      const told = await Promise.all([remind(), remind(), remind()]);
      expect(told.flat()).toHaveLength(1);
    });
  });
});
