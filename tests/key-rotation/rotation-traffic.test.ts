import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { DAY_MS } from '../../src/keys/api-key.ts';
import { quotaWindowAt } from '../../src/plans/plan.ts';
import { forEachDialect } from '../support/databases.ts';
import { API, type Gate, openGate } from '../keys/gate.ts';
import { type House, NOW_MS, openHouse } from '../keys/house.ts';

forEachDialect((dialect) => {
  let house: House;
  let gate: Gate;
  beforeAll(async () => {
    house = await openHouse(dialect);
    gate = await openGate(house);
  });
  afterAll(async () => {
    await gate.close();
    await house.test.close();
  });

  describe('a rotation under traffic', () => {
    it('refuses no call: 600 calls go on while the key is rotated three times, and the quota is exact to the call', async () => {
      house.time.nowMs = NOW_MS;
      const applicationId = await house.addApplication(house.nora);
      await house.addSubscription(applicationId, { api_slug: API });
      let { key, token } = await house.addKey(applicationId);
      const verdicts: Promise<string>[] = [];
      for (let index = 0; index < 600; index += 1) {
        verdicts.push(gate.call(token));
        house.time.nowMs += 5;
        if (index % 200 !== 100) continue;
        const old = token;
        const rotating = house.rotate(key, DAY_MS);
        for (let during = 0; during < 50; during += 1) verdicts.push(gate.call(old));
        ({ key, token } = await rotating);
      }
      const counted = await Promise.all(verdicts);
      expect(counted.filter((verdict) => verdict !== 'allowed')).toEqual([]);
      await gate.flush();
      const { id } = await house.test.database.kysely
        .selectFrom('subscription')
        .select('id')
        .where('application_id', '=', applicationId)
        .executeTakeFirstOrThrow();
      const used = await gate.usageStore.findQuotaUsed(`${id} cost day UTC`, quotaWindowAt('day', NOW_MS).startMs);
      expect(used).toBe(counted.length);
      expect(counted).toHaveLength(750);
    });

    it('neither resets nor doubles the quota: old and new key share what is left', async () => {
      house.time.nowMs = NOW_MS;
      const applicationId = await house.addApplication(house.nora);
      await house.addSubscription(applicationId, { api_slug: API, quota: 10 });
      const { key, token } = await house.addKey(applicationId);
      for (let index = 0; index < 6; index += 1) expect(await gate.call(token)).toBe('allowed');
      const successor = await house.rotate(key);
      const rest: string[] = [];
      for (let index = 0; index < 3; index += 1) rest.push(await gate.call(token), await gate.call(successor.token));
      expect(rest.filter((verdict) => verdict === 'allowed')).toHaveLength(4);
      expect(rest.slice(4)).toEqual(['quota_exceeded', 'quota_exceeded']);
    });

    it('neither resets nor doubles the rate limit', async () => {
      house.time.nowMs = NOW_MS;
      const applicationId = await house.addApplication(house.nora);
      await house.addSubscription(applicationId, { api_slug: API, rate_limit: 4, rate_window_seconds: 60 });
      const { key, token } = await house.addKey(applicationId);
      const first = [await gate.call(token), await gate.call(token), await gate.call(token)];
      const successor = await house.rotate(key);
      const second = [await gate.call(successor.token), await gate.call(successor.token), await gate.call(token)];
      expect([...first, ...second]).toEqual([...Array<string>(4).fill('allowed'), 'rate_limited', 'rate_limited']);
    });

    it('refuses the old key from the first millisecond after the overlap on', async () => {
      house.time.nowMs = NOW_MS;
      const applicationId = await house.addApplication(house.nora);
      await house.addSubscription(applicationId, { api_slug: API });
      const { key, token } = await house.addKey(applicationId);
      const successor = await house.rotate(key, 1000);
      house.time.nowMs = NOW_MS + 999;
      expect([await gate.call(token), await gate.call(successor.token)]).toEqual(['allowed', 'allowed']);
      house.time.nowMs = NOW_MS + 1000;
      expect(await gate.call(token)).toMatch(/^key_(expired|replaced)$/);
      expect(await gate.call(successor.token)).toBe('allowed');
    });
  });
});
