import { connect } from 'node:net';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';

import { IDENTITY_HEADERS } from '../../src/verify/verdict-headers.ts';
import { call } from '../gateway/call.ts';
import { staticConfiguration } from '../gateways/documented-traefik.ts';
import { envoyConfiguration } from '../gateways/envoy-configuration.ts';
import { secret } from './ask.ts';
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

const guides = join(import.meta.dirname, '../../content/guides/gateways');

describe('Envoy asks with the method of the call and its path behind the prefix', () => {
  const ask = (method: string, path: string, more: Record<string, string> = {}) =>
    call(verifier.verifierPort, {
      method,
      path: `/verify/envoy${path}`,
      headers: { ...secret, 'content-length': '0', 'x-api-key': key.token, 'x-forwarded-for': '203.0.113.9', ...more },
    });

  test.each([
    ['GET', '/parcels/v2/parcels/4711?fields=id', 200, 'getParcel'],
    ['POST', '/parcels/v2/parcels', 200, 'createParcel'],
    ['DELETE', '/parcels/v2/parcels', 403, undefined],
    ['PATCH', '/parcels/v2/parcels', 404, undefined],
    ['GET', '/parcels/v1/parcels', 410, undefined],
    ['GET', '/', 404, undefined],
    ['GET', '//parcels/v2/parcels', 400, undefined],
    ['GET', '/../verify/envoy/parcels/v2/parcels', 400, undefined],
  ])('%s %s is %i', async (method, path, status, operation) => {
    const answer = await ask(method, path);
    expect([answer.status, answer.headers['gatehouse-operation']]).toEqual([status, operation]);
  });

  test('headers in which other gateways report a call change nothing', async () => {
    const more = { 'X-Original-URI': '/parcels/v2/parcels', 'X-Forwarded-Uri': '/parcels/v2/parcels' };
    expect((await ask('GET', '/parcels/v2/elsewhere', more)).status).toBe(404);
  });

  test('a path without prefix is read against the API that Envoy names', async () => {
    const answer = await ask('GET', '/parcels/4711', { 'gatehouse-api': 'parcels/v2' });
    expect([answer.status, answer.headers['gatehouse-operation']]).toEqual([200, 'getParcel']);
  });

  test('an allowing answer has every identity header and no empty one for the caller', async () => {
    const { headers } = await ask('GET', '/parcels/v2/parcels');
    for (const name of IDENTITY_HEADERS) expect(headers[name.toLowerCase()]).toBeDefined();
    for (const name of ['deprecation', 'sunset', 'link', 'gatehouse-key-expires'])
      expect(headers[name]).toBeUndefined();
  });

  test('as Envoy writes it on the wire: one block, lower case, over a connection that stays', async () => {
    const question = (path: string, token: string): string =>
      [
        `POST /verify/envoy${path} HTTP/1.1`,
        'host: api.example.com',
        'content-length: 0',
        'x-forwarded-for: 203.0.113.9',
        `authorization: Bearer ${token}`,
        `gatehouse-secret: ${GATEWAY_SECRET}`,
        'x-envoy-expected-rq-timeout-ms: 2000',
        '\r\n',
      ].join('\r\n');
    const questions = [question('/parcels/v2/parcels', key.token), question('/parcels/v2/parcels', 'nonsense')];
    expect(await statusesOf(verifier.verifierPort, questions.join(''))).toEqual([200, 401]);
  });

  test('without the secret there is no decision, whatever the method', async () => {
    for (const method of ['GET', 'POST', 'DELETE']) {
      const answer = await ask(method, '/parcels/v2/parcels', { 'Gatehouse-Secret': 'wrong' });
      expect([answer.status, answer.json().code]).toEqual([401, 'gateway_unknown']);
    }
  });

  test('the shipped file names both clusters, every identity header, and waits no longer than needed', () => {
    const read = envoyConfiguration.parse(parse(readFileSync(join(guides, 'envoy/envoy.yaml'), 'utf8')));
    expect(read.clusters).toEqual(['gatehouse', 'parcels']);
    const { authorization_response: copied } = read.authorisation.http_service;
    const copiedNames = copied.allowed_upstream_headers.patterns.map(({ exact }) => exact);
    expect(copiedNames).toEqual(IDENTITY_HEADERS.map((name) => name.toLowerCase()));
  });
});

describe('Traefik asks with GET and says in headers what was called', () => {
  const ask = (more: Record<string, string>) =>
    call(verifier.verifierPort, {
      path: '/verify/traefik',
      headers: {
        ...secret,
        'X-Forwarded-For': '203.0.113.9',
        'X-Forwarded-Host': 'api.example.com',
        'X-Forwarded-Proto': 'https',
        'X-Api-Key': key.token,
        ...more,
      },
    });

  test('method and path of the call decide', async () => {
    const uri = { 'X-Forwarded-Uri': '/parcels/v2/parcels' };
    expect((await ask({ ...uri, 'X-Forwarded-Method': 'GET' })).headers['gatehouse-operation']).toBe('listParcels');
    expect((await ask({ ...uri, 'X-Forwarded-Method': 'DELETE' })).status).toBe(403);
    expect((await ask(uri)).status).toBe(404);
    expect((await ask({ 'X-Forwarded-Method': 'GET' })).status).toBe(400);
  });

  test('a refusal has its real status, its problem and its Retry-After', async () => {
    const slow = await world.addKey('slow');
    const lines = { 'X-Api-Key': slow.token, 'X-Forwarded-Method': 'GET', 'X-Forwarded-Uri': '/parcels/v2/parcels' };
    for (let calls = 0; calls < 3; calls += 1) await ask(lines);
    const answer = await ask(lines);
    expect([answer.status, answer.json().code]).toEqual([429, 'rate_limited']);
    expect(answer.headers['retry-after']).toMatch(/^\d+$/);
  });

  test('the shipped static file reads the shipped rules', () => {
    const read = staticConfiguration.parse(parse(readFileSync(join(guides, 'traefik/traefik.yaml'), 'utf8')));
    expect(read.providers.file.filename).toMatch(/\/gatehouse\.yaml$/);
  });
});

/** Status codes of the answers to what is written at once on one connection. */
function statusesOf(port: number, text: string): Promise<number[]> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => socket.end(text));
    socket.on('data', (chunk) => (answer += chunk.toString('latin1')));
    socket.on('error', reject);
    socket.on('close', () => resolve([...answer.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map(([, code]) => Number(code))));
  });
}
