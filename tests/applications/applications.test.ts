import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Actor } from '../../src/accounts/account.ts';
import { APPLICATIONS_PER_TEAM, type Application } from '../../src/applications/application.ts';
import { createApplicationStore } from '../../src/applications/application-store.ts';
import { createSubscriptionRequestStore } from '../../src/applications/subscription-request-store.ts';
import { createApplication } from '../../src/applications/create-application.ts';
import { subscribeApplication } from '../../src/applications/subscribe-application.ts';
import { createAuditStore } from '../../src/audit/audit-store.ts';
import { systemRandom } from '../../src/platform/random.ts';
import { type TestDatabase, forEachDialect, openTestDatabase } from '../support/databases.ts';
import { addActor, addApi } from './cast.ts';

const NOW_MS = Date.UTC(2026, 10, 24, 10);

forEachDialect((dialect) => {
  let test: TestDatabase;
  let deps: Parameters<typeof subscribeApplication>[0];
  let nora: Actor;
  let mallory: Actor;

  beforeAll(async () => {
    test = await openTestDatabase(dialect);
    deps = {
      applications: createApplicationStore(test.database),
      requests: createSubscriptionRequestStore(test.database, systemRandom),
      clock: { nowMs: () => NOW_MS },
      random: systemRandom,
    };
    nora = await addActor(test.database, 'nora');
    mallory = await addActor(test.database, 'mallory');
    await addApi(test.database, 'parcels', [{ slug: 'free' }, { slug: 'pro' }, { slug: 'old', removedAtMs: 5 }]);
    await addApi(test.database, 'gone', [{ slug: 'free' }]);
    await test.database.kysely.updateTable('api').set({ removed_at_ms: 5 }).where('slug', '=', 'gone').execute();
  });
  afterAll(() => test.close());

  async function create(actor: Actor, name: string): Promise<Application> {
    const result = await createApplication(deps, actor, { name, description: 'd' });
    if (!result.ok) throw new Error(result.reason);
    return result.application;
  }

  describe('createApplication', () => {
    it('stores the application for the team of its maker, with an audit entry', async () => {
      const application = await create(nora, 'Depot');
      expect(application).toEqual({
        id: expect.stringMatching(/^app_[0-9A-Za-z]{20}$/) as string,
        teamId: nora.teamIds[0],
        name: 'Depot',
        description: 'd',
        createdAtMs: NOW_MS,
      });
      expect(await deps.applications.find(nora.teamIds, application.id)).toEqual(application);
      expect(await createAuditStore(test.database).entriesOf(application.id, 10)).toMatchObject([
        {
          atMs: NOW_MS,
          actor: nora.accountId,
          action: 'application.created',
          subject: application.id,
          teamId: nora.teamIds[0],
          details: { name: 'Depot' },
        },
      ]);
    });

    it('lists own applications by name and none of another team', async () => {
      const own = await addActor(test.database, 'own');
      const [second, first] = [await create(own, 'Beta'), await create(own, 'Alpha')];
      expect(await deps.applications.list(own.teamIds)).toEqual([first, second]);
      expect(await deps.applications.list(mallory.teamIds)).toEqual([]);
      expect(await deps.applications.list([])).toEqual([]);
    });

    it('shows an application of another team as absent, and a deleted one too', async () => {
      const application = await create(nora, 'Private');
      expect(await deps.applications.find(mallory.teamIds, application.id)).toBeNull();
      expect(await deps.applications.find([], application.id)).toBeNull();
      await test.database.kysely
        .updateTable('application')
        .set({ deleted_at_ms: NOW_MS })
        .where('id', '=', application.id)
        .execute();
      expect(await deps.applications.find(nora.teamIds, application.id)).toBeNull();
      expect(await deps.applications.findById(application.id)).toBeNull();
    });

    it('keeps the limit of a team exact under 200 parallel requests; deleted ones do not count', async () => {
      const busy = await addActor(test.database, 'busy');
      const deleted = await create(busy, 'deleted');
      await test.database.kysely
        .updateTable('application')
        .set({ deleted_at_ms: NOW_MS })
        .where('id', '=', deleted.id)
        .execute();
      const results = await Promise.all(
        Array.from({ length: 200 }, (_, index) =>
          createApplication(deps, busy, { name: `App ${index}`, description: '' }),
        ),
      );
      expect(results.filter((result) => result.ok)).toHaveLength(APPLICATIONS_PER_TEAM);
      expect(await deps.applications.list(busy.teamIds)).toHaveLength(APPLICATIONS_PER_TEAM);
      expect(results.find((result) => !result.ok)).toEqual({
        ok: false,
        reason: 'too_many_applications',
        limit: APPLICATIONS_PER_TEAM,
      });
    });
  });

  describe('subscribeApplication', () => {
    const request = { apiSlug: 'parcels', planSlug: 'free' };

    it('lets the application use a plan, with an audit entry', async () => {
      const { id: applicationId, teamId } = await create(nora, 'Subscriber');
      const result = await subscribeApplication(deps, nora, { ...request, applicationId });
      expect(result).toMatchObject({ ok: true, subscription: { ...request, applicationId, createdAtMs: NOW_MS } });
      const subscription = result.ok ? result.subscription : null;
      expect(await deps.applications.subscriptions(nora.teamIds, applicationId)).toEqual([subscription]);
      expect(await deps.applications.subscriptions(mallory.teamIds, applicationId)).toEqual([]);
      const [entry] = await createAuditStore(test.database).entriesOf(applicationId, 1);
      expect(entry).toMatchObject({ action: 'application.subscribed', actor: nora.accountId, teamId });
      expect(entry?.details).toEqual({ subscriptionId: subscription?.id, ...request });
    });

    it('answers not_found for an application of another team and for an absent one', async () => {
      const { id } = await create(nora, 'Mine');
      for (const applicationId of [id, 'app_absent']) {
        expect(await subscribeApplication(deps, mallory, { ...request, applicationId })).toEqual({
          ok: false,
          reason: 'not_found',
        });
      }
      expect(await deps.applications.subscriptions(nora.teamIds, id)).toEqual([]);
    });

    it.each([
      ['parcels', 'absent'],
      ['parcels', 'old'],
      ['absent', 'free'],
      ['gone', 'free'],
    ])('answers unknown_plan for %s/%s, which is not offered', async (apiSlug, planSlug) => {
      const { id: applicationId } = await create(nora, 'Picky');
      const result = await subscribeApplication(deps, nora, { apiSlug, planSlug, applicationId });
      expect(result).toEqual({ ok: false, reason: 'unknown_plan' });
    });

    it('gives an application one plan per API, also under 20 parallel requests for two plans', async () => {
      const { id: applicationId } = await create(nora, 'Twice');
      const plans = Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? 'free' : 'pro'));
      const results = await Promise.all(
        plans.map((planSlug) => subscribeApplication(deps, nora, { apiSlug: 'parcels', planSlug, applicationId })),
      );
      expect(results.filter((result) => result.ok)).toHaveLength(1);
      expect(results.filter((result) => !result.ok && result.reason === 'already_subscribed')).toHaveLength(19);
      expect(await deps.applications.subscriptions(nora.teamIds, applicationId)).toHaveLength(1);
      const entries = await createAuditStore(test.database).entriesOf(applicationId, 50);
      expect(entries.filter(({ action }) => action === 'application.subscribed')).toHaveLength(1);
    });

    it('lets an application subscribe anew after its subscription has ended', async () => {
      const { id: applicationId } = await create(nora, 'Again');
      await subscribeApplication(deps, nora, { ...request, applicationId });
      await test.database.kysely
        .updateTable('subscription')
        .set({ ended_at_ms: NOW_MS })
        .where('application_id', '=', applicationId)
        .execute();
      expect(await deps.applications.subscriptions(nora.teamIds, applicationId)).toEqual([]);
      expect((await subscribeApplication(deps, nora, { ...request, planSlug: 'pro', applicationId })).ok).toBe(true);
    });
  });

  it('leaves an audit chain that verifies', async () => {
    expect((await createAuditStore(test.database).verifyChain()).ok).toBe(true);
  });
});
