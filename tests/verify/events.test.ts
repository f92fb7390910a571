import { afterAll, beforeAll, expect, test } from 'vitest';

import { type UsageReadingStore, createUsageReadingStore } from '../../src/usage/usage-reading-store.ts';
import { MOST_EVENT_BYTES } from '../../src/verify/accept-events.ts';
import { type CallAnswer, type Upstream, call, startUpstream } from '../gateway/call.ts';
import { GATEWAY_SECRET, NOW_MS, type VerifierHere, type World, createWorld } from './world.ts';

let upstream: Upstream;
let world: World;
let verifier: VerifierHere;
let reading: UsageReadingStore;

beforeAll(async () => {
  upstream = await startUpstream();
  world = await createWorld({}, `http://127.0.0.1:${upstream.port}`);
  verifier = await world.composeVerifier({ nowMs: () => NOW_MS });
  reading = createUsageReadingStore(world.databases.usage);
});
afterAll(async () => {
  await verifier.stop();
  await upstream.close();
  await world.close();
});

let batches = 0;
const send = (body: string, headers: Record<string, string> = {}): Promise<CallAnswer> =>
  call(verifier.verifierPort, {
    method: 'POST',
    path: '/v1/events',
    headers: {
      'Gatehouse-Secret': GATEWAY_SECRET,
      'Gatehouse-Batch-Id': `batch-${(batches += 1)}-of-test`,
      ...headers,
    },
    body,
  });
const lineOf = (keyId: string, status = 200): string =>
  JSON.stringify({ time: NOW_MS / 1000, keyId, api: 'parcels', version: 'v2', operationId: '', status, latencyMs: 20 });

test('only who knows the secret of gateways may send events', async () => {
  const { keyId } = await world.addKey();
  for (const secret of ['', 'wrong', `${GATEWAY_SECRET}x`])
    expect((await send(lineOf(keyId), { 'Gatehouse-Secret': secret })).status).toBe(401);
});

test('events are counted beside the verdicts of the same calls, once', async () => {
  const { keyId, applicationId } = await world.addKey();
  const id = { 'Gatehouse-Batch-Id': 'batch-sent-twice' };
  const first = await send(`${lineOf(keyId)}\n${lineOf(keyId, 500)}\nbroken\n`, id);
  expect(first.status).toBe(200);
  expect(first.json()).toEqual({
    accepted: 2,
    ignored: 0,
    rejected: 1,
    errors: [{ line: 3, error: 'is not JSON' }],
  });
  expect(first.headers['gatehouse-batch-repeated']).toBe('false');
  const again = await send(`${lineOf(keyId)}\n${lineOf(keyId, 500)}\nbroken\n`, id);
  expect([again.status, again.text, again.headers['gatehouse-batch-repeated']]).toEqual([200, first.text, 'true']);
  const [row] = await reading.slots({ scope: { of: 'application', applicationId }, grain: 'hour', sinceMs: 0 });
  expect(row).toMatchObject({ verdict: 'allowed', answers_2xx: 1, answers_5xx: 1 });
});

test.each([
  ['no batch id', '', { 'Gatehouse-Batch-Id': '' }, 400, 'invalid_batch_id'],
  ['a batch id with other characters', '', { 'Gatehouse-Batch-Id': 'one two three' }, 400, 'invalid_batch_id'],
  ['too many bytes', 'x'.repeat(MOST_EVENT_BYTES + 1), {}, 413, 'content_too_large'],
  ['too many lines', 'x\n'.repeat(5001), {}, 413, 'content_too_large'],
])('%s is refused with a reason', async (_what, body, headers, status, code) => {
  const answer = await send(body, headers);
  expect([answer.status, answer.json().code]).toEqual([status, code]);
});

test('an id that was used for something else is a conflict', async () => {
  const { keyId } = await world.addKey();
  const id = { 'Gatehouse-Batch-Id': 'batch-of-two-minds' };
  expect((await send(lineOf(keyId), id)).status).toBe(200);
  const other = await send(lineOf(keyId, 404), id);
  expect([other.status, other.json().code]).toEqual([409, 'batch_id_reused']);
});

test('the built-in gateway tells by itself how calls were answered', async () => {
  const { token, applicationId } = await world.addKey();
  const answer = await call(verifier.gatewayPort, {
    path: '/parcels/v2/parcels',
    headers: { Authorization: `Bearer ${token}` },
  });
  expect(answer.status).toBe(200);
  const question = { scope: { of: 'application', applicationId }, grain: 'hour', sinceMs: 0 } as const;
  await expect
    .poll(() => reading.slots(question))
    .toMatchObject([{ verdict: 'allowed', calls: 1, answers_2xx: 1, latency_10: 1 }]);
});
