import { afterEach, beforeEach, expect, test } from 'vitest';

import type { Actor } from '../../src/accounts/account.ts';
import { decideRequest, subscriptionDecidedMail, withdrawRequest } from '../../src/applications/decide-request.ts';
import { parseDecideRequestForm } from '../../src/applications/decide-request.form.ts';
import { subscribeApplication } from '../../src/applications/subscribe-application.ts';
import { createSubscriptionRequestStore } from '../../src/applications/subscription-request-store.ts';
import { systemRandom } from '../../src/platform/random.ts';
import { openGate } from '../keys/gate.ts';
import { type House, openHouse } from '../keys/house.ts';
import { forEachDialect } from '../support/databases.ts';
import { addActor, formOf } from './cast.ts';

const plan = { apiSlug: 'parcels', planSlug: 'partner' };

forEachDialect((dialect) => {
  let house: House;
  let gate: Awaited<ReturnType<typeof openGate>>;
  let olga: Actor;
  let applicationId: string;
  let token: string;
  beforeEach(async () => {
    house = await openHouse(dialect);
    gate = await openGate(house);
    const { kysely } = house.test.database;
    olga = { ...(await addActor(house.test.database, 'olga')), role: 'owner' };
    await kysely.updateTable('account').set({ role: 'owner' }).where('id', '=', olga.accountId).execute();
    const offer = { api_slug: 'parcels', slug: 'partner', title: 'Partner', summary: '', scopes: 'parcels:read' };
    const limits = { rate_limit: 1000, rate_window_seconds: 60, quota: 1000, quota_period: 'day' as const };
    await kysely
      .insertInto('plan')
      .values({ ...offer, ...limits, position: 0, approval_required: 1, removed_at_ms: null })
      .execute();
    applicationId = await house.addApplication(house.nora);
    ({ token } = await house.addKey(applicationId));
  });
  afterEach(async () => {
    await gate.close();
    await house.test.close();
  });

  const requests = () => createSubscriptionRequestStore(house.test.database, systemRandom);
  const deps = () => ({ requests: requests(), clock: house.deps.clock });

  async function ask(): Promise<string> {
    const result = await subscribeApplication(house.deps, house.nora, { ...plan, applicationId });
    if (!result.ok || !result.request) throw new Error('not requested');
    return result.request.id;
  }

  async function mailed(kind: string): Promise<unknown[]> {
    const rows = await house.test.database.kysely
      .selectFrom('outbox')
      .select('payload')
      .where('kind', '=', kind)
      .execute();
    return rows.map(({ payload }) => JSON.parse(payload) as unknown);
  }

  const decisions = async () =>
    (await mailed('event')).filter((event) => JSON.stringify(event).includes('"type":"subscription.'));

  test('a plan that needs approval is not subscribed to by asking; owners are told', async () => {
    const requestId = await ask();
    expect(await gate.call(token)).toBe('not_subscribed');
    expect(await house.deps.applications.subscriptions(house.nora.teamIds, applicationId)).toEqual([]);
    expect(await mailed('mail.subscription_requested')).toEqual([{ accountId: olga.accountId, requestId }]);
    expect(await requests().list()).toMatchObject([{ id: requestId, planTitle: 'Partner', teamName: 'nora' }]);
    expect(await requests().ofApplication(house.mallory.teamIds, applicationId)).toEqual([]);
  });

  test('approved, keys work from the next call on, and the team is told', async () => {
    const requestId = await ask();
    const decision = { isApproved: true, message: 'Welcome.' };
    expect(await decideRequest(deps(), olga, requestId, decision)).toEqual({ ok: true });
    expect(await gate.call(token)).toBe('allowed');
    expect(await mailed('mail.subscription_decided')).toEqual([{ accountId: house.nora.accountId, requestId }]);
    expect(await decisions()).toMatchObject([
      {
        type: 'subscription.approved',
        teamId: house.nora.teamIds[0],
        applicationId,
        data: { requestId, ...plan, message: 'Welcome.' },
      },
    ]);
    const accounts = {
      find: () => Promise.resolve({ ...house.nora, suspendedAtMs: null } as never),
      teamsOf: () => Promise.resolve(house.nora.teamIds.map((id) => ({ id })) as never),
    };
    const about = { accountId: house.nora.accountId, requestId };
    const mail = await subscriptionDecidedMail(
      { accounts, requests: requests(), publicUrl: 'https://x.example' },
      about,
    );
    expect(mail?.subject).toBe('Approved: Partner for Depot');
    expect(mail?.text).toContain('> Welcome.');
  });

  test('declined, it stays unsubscribed, and can be asked for again', async () => {
    const requestId = await ask();
    expect(await decideRequest(deps(), olga, requestId, { isApproved: false, message: 'Not yet.' })).toEqual({
      ok: true,
    });
    expect(await gate.call(token)).toBe('not_subscribed');
    expect(await requests().find(requestId)).toMatchObject({ decision: 'declined', message: 'Not yet.' });
    const event = { type: 'subscription.declined', applicationId, data: { requestId, ...plan, message: 'Not yet.' } };
    expect(await decisions()).toMatchObject([event]);
    expect(await ask()).not.toBe(requestId);
  });

  test('of parallel requests one waits, and of parallel decisions one counts', async () => {
    const asked = await Promise.all(
      Array.from({ length: 20 }, () => subscribeApplication(house.deps, house.nora, { ...plan, applicationId })),
    );
    expect(asked.filter(({ ok }) => ok)).toHaveLength(1);
    const id = (await requests().list())[0]?.id ?? '';
    const decided = await Promise.all(
      Array.from({ length: 20 }, (_, at) =>
        decideRequest(deps(), olga, id, { isApproved: at % 2 === 0, message: 'x' }),
      ),
    );
    expect(decided.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await mailed('mail.subscription_decided')).toHaveLength(1);
    expect(await decisions()).toHaveLength(1);
  });

  test('nobody but an owner decides, and only the team withdraws', async () => {
    const requestId = await ask();
    const decision = { isApproved: true, message: '' };
    expect(await decideRequest(deps(), house.nora, requestId, decision)).toEqual({ ok: false, reason: 'not_found' });
    const withdrawing = { ...deps(), applications: house.deps.applications };
    const reference = { applicationId, requestId };
    expect(await withdrawRequest(withdrawing, house.mallory, reference)).toBe(false);
    const viewer = { ...house.nora, teamRoles: new Map(house.nora.teamIds.map((id) => [id, 'viewer' as const])) };
    expect(await withdrawRequest(withdrawing, viewer, reference)).toBe(false);
    expect(await withdrawRequest(withdrawing, house.nora, reference)).toBe(true);
    expect(await decideRequest(deps(), olga, requestId, decision)).toEqual({ ok: false, reason: 'not_waiting' });
    expect(await gate.call(token)).toBe('not_subscribed');
  });
});

test('declining needs a reason, approving does not', () => {
  expect(parseDecideRequestForm(formOf({ decision: 'approve', message: '' }))).toMatchObject({ ok: true });
  expect(parseDecideRequestForm(formOf({ decision: 'decline', message: ' ' }))).toMatchObject({
    ok: false,
    errors: { message: expect.stringContaining('why') as string },
  });
});
