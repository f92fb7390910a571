import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { decide } from '../../src/verify/decide.ts';
import type { RouteEnding, RouteVersion } from '../../src/verify/route-table.ts';
import { refusalHeaders, refusalProblem } from '../../src/verify/refusal-problem.ts';
import { createVerificationStore } from '../../src/verify/verification-store.ts';
import { call } from '../gateway/call.ts';
import { goodFacts, key } from './facts.ts';
import { GATEWAY_SECRET, NOW_MS, type VerifierHere, type World, createWorld } from './world.ts';
import { underOnePepper } from './token-hashes.ts';

const MINUTE_MS = 60_000;
const deprecation = { deprecatedAtMs: NOW_MS - 10 * MINUTE_MS, sunsetAtMs: NOW_MS + 90 * MINUTE_MS, successor: 'v3' };

function factsOf(ending: RouteEnding | undefined) {
  const { route } = goodFacts.target;
  if (!route) throw new Error('no route');
  const ended: RouteVersion = { ...route, deprecation, ...(ending ? { ending } : {}) };
  return { ...goodFacts, target: { ...goodFacts.target, route: ended } };
}

const brownOuts = [{ fromMs: NOW_MS, untilMs: NOW_MS + 10 * MINUTE_MS }];

function codeAt(ending: RouteEnding | undefined, nowMs: number): string {
  const { verdict } = decide(factsOf(ending), nowMs);
  return verdict.allowed ? 'allowed' : verdict.refusal.code;
}

describe('the end of a version', () => {
  test.each([
    ['nothing chosen', undefined, deprecation.sunsetAtMs + 1, 'allowed'],
    ['before a brown-out', { goneAtMs: null, brownOuts }, NOW_MS - 1, 'allowed'],
    ['its first moment', { goneAtMs: null, brownOuts }, NOW_MS, 'brown_out'],
    ['its last moment', { goneAtMs: null, brownOuts }, NOW_MS + 10 * MINUTE_MS - 1, 'brown_out'],
    ['after it', { goneAtMs: null, brownOuts }, NOW_MS + 10 * MINUTE_MS, 'allowed'],
    ['before the sunset', { goneAtMs: NOW_MS, brownOuts: [] }, NOW_MS - 1, 'allowed'],
    ['from the sunset on', { goneAtMs: NOW_MS, brownOuts: [] }, NOW_MS, 'version_retired'],
    ['gone counts before a brown-out', { goneAtMs: NOW_MS, brownOuts }, NOW_MS, 'version_retired'],
  ] as const)('%s: %o at %d is %s', (_, ending, nowMs, code) => {
    expect(codeAt(ending, nowMs)).toBe(code);
  });

  test('who has no working key learns nothing of it, and it is told before what the key may', () => {
    const facts = factsOf({ goneAtMs: NOW_MS, brownOuts: [] });
    const codes = [
      { ...facts, key: null },
      { ...facts, key: { ...key, subscription: null } },
      { ...facts, target: { ...facts.target, operation: null, refusal: { code: 'unknown_operation' as const } } },
    ].map((one) => {
      const { verdict } = decide(one, NOW_MS);
      return verdict.allowed ? 'allowed' : verdict.refusal.code;
    });
    expect(codes).toEqual(['unknown_key', 'version_retired', 'version_retired']);
  });

  test('a brown-out says until when, what replaces the version, and when to come back', () => {
    const { verdict, price } = decide(factsOf({ goneAtMs: null, brownOuts }), NOW_MS + 1);
    if (verdict.allowed) throw new Error('allowed');
    expect(price).toBeNull();
    expect(refusalHeaders(verdict)).toEqual(['Retry-After', '600']);
    const problem = refusalProblem(verdict);
    expect(problem).toMatchObject({ status: 410, page: '/docs/parcels/v3', extra: { successor: 'v3' } });
    expect(problem.detail).toContain('until 3 March 2026 at 10:10 UTC');
    expect(problem.detail).toContain('Version v3 replaces it.');
  });
});

describe('through the dialects', () => {
  let world: World;
  let verifier: VerifierHere;
  let token: string;
  const time = { nowMs: NOW_MS };

  beforeAll(async () => {
    world = await createWorld();
    await world.deprecate('v2', deprecation);
    await world.endVersion('v2', { isGoneAfterSunset: true, brownOuts });
    ({ token } = await world.addKey());
    verifier = await world.composeVerifier({ nowMs: () => time.nowMs });
  });
  afterAll(async () => {
    await verifier.stop();
    await world.close();
  });

  const ask = (dialect: string) =>
    call(verifier.verifierPort, {
      path: dialect === 'envoy' ? '/verify/envoy/parcels/v2/parcels' : `/verify/${dialect}`,
      headers: {
        ...{ 'Gatehouse-Secret': GATEWAY_SECRET, 'X-API-Key': token },
        ...{ 'X-Original-Method': 'GET', 'X-Original-URI': '/parcels/v2/parcels' },
        ...{ 'X-Forwarded-Method': 'GET', 'X-Forwarded-Uri': '/parcels/v2/parcels' },
      },
    });

  test.each(['nginx', 'caddy', 'haproxy', 'traefik', 'envoy'])(
    '%s: 410 with Retry-After, then served, then gone',
    async (dialect) => {
      const statusOf = (answer: Awaited<ReturnType<typeof ask>>) =>
        answer.headers['gatehouse-status'] ?? String(answer.status);
      const codeOf = (answer: Awaited<ReturnType<typeof ask>>) =>
        (dialect === 'nginx'
          ? (JSON.parse(String(answer.headers['gatehouse-problem'])) as { code: string })
          : answer.json()
        ).code;
      time.nowMs = NOW_MS + MINUTE_MS;
      const during = await ask(dialect);
      expect([statusOf(during), codeOf(during), during.headers['retry-after']]).toEqual(['410', 'brown_out', '540']);
      time.nowMs = NOW_MS + 10 * MINUTE_MS;
      expect((await ask(dialect)).status).toBe(200);
      time.nowMs = deprecation.sunsetAtMs;
      const gone = await ask(dialect);
      expect([statusOf(gone), codeOf(gone), gone.headers['retry-after']]).toEqual([
        '410',
        'version_retired',
        undefined,
      ]);
    },
  );

  test('a program is told the same', async () => {
    time.nowMs = NOW_MS + MINUTE_MS;
    const body = JSON.stringify({ key: token, api: 'parcels', version: 'v2', method: 'GET', path: '/parcels' });
    const headers = { 'Gatehouse-Secret': GATEWAY_SECRET, 'Content-Type': 'application/json' };
    const answer = await call(verifier.verifierPort, { method: 'POST', path: '/v1/verify', headers, body });
    expect(answer.json()).toMatchObject({ valid: false, code: 'brown_out', status: 410 });
  });

  test('a version for which nothing was chosen carries no times', async () => {
    const routes = await createVerificationStore(
      world.databases.portal,
      underOnePepper(world.config.keyPepper),
    ).loadRoutes();
    expect(routes.map((route) => ['ending' in route, route.ending])).toEqual([
      [false, undefined],
      [true, { goneAtMs: deprecation.sunsetAtMs, brownOuts }],
    ]);
  });
});
