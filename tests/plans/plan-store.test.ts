import { afterAll, beforeAll, expect, it } from 'vitest';

import { plainLimits } from '../../src/plans/plan-limits.ts';
import { type PlanStore, createPlanStore } from '../../src/plans/plan-store.ts';
import { addApi } from '../applications/cast.ts';
import { type TestDatabase, forEachDialect, openTestDatabase } from '../support/databases.ts';

forEachDialect((dialect) => {
  let test: TestDatabase;
  let plans: PlanStore;

  beforeAll(async () => {
    test = await openTestDatabase(dialect);
    plans = createPlanStore(test.database);
    await addApi(test.database, 'parcels', [
      { slug: 'pro', position: 2 },
      { slug: 'free', position: 1 },
      { slug: 'old', position: 0, removedAtMs: 5 },
    ]);
    await addApi(test.database, 'other', [{ slug: 'free' }]);
  });
  afterAll(() => test.close());

  it('lists the plans that an API offers, in the order of its description', async () => {
    expect((await plans.listOffered('parcels')).map(({ slug }) => slug)).toEqual(['free', 'pro']);
    expect(await plans.listOffered('absent')).toEqual([]);
  });

  it('finds a plan with its scopes and limits, also one that is no longer offered', async () => {
    expect(await plans.find('parcels', 'free')).toEqual({
      apiSlug: 'parcels',
      slug: 'free',
      title: 'FREE',
      summary: 'A plan.',
      scopes: ['parcels:read', 'parcels:write'],
      limits: plainLimits(60, 10, 1000, 'day'),
      overlapMaxDays: 30,
      rotationIntervalDays: null,
      maxLifetimeDays: null,
      dormancy: null,
    });
    expect((await plans.find('parcels', 'old'))?.slug).toBe('old');
    expect(await plans.find('parcels', 'absent')).toBeNull();
  });

  it('reads a plan without scopes as an empty list', async () => {
    await test.database.kysely.updateTable('plan').set({ scopes: '' }).where('api_slug', '=', 'other').execute();
    expect((await plans.find('other', 'free'))?.scopes).toEqual([]);
  });
});
