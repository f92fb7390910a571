import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { call } from '../gateway/call.ts';
import { askNginx, question, secret } from './ask.ts';
import type { IssuedKey } from './parcels.ts';
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

const limited = (restrictions: object): Promise<IssuedKey> =>
  world.addKey('ample', { restrictions: JSON.stringify(restrictions) });

/** As a program asks; gives the whole answer. */
async function ask({ token }: IssuedKey, more: Record<string, string> = {}) {
  const body = JSON.stringify({ key: token, api: 'parcels', ...more });
  return (await call(verifier.verifierPort, { method: 'POST', path: '/v1/verify', headers: secret, body })).json();
}

const LIST = { version: 'v2', method: 'GET', path: '/parcels' };

describe('a program that asks about a key with limits', () => {
  test('is told by code, status and sentence what the key may not', async () => {
    const key = await limited({ methods: ['POST'] });
    expect(await ask(key, LIST)).toMatchObject({
      valid: false,
      code: 'method_not_allowed_for_key',
      status: 403,
      detail: expect.stringContaining('must not be used with GET') as string,
      keyId: key.keyId,
    });
  });

  test('is refused what it does not name', async () => {
    expect(await ask(await limited({ methods: ['GET'] }))).toMatchObject({ code: 'method_not_allowed_for_key' });
    const operations = [{ api: 'parcels', version: 'v2', operationId: 'listParcels' }];
    expect(await ask(await limited({ operations }))).toMatchObject({ code: 'operation_not_allowed_for_key' });
    expect(await ask(await limited({ operations }), LIST)).toMatchObject({ valid: true });
    const site = await limited({ referrers: ['https://a.example'] });
    expect(await ask(site, LIST)).toMatchObject({ code: 'referrer_not_allowed' });
    expect(await ask(site, { ...LIST, origin: 'https://a.example' })).toMatchObject({ valid: true });
    expect(await ask(site, { ...LIST, referrer: 'https://a.example/x' })).toMatchObject({ valid: true });
  });

  test('gets the scopes that the key has, not all of the plan', async () => {
    expect(await ask(await limited({ scopes: ['parcels:read', 'other'] }))).toMatchObject({ scopes: ['parcels:read'] });
    expect(await ask(await limited({ scopes: ['other'] }))).toMatchObject({ valid: true, scopes: [] });
  });
});

describe('a service behind a gateway', () => {
  test('is told the scopes of the key in Gatehouse-Scopes', async () => {
    const key = await limited({ scopes: ['parcels:read'] });
    expect((await askNginx(verifier.verifierPort, question(key.token))).headers['gatehouse-scopes']).toBe(
      'parcels:read',
    );
  });

  test('is asked for scopes that the plan has and the key lacks: the answer says whose limit it is', async () => {
    const { token } = await limited({ scopes: ['other'] });
    const answer = await askNginx(verifier.verifierPort, question(token));
    expect(answer.headers['gatehouse-status']).toBe('403');
    expect(String(answer.headers['gatehouse-problem'])).toContain(
      'This key is limited to other scopes than: parcels:read.',
    );
    expect(answer.headers['www-authenticate']).toContain('error="insufficient_scope"');
  });

  test('never sees a call for which a limit is met: nothing is counted', async () => {
    const key = await limited({ methods: ['POST'] });
    for (let calls = 0; calls < 3; calls += 1) await askNginx(verifier.verifierPort, question(key.token));
    const allowed = await ask(key, { ...LIST, method: 'POST' });
    expect(allowed).toMatchObject({ valid: true, quota: { remaining: 999_999_999 } });
  });
});
