import { readFileSync, readdirSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { createUsageReadingStore } from '../../src/usage/usage-reading-store.ts';
import { createUsageStore } from '../../src/usage/usage-store.ts';
import { quotaWindowAt } from '../../src/plans/plan.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { call } from '../gateway/call.ts';
import { GATEWAY_SECRET, type VerifierChild, type World, createWorld } from './world.ts';

let world: World;

beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

function questionHeaders(token: string): Record<string, string> {
  return {
    'Gatehouse-Secret': GATEWAY_SECRET,
    'X-API-Key': token,
    'X-Original-Method': 'GET',
    'X-Original-URI': '/parcels/v2/parcels',
    'X-Forwarded-For': '203.0.113.9',
  };
}

/** Asks over a kept connection, as a gateway does; resolves with the status. */
function ask(port: number, token: string, agent: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { host: '127.0.0.1', port, path: '/verify/nginx', headers: questionHeaders(token), agent },
      (incoming) => {
        incoming.resume();
        incoming.on('end', () => resolve(incoming.statusCode ?? 0));
      },
    );
    outgoing.on('error', reject);
    outgoing.end();
  });
}

async function quotaUsed(subscriptionId: string): Promise<number> {
  const window = quotaWindowAt('month', systemClock.nowMs());
  return (
    (await createUsageStore(world.databases.usage).findQuotaUsed(`${subscriptionId} cost month UTC`, window.startMs)) ??
    0
  );
}

describe('revocation', () => {
  test('no verification that starts after the commit of a revoke is allowed, under concurrent traffic (A23)', async () => {
    const verifier = await world.startVerifier();
    const agent = new Agent({ keepAlive: true, maxSockets: 16 });
    let checkedAfter = 0;
    for (let round = 0; round < 25; round += 1) {
      const { keyId, token } = await world.addKey();
      let revoked = false;
      let violations = 0;
      let allowedBefore = 0;
      const traffic = async (): Promise<void> => {
        for (let calls = 0; calls < 12;) {
          const startedAfter = revoked;
          const status = await ask(verifier.verifierPort, token, agent);
          if (startedAfter) calls += 1;
          if (startedAfter && status === 200) violations += 1;
          if (startedAfter) checkedAfter += 1;
          else if (status === 200) allowedBefore += 1;
        }
      };
      const running = Promise.all(Array.from({ length: 16 }, traffic));
      await expect.poll(() => allowedBefore, { interval: 1 }).toBeGreaterThan(20);
      await world.revoke(keyId);
      revoked = true;
      await running;
      expect(violations).toBe(0);
    }
    agent.destroy();
    expect(checkedAfter).toBeGreaterThanOrEqual(25 * 16 * 12);
  });

  test('expiry, suspension, a deleted application and an ended subscription count on the next call too', async () => {
    const verifier = await world.startVerifier();
    const { kysely } = world.databases.portal;
    const codeOf = async (token: string): Promise<string> =>
      String(
        (await call(verifier.verifierPort, { path: '/verify/nginx', headers: questionHeaders(token) })).headers[
          'gatehouse-problem'
        ] ?? 'allowed',
      );
    const [expired, suspended, deleted, ended] = [
      await world.addKey(),
      await world.addKey(),
      await world.addKey(),
      await world.addKey(),
    ];
    for (const { token } of [expired, suspended, deleted, ended]) expect(await codeOf(token)).toBe('allowed');
    await kysely.updateTable('api_key').set({ expires_at_ms: 1 }).where('id', '=', expired.keyId).execute();
    await kysely.updateTable('api_key').set({ suspended_at_ms: 1 }).where('id', '=', suspended.keyId).execute();
    await kysely.updateTable('application').set({ deleted_at_ms: 1 }).where('id', '=', deleted.applicationId).execute();
    await kysely.updateTable('subscription').set({ ended_at_ms: 1 }).where('id', '=', ended.subscriptionId).execute();
    expect(await codeOf(expired.token)).toContain('"key_expired"');
    expect(await codeOf(suspended.token)).toContain('"key_suspended"');
    expect(await codeOf(deleted.token)).toContain('"key_revoked"');
    expect(await codeOf(ended.token)).toContain('"not_subscribed"');
  });
});

describe('quotas', () => {
  const statusOf = async (verifier: VerifierChild, token: string): Promise<number> =>
    (await call(verifier.verifierPort, { path: '/verify/nginx', headers: questionHeaders(token) })).status;

  test('go on where they were after SIGTERM, which ends the process with 0', async () => {
    const small = await world.addKey('small');
    const first = await world.startVerifier();
    for (let calls = 0; calls < 3; calls += 1) expect(await statusOf(first, small.token)).toBe(200);
    expect(await first.stop()).toBe(0);
    expect(await quotaUsed(small.subscriptionId)).toBe(3);
    const second = await world.startVerifier();
    const statuses = [];
    for (let calls = 0; calls < 4; calls += 1) statuses.push(await statusOf(second, small.token));
    expect(statuses).toEqual([200, 200, 403, 403]);
  });
});

describe('a leaked key', () => {
  test('in the query string is refused, flagged on the key, and written down nowhere', async () => {
    const { token, applicationId, keyId } = await world.addKey();
    const verifier = await world.startVerifier();
    const headers = { ...questionHeaders(token), 'X-Original-URI': `/parcels/v2/parcels?key=${token}` };
    const answer = await call(verifier.verifierPort, { path: '/verify/nginx', headers });
    expect(answer.headers['gatehouse-status']).toBe('400');
    expect(JSON.stringify(answer.headers)).not.toContain(token);
    await verifier.stop();
    const [activity] = await createUsageReadingStore(world.databases.usage).keyActivities(applicationId);
    expect(activity).toMatchObject({ keyId, lastVerdict: 'key_in_query' });
    expect(activity?.leakedInQueryAtMs).toBeGreaterThan(0);
    const { dataDir } = world.config;
    const files = readdirSync(dataDir);
    expect(files.length).toBeGreaterThan(1);
    for (const file of files) expect(readFileSync(join(dataDir, file)).includes(token)).toBe(false);
  });
});

describe('starting', () => {
  test('on a database that the portal has not prepared says so and ends with 1', async () => {
    const { kysely } = world.databases.portal;
    await kysely.schema.dropTable('schema_migration').execute();
    await expect(world.startVerifier()).rejects.toThrow('ended with 1');
  });
});
