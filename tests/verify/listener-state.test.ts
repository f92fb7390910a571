import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { askNginx, question } from './ask.ts';
import { NOW_MS, type VerifierHere, type World, createWorld } from './world.ts';

let world: World;
let verifier: VerifierHere;
let nowMs = NOW_MS;

beforeAll(async () => {
  world = await createWorld();
  verifier = await world.composeVerifier({ nowMs: () => nowMs });
});
afterAll(async () => {
  await verifier.stop();
  await world.close();
});

describe('limits', () => {
  test('are exact under 200 calls at once, and give way as time passes', async () => {
    const slow = await world.addKey('slow');
    const ask = async (): Promise<number> => (await askNginx(verifier.verifierPort, question(slow.token))).status;
    const statuses = await Promise.all(Array.from({ length: 200 }, ask));
    expect(statuses.filter((status) => status === 200)).toHaveLength(3);
    nowMs += 19_999;
    expect(await ask()).toBe(403);
    nowMs += 1;
    expect(await ask()).toBe(200);
    expect(await ask()).toBe(403);
  });

  test('a quota renews at the first moment of the next month (UTC)', async () => {
    const small = await world.addKey('small');
    const ask = async (): Promise<number> => (await askNginx(verifier.verifierPort, question(small.token))).status;
    const statuses = await Promise.all(Array.from({ length: 20 }, ask));
    expect(statuses.filter((status) => status === 200)).toHaveLength(5);
    nowMs = Date.UTC(2026, 3, 1) - 1;
    expect(await ask()).toBe(403);
    nowMs += 1;
    expect(await ask()).toBe(200);
  });
});

test('a change of the catalogue counts without a restart', async () => {
  const key = await world.addKey();
  const before = await askNginx(verifier.verifierPort, question(key.token, { 'X-Original-URI': '/parcels/v2/labels' }));
  expect(before.headers['gatehouse-status']).toBe('404');
  const { kysely } = world.databases.portal;
  await kysely
    .insertInto('operation')
    .values({
      api_slug: 'parcels',
      version: 'v2',
      operation_id: 'labels',
      method: 'GET',
      path: '/labels',
      summary: '',
      deprecated: 0,
      scopes: '',
    })
    .execute();
  await kysely.updateTable('api_version').set({ document_sha256: 'new' }).where('version', '=', 'v2').execute();
  await expect
    .poll(
      async () =>
        (await askNginx(verifier.verifierPort, question(key.token, { 'X-Original-URI': '/parcels/v2/labels' }))).status,
      {
        timeout: 10_000,
      },
    )
    .toBe(200);
});
