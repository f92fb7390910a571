import { connect } from 'node:net';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { NOW_MS, type VerifierHere, type World, createWorld } from '../verify/world.ts';
import { type CallOptions, type Seen, type Upstream, call, startUpstream, valuesLike } from './call.ts';

let upstream: Upstream;
let world: World;
let verifier: VerifierHere;
let token: string;
let keyId: string;

beforeAll(async () => {
  upstream = await startUpstream();
  world = await createWorld({ TRUSTED_PROXIES: '127.0.0.9' }, `http://127.0.0.1:${upstream.port}/base`);
  verifier = await world.composeVerifier({ nowMs: () => NOW_MS });
  ({ token, keyId } = await world.addKey());
});
afterAll(async () => {
  await verifier.stop();
  await upstream.close();
  await world.close();
});

const at = (options: CallOptions) => call(verifier.gatewayPort, options);
const withKey = (headers: Record<string, string> = {}) => ({ Authorization: `Bearer ${token}`, ...headers });

async function seenFor(options: CallOptions): Promise<Seen> {
  const answer = await at(options);
  expect(answer.status).toBe(200);
  return answer.json() as unknown as Seen;
}
describe('a call that passes', () => {
  test('reaches the upstream below its base path, with method, query and body', async () => {
    const seen = await seenFor({
      method: 'POST',
      path: '/parcels/v2/parcels?a=1&b=%20',
      headers: withKey({ 'Content-Type': 'application/json' }),
      body: '{"to":"Ü"}',
    });
    expect(seen).toMatchObject({ method: 'POST', url: '/base/parcels?a=1&b=%20', body: '{"to":"Ü"}' });
  });

  test('carries who calls, and neither the key nor what the caller said about himself', async () => {
    const spoof = [
      'Gatehouse-Key-Id',
      'gatehouse_key_id',
      'Gatehouse.Key.Id',
      'X-Forwarded-Host',
      'X_Forwarded_For',
      'X-Real-IP',
      'Forwarded',
    ];
    const headers = [
      'Host',
      'api.test',
      'X-API-Key',
      token,
      'X_API_Key',
      token,
      ...spoof.flatMap((name) => [name, 'spoofed']),
    ];
    const seen = await seenFor({ path: '/parcels/v2/parcels/4711', headers });
    expect(JSON.stringify(seen)).not.toContain('spoofed');
    expect(JSON.stringify(seen)).not.toContain(token);
    expect(valuesLike(seen, 'Gatehouse-Key-Id')).toEqual([keyId]);
    expect(valuesLike(seen, 'Gatehouse-Operation')).toEqual(['getParcel']);
    expect(Object.fromEntries(seen.headers)).toMatchObject({
      host: `127.0.0.1:${upstream.port}`,
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-host': 'api.test',
      'x-forwarded-proto': 'http',
      'x-forwarded-prefix': '/parcels/v2',
    });
  });

  test('loses the headers of its connection, also those that it names itself', async () => {
    const headers = withKey({
      Connection: 'close, X-Secret-Hop, Host',
      'X-Secret-Hop': '1',
      TE: 'trailers',
      'Proxy-Authorization': 'x',
      'Keep-Alive': 'x',
    });
    const seen = await seenFor({ path: '/parcels/v2/parcels', headers });
    const names = seen.headers.map(([name]) => name);
    for (const gone of ['x-secret-hop', 'te', 'proxy-authorization', 'keep-alive']) expect(names).not.toContain(gone);
    expect(names).toContain('host');
  });

  test('is answered with the limits of the plan, whatever the upstream says about its own', async () => {
    const { headers } = await at({ path: '/parcels/v2/parcels', headers: withKey() });
    expect(headers.ratelimit).toMatch(/^"rate";r=\d+;t=\d+, "quota";r=\d+;t=\d+$/);
    expect(headers['ratelimit-policy']).toBe('"rate";q=1000000;w=1, "quota";q=1000000000;w=2678400');
    expect(headers['access-control-allow-origin']).toBeUndefined();
  });

  test('large bodies stream both ways unchanged', async () => {
    const body = 'x'.repeat(5_000_000);
    const seen = await seenFor({ method: 'POST', path: '/parcels/v2/parcels', headers: withKey(), body });
    expect(seen.body.length).toBe(body.length);
  });
});

describe('a call that is refused', () => {
  test('never reaches the upstream, and is told why', async () => {
    const before = upstream.seen.length;
    const cases: [path: string, status: number, code: string][] = [
      ['/parcels/v2/parcels/../../secret', 400, 'ambiguous_path'],
      ['/parcels/v2/secret', 404, 'unknown_operation'],
      ['/', 404, 'unknown_api'],
      ['/parcels/v1/parcels', 410, 'version_retired'],
      [`/parcels/v2/parcels?k=${token}`, 400, 'key_in_query'],
    ];
    for (const [path, status, code] of cases) {
      const answer = await at({ path, headers: withKey() });
      expect([answer.status, answer.json().code, answer.headers['content-type']]).toEqual([
        status,
        code,
        'application/problem+json',
      ]);
      expect(answer.headers['cache-control']).toBe('no-store');
    }
    expect((await at({ path: '/parcels/v2/parcels' })).headers['www-authenticate']).toContain('Bearer');
    expect(upstream.seen).toHaveLength(before);
  });

  test('by address: the peer counts, and X-Forwarded-For only from a trusted proxy', async () => {
    const { token: limited } = await world.addKey('ample', { allowlist: '["203.0.113.9/32"]' });
    const from = async (address: string, forwardedFor: string): Promise<number> =>
      (
        await at({
          path: '/parcels/v2/parcels',
          headers: { 'X-API-Key': limited, 'X-Forwarded-For': forwardedFor },
          from: address,
        })
      ).status;
    expect(await from('127.0.0.2', '203.0.113.9')).toBe(403);
    expect(await from('127.0.0.9', '203.0.113.9')).toBe(200);
    expect(await from('127.0.0.9', '203.0.113.9, 198.51.100.1')).toBe(403);
    expect(await from('127.0.0.9', '')).toBe(403);
  });

  test('with an unread body ends the connection', async () => {
    const answer = await at({ method: 'POST', path: '/parcels/v2/parcels', body: 'x'.repeat(1000) });
    expect([answer.status, answer.headers.connection]).toEqual([401, 'close']);
  });

  test('when it is no HTTP call of an API: other methods, WebSocket, two hosts', async () => {
    expect((await at({ method: 'TRACE', path: '/parcels/v2/parcels', headers: withKey() })).status).toBe(405);
    const socket = withKey({ Connection: 'Upgrade', Upgrade: 'websocket' });
    expect((await at({ path: '/parcels/v2/parcels', headers: socket })).status).toBe(501);
    const h2c = withKey({ Connection: 'Upgrade, HTTP2-Settings', Upgrade: 'h2c', 'HTTP2-Settings': 'x' });
    expect(valuesLike(await seenFor({ path: '/parcels/v2/parcels', headers: h2c }), 'Upgrade')).toEqual([]);
    const twoHosts = ['Host', 'a.test', 'Host', 'b.test', 'X-API-Key', token];
    expect((await at({ path: '/parcels/v2/parcels', headers: twoHosts })).status).toBe(400);
    expect(await raw('CONNECT api.test:443 HTTP/1.1\r\nHost: api.test\r\n\r\n')).not.toMatch(/^HTTP\/1.1 2/);
  });

  test('when its framing is ambiguous (request smuggling)', async () => {
    const start = `POST /parcels/v2/parcels HTTP/1.1\r\nHost: api.test\r\nX-API-Key: ${token}\r\n`;
    const before = upstream.seen.length;
    for (const framing of [
      'Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      'Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcde',
      'Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n',
      'Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n',
      'Content-Length : 4\r\n\r\nabcd',
    ]) {
      expect(await raw(start + framing)).toMatch(/^HTTP\/1\.1 400/);
    }
    expect(upstream.seen).toHaveLength(before);
  });
});
function raw(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(verifier.gatewayPort, '127.0.0.1', () => socket.write(text));
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1');
      if (answer.includes('\r\n\r\n')) socket.end();
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(answer));
  });
}
