import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { type ApiKey, DAY_MS } from '../../src/keys/api-key.ts';
import { changeOverlap } from '../../src/key-rotation/change-overlap.ts';
import { readKeyHistory } from '../../src/keys/read-key-history.ts';
import { revokeKey } from '../../src/key-revocation/revoke-key.ts';
import { scheduleRotation } from '../../src/key-rotation/schedule-rotation.ts';
import { forEachDialect } from '../support/databases.ts';
import { type House, NOW_MS, openHouse } from '../keys/house.ts';

const HOUR_MS = DAY_MS / 24;

forEachDialect((dialect) => {
  let house: House;
  let applicationId: string;
  let key: ApiKey;
  beforeAll(async () => {
    house = await openHouse(dialect);
  });
  beforeEach(async () => {
    house.time.nowMs = NOW_MS;
    applicationId = await house.addApplication(house.nora);
    ({ key } = await house.addKey(applicationId));
  });
  afterAll(() => house.test.close());

  const change = (overlapMs: number, actor = house.nora) =>
    changeOverlap(house.deps, actor, { applicationId, keyId: key.id, overlapMs });

  describe('changeOverlap', () => {
    it('ends the old key at once, once and for good', async () => {
      await house.rotate(key);
      house.time.nowMs += 5;
      expect(await change(0)).toMatchObject({ ok: true, key: { expiresAtMs: NOW_MS + 5 } });
      expect(await change(HOUR_MS)).toEqual({ ok: false, reason: 'not_in_overlap' });
      const [entry] = await readKeyHistory(house.deps, house.nora, { applicationId, keyId: key.id });
      expect(entry).toMatchObject({
        action: 'key.overlap_changed',
        details: { endsAtMs: NOW_MS + 5, formerlyAtMs: NOW_MS + DAY_MS },
      });
    });

    it('extends the overlap within the limit of the plan, which counts from the rotation', async () => {
      await house.addSubscription(applicationId, { api_slug: 'parcels', overlap_max_days: 7 });
      await house.rotate(key);
      house.time.nowMs += DAY_MS / 2;
      const latestEndsAtMs = NOW_MS + 7 * DAY_MS;
      expect(await change(7 * DAY_MS)).toEqual({ ok: false, reason: 'overlap_too_long', latestEndsAtMs });
      expect(await change(6.5 * DAY_MS)).toMatchObject({ ok: true, key: { expiresAtMs: latestEndsAtMs } });
    });

    it('never goes past the expiry that the key had before', async () => {
      ({ key } = await house.addKey(applicationId, { expiresAtMs: NOW_MS + 2 * DAY_MS }));
      await house.rotate(key, HOUR_MS);
      expect(await change(5 * DAY_MS)).toMatchObject({ ok: true, key: { expiresAtMs: NOW_MS + 2 * DAY_MS } });
    });

    it('may always shorten, also when the plan has become stricter since', async () => {
      await house.rotate(key, 20 * DAY_MS);
      await house.addSubscription(applicationId, { api_slug: 'parcels', overlap_max_days: 1 });
      expect(await change(10 * DAY_MS)).toMatchObject({ ok: true, key: { expiresAtMs: NOW_MS + 10 * DAY_MS } });
      expect(await change(11 * DAY_MS)).toMatchObject({ ok: false, reason: 'overlap_too_long' });
    });

    it('refuses a key that was not rotated, one that was revoked, and that of another team', async () => {
      expect(await change(0)).toEqual({ ok: false, reason: 'not_in_overlap' });
      await house.rotate(key);
      expect(await change(0, house.mallory)).toEqual({ ok: false, reason: 'not_found' });
      await revokeKey(house.deps, house.nora, { applicationId, keyId: key.id, reason: '' });
      expect(await change(HOUR_MS)).toEqual({ ok: false, reason: 'not_in_overlap' });
      expect((await house.stored(key)).revokedAtMs).toBe(NOW_MS);
    });
  });

  describe('scheduleRotation', () => {
    const schedule = (rotationIntervalDays: number | null, actor = house.nora) =>
      scheduleRotation(house.deps, actor, { applicationId, keyId: key.id, rotationIntervalDays });

    it('keeps the interval, and hands it on to the successor', async () => {
      expect(await schedule(90)).toMatchObject({ ok: true, key: { rotationIntervalDays: 90 } });
      expect((await house.rotate(key)).key.rotationIntervalDays).toBe(90);
    });

    it('allows what is as strict as the plans or stricter, and none', async () => {
      await house.addSubscription(applicationId, { api_slug: 'parcels', rotation_interval_days: 60 });
      expect(await schedule(61)).toEqual({ ok: false, reason: 'interval_too_long', maxDays: 60 });
      expect(await schedule(61, house.mallory)).toEqual({ ok: false, reason: 'not_found' });
      for (const days of [60, 1, null]) expect(await schedule(days)).toMatchObject({ ok: true });
    });
  });
});
