import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { CALL_METHODS } from '../../src/key-restrictions/key-restrictions.ts';
import { NOW_MS, type VerifierHere, type World, createWorld } from '../verify/world.ts';
import { type CallOptions, type Upstream, call, startUpstream } from './call.ts';

let upstream: Upstream;
let world: World;
let verifier: VerifierHere;
let token: string;
let readerToken: string;

/** As the reader of documents stores the operations of OpenAPI 3.2 that have other methods. */
const operations = [
  { operation_id: 'searchParcels', method: 'QUERY', path: '/parcels' },
  { operation_id: 'copyParcel', method: 'COPY', path: '/parcels/{parcelId}' },
];

beforeAll(async () => {
  upstream = await startUpstream();
  world = await createWorld({}, `http://127.0.0.1:${upstream.port}/base`);
  const rest = { api_slug: 'parcels', version: 'v2', scopes: '', summary: '', tag: '', cost: 1, deprecated: 0 };
  const rows = operations.map((one, index) => ({ ...one, ...rest, slug: one.operation_id, position: 900 + index }));
  await world.databases.portal.kysely.insertInto('operation').values(rows).execute();
  verifier = await world.composeVerifier({ nowMs: () => NOW_MS });
  ({ token } = await world.addKey());
  ({ token: readerToken } = await world.addKey('ample', {
    restrictions: JSON.stringify({ methods: ['GET', 'HEAD'] }),
  }));
});
afterAll(async () => {
  await verifier.stop();
  await upstream.close();
  await world.close();
});

const at = (options: CallOptions) => call(verifier.gatewayPort, options);
const withKey = (key = token) => ({ Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' });

describe('a method that only the document knows', () => {
  test('reaches the upstream with its body', async () => {
    const answer = await at({ method: 'QUERY', path: '/parcels/v2/parcels', headers: withKey(), body: '{"to":"Ulm"}' });
    expect(answer.status).toBe(200);
    expect(answer.json()).toMatchObject({ method: 'QUERY', url: '/base/parcels', body: '{"to":"Ulm"}' });
    const copy = await at({ method: 'COPY', path: '/parcels/v2/parcels/17', headers: withKey() });
    expect(copy.json()).toMatchObject({ method: 'COPY', url: '/base/parcels/17' });
  });

  test('needs a key like any other', async () => {
    expect((await at({ method: 'QUERY', path: '/parcels/v2/parcels' })).status).toBe(401);
  });

  test('is refused where the document does not have it', async () => {
    const before = upstream.seen.length;
    for (const [method, path] of [
      ['COPY', '/parcels/v2/parcels'],
      ['QUERY', '/parcels/v2/parcels/17'],
      ['PURGE', '/parcels/v2/parcels'],
      ['PROPFIND', '/parcels/v2/parcels'],
    ] as const) {
      const answer = await at({ method, path, headers: withKey() });
      expect([method, answer.status, answer.json().code]).toEqual([method, 404, 'unknown_operation']);
    }
    expect(upstream.seen).toHaveLength(before);
  });

  test('is refused for a key that is restricted to others', async () => {
    const answer = await at({ method: 'QUERY', path: '/parcels/v2/parcels', headers: withKey(readerToken) });
    expect([answer.status, answer.json().code]).toEqual([403, 'method_not_allowed_for_key']);
  });

  test('passes with a key that is restricted to it, which does nothing else', async () => {
    expect(CALL_METHODS).toContain('QUERY');
    const restrictions = JSON.stringify({ methods: ['QUERY'] });
    const { token: searcher } = await world.addKey('ample', { restrictions });
    const ask = async (method: string) =>
      (await at({ method, path: '/parcels/v2/parcels', headers: withKey(searcher) })).status;
    expect([await ask('QUERY'), await ask('GET')]).toEqual([200, 403]);
  });

  test.each(['QUERY', 'COPY'])('%s may be asked for by a page of the portal, and by no other', async (method) => {
    const ask = (origin: string) =>
      at({
        method: 'OPTIONS',
        path: '/parcels/v2/parcels',
        headers: { Origin: origin, 'Access-Control-Request-Method': method },
      });
    expect((await ask('http://portal.test')).headers['access-control-allow-methods']).toContain(method);
    expect((await ask('http://evil.test')).headers['access-control-allow-methods']).toBeUndefined();
  });

  test.each(['TRACE', 'x\u00e4', '*', 'GET, EVIL'])('%s is never allowed for pages', async (method) => {
    const answer = await at({
      method: 'OPTIONS',
      path: '/parcels/v2/parcels',
      headers: { Origin: 'http://portal.test', 'Access-Control-Request-Method': method },
    });
    expect(answer.headers['access-control-allow-methods']).toBe('GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS');
  });
});
