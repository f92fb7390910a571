import { connect } from 'node:net';

import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { askNginx, question } from './ask.ts';
import { GATEWAY_SECRET, NOW_MS, type VerifierHere, type World, createWorld } from './world.ts';

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

test('of 3,000 malformed questions none is answered with 2xx', async () => {
  const key = await world.addKey();
  const junk = fc.string({
    unit: fc.constantFrom(...Array.from('aZ0 /%.;?&=#:,\\"\'~_-@'), 'ü', 'gth_live_', '..', '%2f'),
    maxLength: 40,
  });
  const names = [
    'Authorization',
    'X-API-Key',
    'X-Original-URI',
    'X-Original-Method',
    'X-Forwarded-For',
    'Gatehouse-Api',
    'User-Agent',
    'Host',
  ];
  const headers = fc.array(fc.tuple(fc.constantFrom(...names), junk), { maxLength: 6 });
  const paths = fc.constantFrom(
    '/verify/nginx',
    '/verify/caddy',
    '/verify/traefik',
    '/verify/envoy/parcels/v2/parcels',
    '/verify/envoy',
    '/verify/nginx?x',
    '/verify',
    '/',
  );
  const samples = fc.sample(fc.tuple(paths, headers, fc.boolean()), { numRuns: 3000, seed: 1 });
  const statuses = await sendRaw(
    verifier.verifierPort,
    samples.map(([path, lines, knowsSecret]) =>
      [
        `GET ${path} HTTP/1.1`,
        'Host: verifier',
        ...(knowsSecret ? [`Gatehouse-Secret: ${GATEWAY_SECRET}`] : []),
        ...lines.map(([name, value]) => `${name}: ${value}`),
        'Connection: close',
        '\r\n',
      ].join('\r\n'),
    ),
  );
  expect(statuses).toHaveLength(3000);
  expect(statuses.filter((status) => status < 400 || status >= 500)).toEqual([]);
  expect((await askNginx(verifier.verifierPort, question(key.token))).status).toBe(200);
});

test('a POST without a body, and without a word about it, is answered as one with an empty body', async () => {
  const paths = ['/v1/verify', '/v1/verify/batch', '/v1/usage', '/v1/events', '/verify/nginx', '/nowhere'];
  const statuses = paths.map((path) =>
    sendOne(
      verifier.verifierPort,
      [
        `POST ${path} HTTP/1.1`,
        'Host: verifier',
        `Gatehouse-Secret: ${GATEWAY_SECRET}`,
        'Gatehouse-Batch-Id: batch-of-nothing',
        'Content-Type: application/x-ndjson',
        'Connection: close',
        '\r\n',
      ].join('\r\n'),
    ),
  );
  expect(await Promise.all(statuses)).toEqual([400, 400, 400, 200, 405, 404]);
});

/** Sends each text over a connection of its own, 50 at a time; returns the status codes. */
async function sendRaw(port: number, texts: readonly string[]): Promise<number[]> {
  const waiting = [...texts];
  const statuses: number[] = [];
  const work = async (): Promise<void> => {
    for (let text = waiting.pop(); text !== undefined; text = waiting.pop()) statuses.push(await sendOne(port, text));
  };
  await Promise.all(Array.from({ length: 50 }, work));
  return statuses;
}

function sendOne(port: number, text: string): Promise<number> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(text, 'latin1'));
    socket.on('data', (chunk) => (answer += chunk.toString('latin1')));
    socket.on('error', reject);
    socket.on('close', () => resolve(Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1])));
  });
}
