import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { DAY_MS, cappedExpiryAtMs } from '../../src/keys/api-key.ts';
import { forEachDialect } from '../support/databases.ts';
import { type House, NOW_MS, openHouse } from './house.ts';

describe('the expiry of a key', () => {
  it.each([
    [null, null, null],
    [NOW_MS + 1, null, NOW_MS + 1],
    [null, 30, NOW_MS + 30 * DAY_MS],
    [NOW_MS + 29 * DAY_MS, 30, NOW_MS + 29 * DAY_MS],
    [NOW_MS + 31 * DAY_MS, 30, NOW_MS + 30 * DAY_MS],
  ])('wished at %s, with at most %s days, is %s', (wishedAtMs, days, expiresAtMs) => {
    expect(cappedExpiryAtMs(wishedAtMs, days, NOW_MS)).toBe(expiresAtMs);
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

  describe('a plan that limits the life of keys', () => {
    it('limits keys that are issued and rotated under it, and leaves those that are there', async () => {
      const before = await house.addKey(applicationId);
      await house.addSubscription(applicationId, { api_slug: 'parcels', max_lifetime_days: 365 });
      await house.addSubscription(applicationId, { api_slug: 'quotes', max_lifetime_days: 30 });
      expect((await house.addKey(applicationId)).key.expiresAtMs).toBe(NOW_MS + 30 * DAY_MS);
      expect((await house.stored(before.key)).expiresAtMs).toBeNull();
      house.time.nowMs = NOW_MS + DAY_MS;
      const successor = await house.rotate(before.key);
      expect((await house.stored(successor.key)).expiresAtMs).toBe(NOW_MS + 31 * DAY_MS);
    });
  });
});
