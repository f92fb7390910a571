import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { IDENTITY_HEADERS } from '../../src/verify/verdict-headers.ts';
import { type CallAnswer, call } from '../gateway/call.ts';
import { askNginx as askAs, question, secret } from './ask.ts';
import type { IssuedKey } from './parcels.ts';
import { GATEWAY_SECRET, NOW_MS, type VerifierHere, type World, createWorld } from './world.ts';

let world: World;
let verifier: VerifierHere;
let key: IssuedKey;

beforeAll(async () => {
  world = await createWorld();
  key = await world.addKey();
  verifier = await world.composeVerifier({ nowMs: () => NOW_MS });
});
afterAll(async () => {
  await verifier.stop();
  await world.close();
});

const askNginx = (headers: Record<string, string> | string[]) => askAs(verifier.verifierPort, headers);

async function askJson(body: unknown): Promise<CallAnswer> {
  return call(verifier.verifierPort, {
    method: 'POST',
    path: '/v1/verify',
    headers: secret,
    body: JSON.stringify(body),
  });
}

describe('the nginx dialect', () => {
  test('a good key is 200 with every identity header, empty where there is none', async () => {
    const answer = await askNginx(question(key.token));
    expect(answer.status).toBe(200);
    for (const name of IDENTITY_HEADERS) expect(answer.headers[name.toLowerCase()]).toBeDefined();
    expect(answer.headers).toMatchObject({
      'gatehouse-key-id': key.keyId,
      'gatehouse-api': 'parcels',
      'gatehouse-version': 'v2',
      'gatehouse-operation': 'listParcels',
      'gatehouse-scopes': 'parcels:read',
    });
  });

  test('what is neither 2xx nor 401 is 403 with the real status and problem in headers', async () => {
    const answer = await askNginx(question(key.token, { 'X-Original-URI': '/parcels/v1/parcels' }));
    expect(answer.status).toBe(403);
    expect(answer.headers['gatehouse-status']).toBe('410');
    expect(JSON.parse(String(answer.headers['gatehouse-problem']))).toMatchObject({
      code: 'version_retired',
      status: 410,
    });
  });

  test('a path without prefix is read against the API that the gateway names', async () => {
    const answer = await askNginx(
      question(key.token, { 'X-Original-URI': '/parcels/4711', 'Gatehouse-Api': 'parcels/v2' }),
    );
    expect([answer.status, answer.headers['gatehouse-operation']]).toEqual([200, 'getParcel']);
  });

  test('only the last address counts, which the gateway wrote itself', async () => {
    const limited = await world.addKey('ample', { allowlist: '["203.0.113.0/24"]' });
    const statusFrom = async (forwardedFor: string): Promise<number> =>
      (await askNginx(question(limited.token, { 'X-Forwarded-For': forwardedFor }))).status;
    expect(await statusFrom('10.0.0.1, 203.0.113.9')).toBe(200);
    expect(await statusFrom('203.0.113.9, 10.0.0.1')).toBe(403);
    expect(await statusFrom('::ffff:203.0.113.9')).toBe(200);
    for (const unreadable of ['', '203.0.113.9:80', '[203.0.113.9]', '203.0.113.009', '203.0.113.9,', 'unknown']) {
      expect(await statusFrom(unreadable)).toBe(403);
    }
    const withoutAddress = Object.entries(question(limited.token)).filter(([name]) => name !== 'X-Forwarded-For');
    expect((await askNginx(Object.fromEntries(withoutAddress))).status).toBe(403);
  });

  test('a question with a header of the gateway twice, or without method or path, is refused', async () => {
    const flat = ['Host', 'verifier', ...Object.entries(question(key.token)).flat()];
    expect((await askNginx([...flat, 'X-Original-URI', '/parcels/v2/parcels'])).status).toBe(403);
    for (const missing of ['X-Original-URI', 'X-Original-Method']) {
      const rest = Object.entries(question(key.token)).filter(([name]) => name !== missing);
      expect((await askNginx(Object.fromEntries(rest))).status).toBe(403);
    }
  });
});

describe('the Caddy dialect', () => {
  test('a refusal has its real status and body', async () => {
    const headers = {
      ...secret,
      'X-Forwarded-Method': 'GET',
      'X-Forwarded-Uri': '/parcels/v1/parcels',
      'X-API-Key': key.token,
    };
    const answer = await call(verifier.verifierPort, { path: '/verify/caddy', headers });
    expect(answer.status).toBe(410);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(answer.json()).toMatchObject({ code: 'version_retired' });
  });
});

describe('the JSON dialect', () => {
  test('a good key is valid, with plan, scopes and limits', async () => {
    const answer = await askJson({
      key: key.token,
      api: 'parcels',
      version: 'v2',
      method: 'GET',
      path: '/parcels/1?x=y',
      address: '203.0.113.9',
    });
    expect(answer.status).toBe(200);
    expect(answer.json()).toMatchObject({
      valid: true,
      code: 'allowed',
      keyId: key.keyId,
      applicationId: key.applicationId,
      operationId: 'getParcel',
      plan: 'ample',
      scopes: ['parcels:read'],
      rateLimit: { limit: 1_000_000 },
      quota: { limit: 1_000_000_000, resetAt: '2026-04-01T00:00:00.000Z' },
    });
  });

  test('without an API only the key itself is verified', async () => {
    expect((await askJson({ key: key.token })).json()).toMatchObject({ valid: true, plan: null, quota: null });
  });

  test('a refusal is an answer, with the code and what to tell', async () => {
    expect((await askJson({ key: 'gth_live_x' })).json()).toMatchObject({
      valid: false,
      code: 'malformed_key',
      status: 401,
      keyId: null,
    });
    const ended = await world.addKey('ample', { revoked_at_ms: NOW_MS });
    expect((await askJson({ key: ended.token })).json()).toMatchObject({
      valid: false,
      code: 'key_revoked',
      keyId: ended.keyId,
    });
  });

  test.each<[string, unknown]>([
    ['no key', {}],
    ['an unknown field', { key: 'x', admin: true }],
    ['a path without method', { key: 'x', path: '/parcels' }],
    ['a version without API', { key: 'x', version: 'v2' }],
    ['no address', { key: 'x', address: '999.1.1.1' }],
    ['an array', []],
    ['no object', 'key'],
    ['too much', { key: 'x', path: 'x'.repeat(20_000) }],
  ])('a question with %s is 400 and says why', async (_, body) => {
    const answer = await askJson(body);
    expect([answer.status, answer.json().code]).toEqual([400, 'invalid_question']);
  });
});

describe('who may ask', () => {
  test.each<[string, Record<string, string>]>([
    ['no secret', {}],
    ['a wrong secret', { 'Gatehouse-Secret': GATEWAY_SECRET.replace('t', 'T') }],
    ['a part of it', { 'Gatehouse-Secret': GATEWAY_SECRET.slice(0, -1) }],
    ['an empty one', { 'Gatehouse-Secret': '' }],
  ])('%s gets no decision from any dialect', async (_, wrong) => {
    const headers = {
      ...question(key.token),
      'X-Forwarded-Method': 'GET',
      'X-Forwarded-Uri': '/parcels/v2/parcels',
      'Gatehouse-Secret': '',
      ...wrong,
    };
    for (const path of ['/verify/nginx', '/verify/caddy']) {
      const answer = await call(verifier.verifierPort, { path, headers });
      expect([answer.status, answer.json().code]).toEqual([401, 'gateway_unknown']);
    }
    const program = await call(verifier.verifierPort, {
      method: 'POST',
      path: '/v1/verify',
      headers: wrong,
      body: JSON.stringify({ key: key.token }),
    });
    expect(program.status).toBe(401);
  });

  test('health needs no secret and tells no more than status, version, schema and what is wrong', async () => {
    const answer = await call(verifier.verifierPort, { path: '/healthz' });
    expect([answer.status, Object.keys(answer.json())]).toEqual([200, ['status', 'version', 'schema', 'reasons']]);
  });

  test('other methods and addresses are 405 and 404', async () => {
    expect(
      (await call(verifier.verifierPort, { method: 'POST', path: '/verify/nginx', headers: question(key.token) }))
        .status,
    ).toBe(405);
    expect((await call(verifier.verifierPort, { path: '/v1/verify', headers: question(key.token) })).status).toBe(405);
    expect((await call(verifier.verifierPort, { path: '/verify/nginx/', headers: question(key.token) })).status).toBe(
      404,
    );
    expect((await call(verifier.verifierPort, { path: '/verify/NGINX', headers: question(key.token) })).status).toBe(
      404,
    );
  });
});
