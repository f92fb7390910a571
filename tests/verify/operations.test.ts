import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { type Upstream, call, startUpstream } from '../gateway/call.ts';
import { parseExposition } from '../support/exposition.ts';
import { GATEWAY_SECRET, NOW_MS, type VerifierHere, type World, createWorld } from './world.ts';

const METRICS_TOKEN = 'test-metrics-token-of-32-characters';
const asGateway = { 'Gatehouse-Secret': GATEWAY_SECRET };
const asPrometheus = { Authorization: `Bearer ${METRICS_TOKEN}` };

let upstream: Upstream;
let world: World;
let verifier: VerifierHere;

beforeAll(async () => {
  upstream = await startUpstream();
  world = await createWorld({ METRICS_TOKEN, TRUSTED_PROXIES: '127.0.0.9' }, `http://127.0.0.1:${upstream.port}`);
  verifier = await world.composeVerifier({ nowMs: () => NOW_MS });
});
afterAll(async () => {
  await verifier.stop();
  await upstream.close();
  await world.close();
});

const get = (path: string, headers: Record<string, string> = {}) => call(verifier.verifierPort, { path, headers });
const metrics = async () => parseExposition((await get('/metrics', asPrometheus)).text);
const valueOf = async (name: string, labels: Record<string, string> = {}) =>
  (await metrics())
    .filter(
      (sample) => sample.name === name && Object.entries(labels).every(([key, text]) => sample.labels[key] === text),
    )
    .reduce((sum, { value }) => sum + value, 0);

describe('metrics', () => {
  test('are shown to gateways and to who has their token, and to nobody else', async () => {
    expect((await get('/metrics', asGateway)).status).toBe(200);
    expect((await get('/metrics', asPrometheus)).status).toBe(200);
    for (const headers of [{}, { Authorization: 'Bearer wrong' }, { Authorization: METRICS_TOKEN }])
      expect((await get('/metrics', headers)).status).toBe(401);
    expect(
      (await call(verifier.verifierPort, { method: 'POST', path: '/metrics', headers: asPrometheus })).status,
    ).toBe(405);
  });

  test('are in the format of Prometheus, with the standard names', async () => {
    const answer = await get('/metrics', asPrometheus);
    expect(answer.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    const names = new Set(parseExposition(answer.text).map(({ name }) => name));
    for (const name of ['process_cpu_seconds_total', 'process_resident_memory_bytes', 'nodejs_eventloop_lag_seconds'])
      expect(names).toContain(name);
    for (const name of ['gatehouse_build_info', 'gatehouse_usage_flushes_total', 'gatehouse_usage_failing'])
      expect(names).toContain(name);
  });

  test('count each verdict and each answer once', async () => {
    const { token } = await world.addKey();
    const before = { allowed: await valueOf('gatehouse_verifications_total', { verdict: 'allowed' }) };
    const ask = (authorization: string) =>
      get('/verify/nginx', {
        ...asGateway,
        ...{ 'X-Original-Method': 'GET', 'X-Original-URI': '/parcels/v2/parcels', 'X-Forwarded-For': '203.0.113.7' },
        Authorization: authorization,
      });
    const requests = await valueOf('http_request_duration_seconds_count', { listener: 'verifier', status: '2xx' });
    for (let asked = 0; asked < 3; asked += 1) expect((await ask(`Bearer ${token}`)).status).toBe(200);
    await ask('Bearer nonsense');
    expect(await valueOf('gatehouse_verifications_total', { verdict: 'allowed' })).toBe(before.allowed + 3);
    expect(await valueOf('gatehouse_verifications_total', { verdict: 'malformed_key' })).toBe(1);
    // Those that read the metrics are counted too.
    expect(
      await valueOf('http_request_duration_seconds_count', { listener: 'verifier', status: '2xx' }),
    ).toBeGreaterThanOrEqual(requests + 3);
    expect(
      (await call(verifier.gatewayPort, { path: '/parcels/v2/parcels', headers: { Authorization: `Bearer ${token}` } }))
        .status,
    ).toBe(200);
    expect(await valueOf('http_request_duration_seconds_count', { listener: 'gateway', status: '2xx' })).toBe(1);
  });
});

describe('health', () => {
  test('is told at three addresses', async () => {
    expect((await get('/livez')).text).toBe('ok\n');
    for (const path of ['/healthz', '/readyz'])
      expect((await get(path)).json()).toMatchObject({ status: 'ok', reasons: [] });
  });

  test('is degraded, not dead, while statistics cannot be written', async () => {
    const other = await createWorld();
    const here = await other.composeVerifier({ nowMs: () => NOW_MS });
    const health = () => call(here.verifierPort, { path: '/healthz' });
    const { token } = await other.addKey();
    await other.databases.usage.kysely.schema.alterTable('call_total').renameTo('call_total_away').execute();
    await call(here.gatewayPort, { path: '/parcels/v2/parcels', headers: { Authorization: `Bearer ${token}` } });
    await expect.poll(async () => (await health()).json().status).toBe('degraded');
    expect((await health()).status).toBe(200);
    expect((await health()).json().reasons).toContain('usage_not_written');
    await other.databases.usage.kysely.schema.alterTable('call_total_away').renameTo('call_total').execute();
    await expect.poll(async () => (await health()).json().status).toBe('ok');
    await here.stop();
    await other.close();
  });

  test('is 503 when the database of keys cannot be read', async () => {
    const other = await createWorld();
    const here = await other.composeVerifier({ nowMs: () => NOW_MS });
    await other.databases.portal.kysely.schema.alterTable('api_version').renameTo('away').execute();
    const answer = await call(here.verifierPort, { path: '/healthz' });
    expect(answer.status).toBe(503);
    expect(answer.json()).toMatchObject({ status: 'unavailable', reasons: ['portal_database_unreadable'] });
    expect((await call(here.verifierPort, { path: '/livez' })).status).toBe(200);
    await here.stop();
    await other.close();
  });
});

describe('request ids of the built-in gateway', () => {
  const through = async (headers: Record<string, string>, from?: string) => {
    const { token } = await world.addKey();
    return call(verifier.gatewayPort, {
      path: '/parcels/v2/parcels',
      headers: { Authorization: `Bearer ${token}`, ...headers },
      ...(from === undefined ? {} : { from }),
    });
  };

  test('go to the upstream and back to the caller, and no two are alike', async () => {
    const answers = [await through({}), await through({})];
    const ids = answers.map(({ headers }) => headers['x-request-id']);
    expect(new Set(ids).size).toBe(2);
    for (const answer of answers) {
      const seen = answer.json() as { headers: [string, string][] };
      expect(seen.headers.filter(([name]) => name === 'x-request-id')).toEqual([
        ['x-request-id', answer.headers['x-request-id']],
      ]);
    }
  });

  test('are taken from trusted proxies only, and only when they look like one', async () => {
    const given = { 'X-Request-Id': 'proxy-17.4:abc' };
    expect((await through(given, '127.0.0.9')).headers['x-request-id']).toBe('proxy-17.4:abc');
    expect((await through(given)).headers['x-request-id']).not.toBe('proxy-17.4:abc');
    const strange = { 'X-Request-Id': 'a "quoted" thing' };
    expect((await through(strange, '127.0.0.9')).headers['x-request-id']).toMatch(/^[A-Za-z0-9]{12}-[0-9a-z]+$/);
  });

  test('are on refusals too', async () => {
    const answer = await call(verifier.gatewayPort, { path: '/parcels/v2/parcels' });
    expect(answer.status).toBe(401);
    expect(answer.headers['x-request-id']).toMatch(/^[A-Za-z0-9]{12}-[0-9a-z]+$/);
  });
});
