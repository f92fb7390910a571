import { setTimeout as pause } from 'node:timers/promises';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { call } from '../gateway/call.ts';
import { issueKey, keyPathIn, newApplication, signedInVisitor, tokenIn } from '../pages/visitor.ts';
import { type TestDatabase, openTestDatabase } from '../support/databases.ts';
import { type PortalProcess, startPortalProcess } from '../support/portal-process.ts';
import { describeWithPrograms } from '../support/with-programs.ts';

const PATH = '/parcels/v2/services';
/** Of the free plan, see content/apis/parcels/api.yaml. */
const CALLS_PER_MINUTE = 60;

describeWithPrograms('the whole way on PostgreSQL', ['postgresql'], () => {
  let database: TestDatabase;
  let portal: PortalProcess;
  beforeAll(async () => {
    database = await openTestDatabase('postgres');
    portal = await startPortalProcess({ DATABASE_URL: database.url });
  });
  afterAll(async () => {
    await portal.stop();
    await database.close();
  });

  test('a key is issued, enforced to the last call, counted and revoked as on SQLite', async () => {
    const person = await signedInVisitor(portal.portalUrl);
    const application = await newApplication(person);
    await person.post(`${application}/subscriptions`, { apiSlug: 'parcels', planSlug: 'free' });
    const shown = await issueKey(person, application);
    const headers = { Authorization: `Bearer ${tokenIn(shown) ?? ''}` };
    const statuses: number[] = [];
    while (!statuses.includes(429) && statuses.length < 3 * CALLS_PER_MINUTE) {
      statuses.push((await call(portal.gatewayPort, { path: PATH, headers })).status);
    }
    const allowed = statuses.filter((status) => status === 200).length;
    expect(allowed).toBeGreaterThanOrEqual(CALLS_PER_MINUTE);
    expect(statuses).toEqual([...Array.from({ length: allowed }, () => 200), 429]);

    // Usage is written once a second.
    await pause(1500);
    expect((await person.get(`${application}/usage`)).html).toContain(`${allowed} of 1,000 calls`);
    const keyPath = keyPathIn(shown);
    const name = (await person.get(keyPath)).text('h1') ?? '';
    const revoked = await person.post(`${keyPath}/revocation`, { reason: '', confirmation: name.trim() });
    expect(revoked.status).toBe(303);
    const refused = await call(portal.gatewayPort, { path: PATH, headers });
    expect([refused.status, refused.json().code]).toEqual([401, 'key_revoked']);
  });
});
