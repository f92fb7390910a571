import { createServer } from 'node:http';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { plainLimits, toPlanLimitColumns } from '../../src/plans/plan-limits.ts';
import { type CallAnswer, call } from '../gateway/call.ts';
import { closeServer, listen } from '../../src/verify/http-server.ts';
import { secret } from './ask.ts';
import type { IssuedKey } from './parcels.ts';
import { NOW_MS, type VerifierHere, type World, createWorld } from './world.ts';

let world: World;
let verifier: VerifierHere;
let nextAnswer: { headers?: Record<string, string>; trailers?: Record<string, string> } = {};

const upstream = createServer((incoming, outgoing) => {
  incoming.resume();
  const { headers = {}, trailers } = nextAnswer;
  outgoing.writeHead(200, { ...headers, ...(trailers ? { Trailer: Object.keys(trailers).join(', ') } : {}) });
  outgoing.write('one ');
  if (trailers) outgoing.addTrailers(trailers);
  outgoing.end('two');
});

beforeAll(async () => {
  const port = await listen(upstream, '127.0.0.1', 0);
  world = await createWorld({}, `http://127.0.0.1:${port}/`);
  await world.databases.portal.kysely
    .updateTable('plan')
    .set(toPlanLimitColumns(plainLimits(1_000_000, 1, 1000, 'month')))
    .where('slug', '=', 'small')
    .execute();
  verifier = await world.composeVerifier({ nowMs: () => NOW_MS });
});
afterAll(async () => {
  await verifier.stop();
  await closeServer(upstream);
  await world.close();
});

const post = (path: string, body: unknown): Promise<CallAnswer> =>
  call(verifier.verifierPort, { method: 'POST', path, headers: secret, body: JSON.stringify(body) });

async function left(key: IssuedKey): Promise<number> {
  const answer = await post('/v1/verify', { key: key.token, api: 'parcels', cost: 0 });
  return (answer.json().quota as { remaining: number }).remaining;
}

describe('a cost in the question of a program', () => {
  test('is taken; a question with cost 0 only looks', async () => {
    const key = await world.addKey('small');
    const ask = (cost?: number) => post('/v1/verify', { key: key.token, api: 'parcels', cost });
    expect((await ask()).json()).toMatchObject({ valid: true, quota: { limit: 1000, remaining: 999 } });
    expect((await ask(99)).json()).toMatchObject({ valid: true, quota: { remaining: 900 } });
    expect((await ask(0)).json()).toMatchObject({ valid: true, quota: { remaining: 900 } });
    expect((await ask(901)).json()).toMatchObject({ valid: false, code: 'quota_exceeded', quota: { remaining: 900 } });
    expect((await ask(900)).json()).toMatchObject({ valid: true, quota: { remaining: 0 } });
    expect((await ask(0)).json()).toMatchObject({ valid: false, code: 'quota_exceeded' });
  });

  test.each([-1, 1.5, '5', 1e12])('of %j is 400', async (cost) => {
    const key = await world.addKey('small');
    expect((await post('/v1/verify', { key: key.token, api: 'parcels', cost })).status).toBe(400);
  });
});

describe('POST /v1/usage', () => {
  const report = (key: IssuedKey, id: string, cost: number) =>
    post('/v1/usage', { id, keyId: key.keyId, api: 'parcels', cost });

  test('adds a cost once for its id, also beyond the quota, which then refuses the next call', async () => {
    const key = await world.addKey('small');
    expect((await report(key, 'a', 400)).json()).toEqual({ counted: true });
    expect((await report(key, 'a', 400)).json()).toEqual({ counted: false });
    expect(await left(key)).toBe(600);
    expect((await report(key, 'b', 812)).json()).toEqual({ counted: true });
    const next = await post('/v1/verify', { key: key.token, api: 'parcels' });
    expect(next.json()).toMatchObject({ valid: false, code: 'quota_exceeded' });
  });

  test('of a key that was revoked meanwhile still counts; of none it is 404', async () => {
    const key = await world.addKey('small');
    await world.revoke(key.keyId);
    expect((await report(key, 'c', 1)).status).toBe(200);
    expect((await report({ ...key, keyId: 'key_none' }, 'd', 1)).status).toBe(404);
    const stranger = await world.addKey(null);
    expect((await report(stranger, 'e', 1)).status).toBe(404);
  });

  test.each<[string, unknown]>([
    ['no id', { keyId: 'key_1', api: 'parcels', cost: 1 }],
    ['a negative cost', { id: 'x', keyId: 'key_1', api: 'parcels', cost: -1 }],
    ['an unknown field', { id: 'x', keyId: 'key_1', api: 'parcels', cost: 1, admin: true }],
    ['no object', []],
  ])('with %s is 400', async (_, body) => {
    const answer = await post('/v1/usage', body);
    expect([answer.status, answer.json().code]).toEqual([400, 'invalid_report']);
  });

  test('without the secret of the gateways is 401, and reads nothing', async () => {
    const answer = await call(verifier.verifierPort, { method: 'POST', path: '/v1/usage', body: '{}' });
    expect([answer.status, answer.json().code]).toEqual([401, 'gateway_unknown']);
  });
});

describe('the built-in gateway', () => {
  const callOnce = (key: IssuedKey) =>
    call(verifier.gatewayPort, { path: '/parcels/v2/parcels', headers: { 'X-API-Key': key.token } });

  test.each<[string, typeof nextAnswer, number]>([
    ['in a header', { headers: { 'Gatehouse-Cost': '41' } }, 958],
    ['in a trailer', { trailers: { 'Gatehouse-Cost': '99' } }, 900],
    ['in both, the trailer', { headers: { 'Gatehouse-Cost': '41' }, trailers: { 'gatehouse-cost': '99' } }, 900],
    ['that is no number', { headers: { 'Gatehouse-Cost': '-5' } }, 999],
    ['of nothing', { headers: { 'Gatehouse-Cost': '0' } }, 999],
  ])('adds the cost that an upstream tells %s, and shows it to nobody', async (_, answered, remaining) => {
    const key = await world.addKey('small');
    nextAnswer = answered;
    const answer = await callOnce(key);
    expect([answer.status, answer.text]).toEqual([200, 'one two']);
    expect(JSON.stringify(answer.headers).toLowerCase()).not.toContain('gatehouse-cost');
    await expect.poll(() => left(key), { interval: 2 }).toBe(remaining);
  });
});
