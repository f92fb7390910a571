import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { suspendDormantKeys } from '../../src/jobs/suspend-dormant-keys.ts';
import { type ApiKey, DAY_MS } from '../../src/keys/api-key.ts';
import { createKeyDormancyStore } from '../../src/key-reminders/key-dormancy-store.ts';
import { resumeDormantKey } from '../../src/key-reminders/resume-dormant-key.ts';
import { resumeKey } from '../../src/key-revocation/resume-key.ts';
import { suspendKey } from '../../src/keys/suspend-key.ts';
import { createKeyCallStore } from '../../src/usage/key-call-store.ts';
import { type House, NOW_MS, openHouse } from '../keys/house.ts';
import { noteActivity } from '../keys/activity.ts';
import { type TestDatabase, forEachDialect, openUsageTestDatabase } from '../support/databases.ts';
import type { UsageSchema } from '../../src/database/schema.ts';

forEachDialect((dialect) => {
  let house: House;
  let usage: TestDatabase<UsageSchema>;
  let applicationId: string;
  let key: ApiKey;
  beforeEach(async () => {
    house = await openHouse(dialect);
    usage = await openUsageTestDatabase(dialect);
    applicationId = await house.addApplication(house.nora);
    ({ key } = await house.addKey(applicationId));
    await house.test.database.kysely.deleteFrom('outbox').execute();
  });
  afterEach(async () => {
    await usage.close();
    await house.test.close();
  });

  /** Runs the job on this day; gives what it queued. */
  async function onDay(day: number, defaultDays: number | null = 90): Promise<string[]> {
    house.time.nowMs = NOW_MS + day * DAY_MS;
    const calls = createKeyCallStore(usage.database);
    const dormancies = createKeyDormancyStore(house.test.database);
    await suspendDormantKeys({ ...house.deps, dormancies, calls, defaultDays });
    const rows = await house.test.database.kysely.deleteFrom('outbox').returning(['kind', 'payload']).execute();
    return rows
      .map(({ kind, payload }) => (kind === 'event' ? (JSON.parse(payload) as { type: string }).type : kind))
      .sort();
  }

  const plan = (dormantDays: number, action: 'remind' | 'suspend') =>
    house.addSubscription(applicationId, { api_slug: 'parcels', dormant_days: dormantDays, dormant_action: action });
  const call = (day: number) => noteActivity(usage.database, key, { last_called_at_ms: NOW_MS + day * DAY_MS });
  const state = async () => (await house.stored(key)).suspendCause;

  describe('a key that nobody uses', () => {
    it('is told of once, after the days of the setting, and goes on working', async () => {
      expect(await onDay(89)).toEqual([]);
      expect(await onDay(90)).toEqual(['key.dormant', 'mail.key_dormant']);
      expect(await onDay(91)).toEqual([]);
      expect(await onDay(300)).toEqual([]);
      expect(await state()).toBeNull();
    });

    it('is dormant so long after its last call, and again after the next silence', async () => {
      await call(80);
      expect(await onDay(169)).toEqual([]);
      expect(await onDay(170)).toEqual(['key.dormant', 'mail.key_dormant']);
      await call(171);
      expect(await onDay(260)).toEqual([]);
      expect(await onDay(261)).toEqual(['key.dormant', 'mail.key_dormant']);
    });

    it('is suspended two weeks after its team was told, when the plan says so', async () => {
      await plan(30, 'suspend');
      expect(await onDay(29)).toEqual([]);
      expect(await onDay(30)).toEqual(['key.dormant', 'mail.key_dormant']);
      expect(await onDay(43)).toEqual([]);
      expect(await onDay(44)).toEqual(['key.suspended', 'mail.key_dormant']);
      expect(await state()).toBe('dormancy');
      const [entry] = await house.deps.audit.entriesOf(key.id, 1);
      expect(entry).toMatchObject({ action: 'key.suspended', actor: 'system', details: { reason: 'Never called' } });
    });

    it('is never suspended before its team was told, however late the portal looks', async () => {
      await plan(30, 'suspend');
      expect(await onDay(200)).toEqual(['key.dormant', 'mail.key_dormant']);
      expect(await state()).toBeNull();
      expect(await onDay(213)).toEqual([]);
      expect(await onDay(214)).toContain('key.suspended');
    });

    it('is left alone when it is called in those two weeks', async () => {
      await plan(30, 'suspend');
      await onDay(30);
      await call(40);
      expect(await onDay(44)).toEqual([]);
      expect(await state()).toBeNull();
    });

    it('follows the strictest of several plans', async () => {
      await plan(60, 'remind');
      await house.addSubscription(applicationId, {
        api_slug: 'quotes',
        dormant_days: 200,
        dormant_action: 'suspend',
      });
      await onDay(60);
      expect(await onDay(74)).toContain('key.suspended');
    });

    it('is left alone without setting and plan, and so is one that was rotated or has ended', async () => {
      expect(await onDay(900, null)).toEqual([]);
      await house.rotate(key);
      await house.test.database.kysely.deleteFrom('outbox').execute();
      house.time.nowMs = NOW_MS;
      expect(await onDay(0.5, 1)).toEqual([]);
    });
  });

  describe('resuming it', () => {
    const reference = () => ({ applicationId, keyId: key.id });
    const deps = () => ({ ...house.deps, dormancies: createKeyDormancyStore(house.test.database) });

    it('is the developer’s own business, and the silence counts anew', async () => {
      await plan(30, 'suspend');
      await onDay(30);
      await onDay(44);
      expect(await resumeDormantKey(deps(), house.mallory, reference())).toMatchObject({ reason: 'not_found' });
      expect(await resumeDormantKey(deps(), house.nora, reference())).toMatchObject({ ok: true });
      expect(await house.stored(key)).toMatchObject({ suspendedAtMs: null, suspendCause: null });
      expect(await onDay(73)).toEqual(['key.resumed']);
      expect(await onDay(74)).toEqual(['key.dormant', 'mail.key_dormant']);
    });

    it('does not lift what an owner suspended, before or after', async () => {
      const owner = { ...house.mallory, role: 'owner' as const };
      await suspendKey(house.deps, owner, { keyId: key.id, message: 'Abuse.' });
      expect(await resumeDormantKey(deps(), house.nora, reference())).toMatchObject({ reason: 'key_not_active' });
      await resumeKey(house.deps, owner, { keyId: key.id, message: 'Settled.' });
      await plan(30, 'suspend');
      await onDay(30);
      await onDay(44);
      expect(await state()).toBe('dormancy');
      expect(await suspendKey(house.deps, owner, { keyId: key.id, message: 'Abuse.' })).toMatchObject({ ok: true });
      expect(await resumeDormantKey(deps(), house.nora, reference())).toMatchObject({ reason: 'key_not_active' });
    });
  });
});
