import { afterAll, beforeAll, expect, test } from 'vitest';

import { call } from '../gateway/call.ts';
import { secret } from './ask.ts';
import { NOW_MS, type VerifierHere, type World, createWorld } from './world.ts';

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

const ask = (body: unknown, headers: Record<string, string> = secret) =>
  call(verifier.verifierPort, { method: 'POST', path: '/v1/verify/batch', headers, body: JSON.stringify(body) });

async function codes(questions: unknown[], headers?: Record<string, string>): Promise<string[]> {
  const answer = await ask({ questions }, headers);
  expect(answer.status).toBe(200);
  return (answer.json().answers as { code: string }[]).map(({ code }) => code);
}

const target = { api: 'parcels', version: 'v2', method: 'GET', path: '/parcels' };

test('every question has its answer, in order, and the same one that it has alone', async () => {
  const [good, stranger] = [await world.addKey(), await world.addKey(null)];
  const questions = [
    { key: good.token, ...target },
    { key: 'x' },
    { key: stranger.token, ...target },
    { key: good.token },
  ];
  expect(await codes(questions)).toEqual(['allowed', 'malformed_key', 'not_subscribed', 'allowed']);
  const batch = (await ask({ questions })).json().answers;
  const alone = await Promise.all(
    questions.slice(1).map(async (question) =>
      (
        await call(verifier.verifierPort, {
          method: 'POST',
          path: '/v1/verify',
          headers: secret,
          body: JSON.stringify(question),
        })
      ).json(),
    ),
  );
  expect((batch as unknown[]).slice(1)).toEqual(alone);
});

test('questions are decided one after the other: a limit that is used up within the batch counts in it', async () => {
  const { token } = await world.addKey('small');
  const questions = Array.from({ length: 100 }, () => ({ key: token, ...target }));
  const found = await codes(questions);
  expect(found.slice(0, 5)).toEqual(Array.from({ length: 5 }, () => 'allowed'));
  expect(new Set(found.slice(5))).toEqual(new Set(['quota_exceeded']));
});

test('a batch with a question that cannot be read, none or more than 100 is refused as a whole, and counts nothing', async () => {
  const { token } = await world.addKey('slow');
  const question = { key: token, ...target };
  for (const questions of [[], [question, { key: 1 }], Array.from({ length: 101 }, () => question)]) {
    const answer = await ask({ questions });
    expect([answer.status, answer.json().code]).toEqual([400, 'invalid_question']);
  }
  expect((await ask({ questions: [question, { key: token, admin: true }] })).text).toContain('questions[1]');
  expect(await codes([question, question, question, question])).toEqual([
    'allowed',
    'allowed',
    'allowed',
    'rate_limited',
  ]);
});

test('the address of a caller comes from its question and from no header (CVE-2022-24112)', async () => {
  const { token } = await world.addKey('ample', { allowlist: '["203.0.113.0/24"]' });
  const headers = { ...secret, 'X-Real-IP': '203.0.113.9', 'X-Forwarded-For': '203.0.113.9' };
  const questions = [{ key: token }, { key: token, address: '203.0.113.9' }, { key: token, address: '198.51.100.1' }];
  expect(await codes(questions, headers)).toEqual(['address_unknown', 'allowed', 'address_not_allowed']);
});

test('needs the secret, POST, and no more than a megabyte', async () => {
  expect((await ask({ questions: [{ key: 'x' }] }, {})).status).toBe(401);
  expect((await call(verifier.verifierPort, { path: '/v1/verify/batch', headers: secret })).status).toBe(405);
  const huge = Array.from({ length: 100 }, () => ({ key: 'x', ...target, path: `/${'x'.repeat(12_000)}` }));
  const answer = await ask({ questions: huge });
  expect([answer.status, answer.json().detail]).toEqual([400, 'The body is longer than 1048576 bytes.']);
});
