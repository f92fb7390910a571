import { afterAll, beforeAll, expect, it } from 'vitest';

import { createKeyLineageStore } from '../../src/key-rotation/key-lineage-store.ts';
import { type PlanLimits, plainLimits, toPlanLimitColumns } from '../../src/plans/plan-limits.ts';
import { forEachDialect } from '../support/databases.ts';
import { API, type Gate, openGate } from '../keys/gate.ts';
import { type House, NOW_MS, openHouse } from '../keys/house.ts';

const plain = plainLimits(1_000_000, 60, 1_000_000, 'day');

function limitsPerKey(quota: number, rate: number): PlanLimits {
  const { quotas, rateLimits } = plainLimits(rate, 3600, quota, 'day');
  const named = <Limit extends { name: string }>(limit: Limit): Limit => ({ ...limit, name: `key-${limit.name}` });
  return { ...plain, perKey: { quotas: quotas.map(named), rateLimits: rateLimits.map(named) } };
}

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

  async function subscribed(limits: PlanLimits): Promise<string> {
    house.time.nowMs = NOW_MS;
    const applicationId = await house.addApplication(house.nora);
    await house.addSubscription(applicationId, { api_slug: API, ...toPlanLimitColumns(limits) });
    return applicationId;
  }

  it('limits per key are each key’s own, and go on with its successors over any number of rotations', async () => {
    const applicationId = await subscribed(limitsPerKey(5, 1000));
    const other = await house.addKey(applicationId);
    let { key, token } = await house.addKey(applicationId);
    const verdicts: string[] = [];
    for (let rotation = 0; rotation < 3; rotation += 1) {
      verdicts.push(await gate.call(token), await gate.call(token));
      ({ key, token } = await house.rotate(key));
    }
    expect(verdicts).toEqual([...Array<string>(5).fill('allowed'), 'quota_exceeded']);
    expect(await gate.call(token)).toBe('quota_exceeded');
    expect(await gate.call(other.token)).toBe('allowed');
  });

  it('rate limits per key too, and both over a restart', async () => {
    const applicationId = await subscribed(limitsPerKey(1000, 3));
    const { key, token } = await house.addKey(applicationId);
    expect([await gate.call(token), await gate.call(token)]).toEqual(['allowed', 'allowed']);
    const successor = await house.rotate(key);
    await gate.restart();
    expect([await gate.call(successor.token), await gate.call(token)]).toEqual(['allowed', 'rate_limited']);
  });

  it('the chains of an application are told by their first keys', async () => {
    const applicationId = await subscribed(plain);
    const [first, second] = [await house.addKey(applicationId), await house.addKey(applicationId)];
    const next = await house.rotate(first.key);
    await house.rotate(next.key);
    const lineages = await createKeyLineageStore(house.test.database).lineagesOf(applicationId);
    expect(lineages.toSorted()).toEqual([first.key.id, second.key.id].toSorted());
  });
});
