import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { NOW_MS, type VerifierHere, type World, createWorld } from '../verify/world.ts';
import { type CallOptions, type Upstream, call, startUpstream } from './call.ts';

let upstream: Upstream;
let world: World;
let verifier: VerifierHere;
let token: string;

beforeAll(async () => {
  upstream = await startUpstream();
  world = await createWorld({ TRUSTED_PROXIES: '127.0.0.9' }, `http://127.0.0.1:${upstream.port}/base`);
  verifier = await world.composeVerifier({ nowMs: () => NOW_MS });
  ({ token } = await world.addKey());
});
afterAll(async () => {
  await verifier.stop();
  await upstream.close();
  await world.close();
});

const at = (options: CallOptions) => call(verifier.gatewayPort, options);
const withKey = (headers: Record<string, string> = {}) => ({ Authorization: `Bearer ${token}`, ...headers });

describe('pages of the portal', () => {
  const origin = 'http://portal.test';

  test('may ask before they call, without a key', async () => {
    const headers = {
      Origin: origin,
      'Access-Control-Request-Method': 'DELETE',
      'Access-Control-Request-Headers': 'authorization, x-trace',
    };
    const answer = await at({ method: 'OPTIONS', path: '/parcels/v2/parcels', headers });
    expect(answer.status).toBe(204);
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-allow-headers': 'authorization, x-trace',
    });
  });

  test('may read answers, refusals and limits', async () => {
    for (const headers of [{ Origin: origin }, withKey({ Origin: origin })]) {
      const answer = await at({ path: '/parcels/v2/parcels', headers });
      expect(answer.headers['access-control-allow-origin']).toBe(origin);
      expect(answer.headers['access-control-expose-headers']).toContain('RateLimit');
      expect(answer.headers.vary).toContain('Origin');
      expect(answer.headers['access-control-allow-credentials']).toBeUndefined();
    }
  });

  test.each([
    'http://evil.test',
    'https://portal.test',
    'http://portal.test:80',
    'null',
    'http://portal.test.evil.test',
  ])('of %s may neither', async (foreign) => {
    const preflight = await at({
      method: 'OPTIONS',
      path: '/parcels/v2/parcels',
      headers: { Origin: foreign, 'Access-Control-Request-Method': 'GET' },
    });
    expect([preflight.status, preflight.headers['access-control-allow-origin']]).toEqual([401, undefined]);
    const answer = await at({ path: '/parcels/v2/parcels', headers: withKey({ Origin: foreign }) });
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
  });
});
