import { setTimeout as pause } from 'node:timers/promises';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { IDENTITY_HEADERS } from '../../src/verify/verdict-headers.ts';
import { type Seen, type Upstream, call, startUpstream, valuesLike } from '../gateway/call.ts';
import { type VerifierChild, type World, createWorld } from '../verify/world.ts';
import type { GatewayPorts, GatewayProgram } from './programs.ts';

export type StartGateway = (folder: string, ports: GatewayPorts) => Promise<GatewayProgram>;

/**
 * The same guarantees through every gateway, with the files that its guide shows.
 * @param tellsCaller false for a gateway that cannot hand headers of an allowing answer to the caller
 */
export function gatewaySuite(start: StartGateway, tellsCaller = true): void {
  let world: World;
  let verifier: VerifierChild;
  let upstream: Upstream;
  let gateway: GatewayProgram;

  beforeAll(async () => {
    world = await createWorld();
    upstream = await startUpstream();
    verifier = await world.startVerifier();
    gateway = await start(world.config.dataDir, { verifierPort: verifier.verifierPort, upstreamPort: upstream.port });
  });
  afterAll(async () => {
    await gateway.stop();
    await upstream.close();
    await world.close();
  });

  const get = (path: string, headers: Record<string, string> | string[] = {}, from?: string) =>
    call(gateway.port, { path, headers, ...(from === undefined ? {} : { from }) });

  test('a call with a good key passes, without the key and with all identity headers', async () => {
    const key = await world.addKey();
    const answer = await get('/parcels/v2/parcels/4711?fields=id', { 'X-API-Key': key.token });
    expect(answer.status).toBe(200);
    const seen = answer.json() as unknown as Seen;
    expect(seen.url).toBe('/v2/parcels/4711?fields=id');
    expect(valuesLike(seen, 'Gatehouse-Key-Id')).toEqual([key.keyId]);
    expect(valuesLike(seen, 'Gatehouse-Operation')).toEqual(['getParcel']);
    for (const header of IDENTITY_HEADERS) expect(valuesLike(seen, header)).toHaveLength(1);
    expect(valuesLike(seen, 'Gatehouse-Secret')).toEqual([]);
    expect(JSON.stringify(seen)).not.toContain(key.token);
  });

  test('all three ways of sending a key lead to the same answer', async () => {
    const { token } = await world.addKey();
    const basic = Buffer.from(`${token}:`).toString('base64');
    for (const headers of [
      { Authorization: `Bearer ${token}` },
      { Authorization: `Basic ${basic}` },
      { 'X-API-Key': token },
    ]) {
      const answer = await get('/parcels/v2/parcels', headers);
      expect(answer.status).toBe(200);
    }
  });

  if (tellsCaller)
    test('what is left of the limits reaches the caller, once, instead of what the upstream says', async () => {
      const { token } = await world.addKey('slow');
      const { headers } = await get('/parcels/v2/parcels', { 'X-API-Key': token });
      expect(headers.ratelimit).toMatch(/^"rate";r=2;t=20, "quota";r=999999;t=\d+$/);
      expect(headers['ratelimit-policy']).toMatch(/^"rate";q=3;w=60, "quota";q=1000000;w=\d+$/);
    });

  test('without a key: 401 with exactly one challenge line and a problem that says what to do', async () => {
    const answer = await get('/parcels/v2/parcels');
    expect(answer.status).toBe(401);
    expect(answer.headers['www-authenticate']).toBe(
      'Bearer realm="gatehouse", Basic realm="gatehouse", charset="UTF-8"',
    );
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(answer.json()).toMatchObject({
      code: 'missing_credential',
      status: 401,
      type: 'http://portal.test/errors/missing_credential',
    });
  });

  test('an address outside the allowlist is 403 and named; one inside passes; a forged X-Forwarded-For changes nothing', async () => {
    const { token } = await world.addKey('ample', { allowlist: '["127.0.0.2/32"]' });
    const headers = { 'X-API-Key': token };
    expect((await get('/parcels/v2/parcels', headers, '127.0.0.2')).status).toBe(200);
    const outside = await get('/parcels/v2/parcels', headers, '127.0.0.3');
    expect(outside.status).toBe(403);
    expect(outside.json()).toMatchObject({
      code: 'address_not_allowed',
      detail: expect.stringContaining('127.0.0.3 is not') as string,
    });
    for (const forged of ['127.0.0.2', '127.0.0.2, 127.0.0.2', ',,', '127.0.0.2\t']) {
      const answer = await get('/parcels/v2/parcels', { ...headers, 'X-Forwarded-For': forged }, '127.0.0.3');
      expect(answer.status).toBe(403);
    }
  });

  test('a key that is limited passes within its sites, methods, operations and scopes, and nothing that a caller adds helps', async () => {
    const limited = (restrictions: object) => world.addKey('ample', { restrictions: JSON.stringify(restrictions) });
    const ask = async (key: { token: string }, headers: Record<string, string> = {}, method = 'GET') => {
      const answer = await call(gateway.port, {
        method,
        path: '/parcels/v2/parcels',
        headers: { 'X-API-Key': key.token, ...headers },
      });
      return answer.status === 200 ? 200 : [answer.status, answer.json().code];
    };
    const site = await limited({ referrers: ['https://*.example.com'] });
    const refused = [403, 'referrer_not_allowed'];
    expect(await ask(site, { Origin: 'https://app.example.com' })).toBe(200);
    expect(await ask(site, { Referer: 'https://app.example.com/cart?id=1' })).toBe(200);
    expect(await ask(site)).toEqual(refused);
    for (const headers of [
      { Origin: 'https://app.example.com.test' },
      { Origin: 'null', Referer: 'https://app.example.com/' },
      { 'X-Forwarded-Origin': 'https://app.example.com', 'X-Original-Referer': 'https://app.example.com/' },
    ])
      expect(await ask(site, headers)).toEqual(refused);
    const reading = await limited({ methods: ['GET'] });
    expect([await ask(reading), await ask(reading, {}, 'POST')]).toEqual([200, [403, 'method_not_allowed_for_key']]);
    const listing = await limited({ operations: [{ api: 'parcels', version: 'v2', operationId: 'listParcels' }] });
    expect([await ask(listing), await ask(listing, {}, 'POST')]).toEqual([200, [403, 'operation_not_allowed_for_key']]);
    const other = await limited({ scopes: ['parcels:write'] });
    expect(await ask(other)).toEqual([403, 'insufficient_scope']);
  });

  test('over the rate limit: 429 with Retry-After, RateLimit and problem', async () => {
    const { token } = await world.addKey('slow');
    const headers = { 'X-API-Key': token };
    for (let calls = 0; calls < 3; calls += 1) expect((await get('/parcels/v2/parcels', headers)).status).toBe(200);
    const answer = await get('/parcels/v2/parcels', headers);
    expect(answer.status).toBe(429);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    expect(Number(answer.headers['retry-after'])).toBeLessThanOrEqual(20);
    expect(answer.headers.ratelimit).toMatch(/^"rate";r=0;t=\d+, /);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(answer.json()).toMatchObject({ code: 'rate_limited', status: 429 });
  });

  test('400, 404 and 410 keep their status and their problem', async () => {
    const { token } = await world.addKey();
    const cases: [path: string, status: number, code: string][] = [
      [`/parcels/v2/parcels?key=${token}`, 400, 'key_in_query'],
      ['/parcels/v2/parcels%2f4711', 400, 'ambiguous_path'],
      ['/parcels/v2/parcels;x', 400, 'ambiguous_path'],
      ['/parcels/v2/elsewhere', 404, 'unknown_operation'],
      ['/parcels/v1/parcels', 410, 'version_retired'],
    ];
    for (const [path, status, code] of cases) {
      const answer = await get(path, { 'X-API-Key': token });
      expect([path, answer.status, answer.json().code]).toEqual([path, status, code]);
    }
    const several = await get('/parcels/v2/parcels', { 'X-API-Key': token, Authorization: 'Bearer other' });
    expect([several.status, several.json().code]).toEqual([400, 'several_credentials']);
  });

  test('identity headers of the caller never reach the upstream, in any spelling', async () => {
    const key = await world.addKey();
    const spellings = [
      'Gatehouse-Key-Id',
      'gatehouse-key-id',
      'Gatehouse_Key_Id',
      'Gatehouse.Key.Id',
      'GATEHOUSE_KEY-ID',
      'Gatehouse-Key_Id',
    ];
    const spoof = spellings.flatMap((name) => [name, 'key_spoofed', name, 'key_spoofed_twice']);
    const answer = await get('/parcels/v2/parcels', ['Host', 'api.test', 'X-API-Key', key.token, ...spoof]);
    expect(answer.status).toBe(200);
    const seen = answer.json() as unknown as Seen;
    expect(valuesLike(seen, 'Gatehouse-Key-Id')).toEqual([key.keyId]);
  });

  test('headers of the gateway protocol that a caller sends change no decision', async () => {
    const { token } = await world.addKey();
    const forged = {
      'X-API-Key': token,
      'Gatehouse-Api': 'parcels/v2',
      'X-Original-URI': '/parcels/v2/parcels',
      'X-Original-Method': 'GET',
      'X-Forwarded-Uri': '/parcels/v2/parcels',
      'X-Forwarded-Method': 'GET',
      'X-Forwarded-Prefix': '/parcels/v2',
    };
    expect((await get('/parcels/v2/elsewhere', forged)).status).toBe(404);
    const removal = await call(gateway.port, { method: 'DELETE', path: '/parcels/v2/parcels', headers: forged });
    expect([removal.status, removal.json().code]).toEqual([403, 'insufficient_scope']);
  });

  if (tellsCaller)
    test('a key that was rotated says when it ends, and after that what has happened; others say nothing', async () => {
      const [successor, old] = [await world.addKey(), await world.addKey()];
      const endsAtMs = Date.now() + 3_600_000;
      await world.replace(old.keyId, successor.keyId, endsAtMs);
      const { headers } = await get('/parcels/v2/parcels', { 'X-API-Key': old.token });
      expect(headers['gatehouse-key-expires']).toBe(`@${Math.floor(endsAtMs / 1000)}`);
      expect(headers.link).toContain(`/applications/${old.applicationId}/keys/${old.keyId}>`);
      const fresh = await get('/parcels/v2/parcels', { 'X-API-Key': successor.token });
      for (const name of ['gatehouse-key-expires', 'link', 'deprecation', 'sunset'])
        expect(fresh.headers).not.toHaveProperty(name);
      await world.replace(old.keyId, successor.keyId, Date.now() - 1);
      const ended = await get('/parcels/v2/parcels', { 'X-API-Key': old.token });
      expect([ended.status, ended.json().code]).toEqual([401, 'key_replaced']);
    });

  if (tellsCaller)
    test('answers of a deprecated version carry Deprecation, Sunset and links, once each', async () => {
      const { token } = await world.addKey();
      await world.deprecate('v2', { deprecatedAtMs: Date.UTC(2026, 5, 1), sunsetAtMs: Date.UTC(2027, 5, 1) });
      let answer = await get('/parcels/v2/parcels', { 'X-API-Key': token });
      // The routes are read anew within a second.
      for (let waited = 0; waited < 40 && answer.headers.deprecation === undefined; waited += 1) {
        await pause(100);
        answer = await get('/parcels/v2/parcels', { 'X-API-Key': token });
      }
      expect(answer.status).toBe(200);
      expect(answer.headers.deprecation).toBe('@1780272000');
      expect(answer.headers.sunset).toBe('Tue, 01 Jun 2027 00:00:00 GMT');
      expect(answer.headers.link).toBe('<http://portal.test/docs/parcels>; rel="deprecation"; type="text/html"');
    });

  test('in a brown-out: 410 with Retry-After and a problem that names the successor', async () => {
    const { token } = await world.addKey();
    const brownOuts = [{ fromMs: 0, untilMs: Date.now() + 600_000 }];
    await world.endVersion('v2', { isGoneAfterSunset: false, brownOuts });
    let answer = await get('/parcels/v2/parcels', { 'X-API-Key': token });
    // The routes are read anew within a second.
    for (let waited = 0; waited < 40 && answer.status === 200; waited += 1) {
      await pause(100);
      answer = await get('/parcels/v2/parcels', { 'X-API-Key': token });
    }
    expect(answer.status).toBe(410);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(500);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(answer.json()).toMatchObject({ code: 'brown_out', status: 410, page: 'http://portal.test/docs/parcels' });
    await world.endVersion('v2', { isGoneAfterSunset: false, brownOuts: [] });
  });

  test('nothing passes while the verifier is down', async () => {
    const { token } = await world.addKey();
    await verifier.kill();
    const before = upstream.seen.length;
    const answer = await get('/parcels/v2/parcels', { 'X-API-Key': token });
    expect(answer.status).toBeGreaterThanOrEqual(500);
    expect(upstream.seen).toHaveLength(before);
  });
}
