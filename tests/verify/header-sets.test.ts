import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { askNginx, secret } from './ask.ts';
import { NOW_MS, type VerifierHere, type World, createWorld } from './world.ts';

let world: World;
let verifier: VerifierHere;

beforeAll(async () => {
  world = await createWorld();
  verifier = await world.composeVerifier({ nowMs: () => NOW_MS });
});
afterAll(async () => {
  await verifier.stop();
  await world.close();
});

/** What a caller may send besides a credential, and what some gateway or framework has trusted once. */
const names = [
  'User-Agent',
  'Referer',
  'Origin',
  'Cookie',
  'Via',
  'From',
  'X-Real-IP',
  'X-Forwarded-User',
  'X-Forwarded-Host',
  'X-Forwarded-Proto',
  'X-Forwarded-Prefix',
  'X-Forwarded-Method',
  'X-Forwarded-Uri',
  'X-Auth-Request-User',
  'X-Auth-Request-Redirect',
  'X-Original-URL',
  'X-Rewrite-URL',
  'X-HTTP-Method-Override',
  'Remote-User',
  'Proxy-Authorization',
  'X-Internal',
  'X-Debug',
  'Gatehouse-Key-Id',
  'Gatehouse-Status',
  'Gatehouse-Scopes',
];

test('of 1,000 sets of headers none makes a call without a key pass (GHSA-5hvv-m4w4-gf6v)', async () => {
  const value = fc.oneof(
    fc.constantFrom('GoogleHC/1.0', 'kube-probe/1.29', 'ELB-HealthChecker/2.0', '127.0.0.1', 'admin', 'true', '1', '*'),
    fc.string({ unit: fc.constantFrom(...Array.from('aZ0 /.;=:,-_')), maxLength: 30 }).map((text) => text.trim()),
  );
  const sets = fc.array(fc.tuple(fc.constantFrom(...names), value), { minLength: 1, maxLength: 8 });
  const asked = { ...secret, 'X-Original-Method': 'GET', 'X-Original-URI': '/parcels/v2/parcels' };
  const wrong: unknown[] = [];
  const samples = fc.sample(sets, { numRuns: 1000, seed: 7 });
  const work = async (): Promise<void> => {
    for (let lines = samples.pop(); lines; lines = samples.pop()) {
      const flat = ['Host', 'verifier', ...Object.entries(asked).flat(), ...lines.flat()];
      const { status, headers } = await askNginx(verifier.verifierPort, flat);
      // A header of the gateway that comes twice is refused for that, before any credential.
      if (status !== 401 && headers['gatehouse-status'] !== '400') wrong.push([status, lines]);
    }
  };
  await Promise.all(Array.from({ length: 20 }, work));
  expect(wrong).toEqual([]);
});
