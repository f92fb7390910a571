import { afterEach, expect, test } from 'vitest';

import { type FakeTyk, type FakeTykConfig, TYK_SECRET, startFakeTyk } from './fake-tyk.ts';

const NOW_MS = Date.UTC(2026, 10, 24, 10);
const SECONDS = NOW_MS / 1000;
let tyk: FakeTyk;

afterEach(() => tyk.close());

const start = async (changes: Partial<FakeTykConfig> = {}): Promise<void> => {
  tyk = await startFakeTyk(NOW_MS, changes);
};

async function ask(method: string, path: string, session?: object, secret = TYK_SECRET) {
  const body = session ? { body: JSON.stringify(session) } : {};
  const response = await fetch(`${tyk.url}${path}`, { method, headers: { 'X-Tyk-Authorization': secret }, ...body });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> | null };
}

const rights = (more: object = {}) => ({ access_rights: { api1: { api_id: 'api1', ...more } } });
const session = (more: object = {}) => ({ org_id: 'portal', ...rights(), ...more });

async function added(more: object = {}): Promise<string> {
  const { body } = await ask('POST', '/tyk/keys/gth_live_1', session(more));
  return String(body?.key_hash);
}

const call = (token = 'gth_live_1') => tyk.callApi(token, 'api1', 'GET', '/x').status;

test('a wrong secret is 403 and says so', async () => {
  await start();
  expect(await ask('POST', '/tyk/keys/gth_live_1', session(), 'wrong')).toEqual({
    status: 403,
    body: { status: 'error', message: 'Attempted administrative access with invalid or missing key!' },
  });
});

test('a key of our own opens its API and no other, and is listed under its hash', async () => {
  await start();
  const hash = await added();
  expect(hash).toMatch(/^[0-9a-f]{64}$/);
  expect(call()).toBe(200);
  expect(tyk.callApi('gth_live_1', 'api2', 'GET', '/x').status).toBe(403);
  expect((await ask('GET', `/tyk/keys/${hash}?hashed=1`)).status).toBe(200);
  // Whatever the value is.
  expect((await ask('GET', `/tyk/keys/${hash}?hashed=false`)).status).toBe(200);
});

test('a bare key is found with its org only', async () => {
  await start();
  await added();
  expect((await ask('GET', '/tyk/keys/gth_live_1')).status).toBe(404);
  expect((await ask('GET', '/tyk/keys/gth_live_1?org_id=portal')).status).toBe(200);
});

test('a key with an empty org is stored under a weak hash and not found by calls', async () => {
  await start();
  const { body } = await ask('POST', '/tyk/keys/gth_live_1', session({ org_id: '' }));
  expect(body?.key_hash).toMatch(/^[0-9a-f]{8}$/);
  expect(call()).toBe(403);
});

test('without a hash function the hash has 32 bits; without hashing there is none', async () => {
  await start({ hashFunction: null });
  expect(await added()).toMatch(/^[0-9a-f]{8}$/);
  await tyk.close();
  await start({ hashesKeys: false });
  expect((await ask('POST', '/tyk/keys/gth_live_1', session())).body).not.toHaveProperty('key_hash');
  expect((await ask('GET', '/tyk/keys/abc?hashed=1')).status).toBe(400);
});

test('a session without access rights is refused, or opens every API', async () => {
  await start();
  const { status } = await ask('POST', '/tyk/keys/gth_live_1', { org_id: 'portal', access_rights: {} });
  expect(status).toBe(500);
});

test('a short key is refused', async () => {
  await start({ minTokenLength: 20 });
  expect((await ask('POST', '/tyk/keys/gth_live_1', session())).status).toBe(400);
});

test('a PUT replaces the whole session and keeps its date', async () => {
  await start();
  const hash = await added({ alias: 'a', tags: ['x'] });
  await ask('PUT', `/tyk/keys/${hash}?hashed=1&suppress_reset=1`, session({ alias: 'b' }));
  expect(tyk.sessions.get(hash)).toEqual({ ...session(), alias: 'b', date_created: '2026' });
  expect((await ask('PUT', `/tyk/keys/${'0'.repeat(64)}?hashed=1`, session())).body).toEqual({
    status: 'error',
    message: 'Key is not found',
  });
});

test('a PUT without suppress_reset sets the counters back', async () => {
  await start();
  const hash = await added(rights({ limit: { quota_max: 1 } }));
  expect([call(), call()]).toEqual([200, 403]);
  const again = session(rights({ limit: { quota_max: 1 } }));
  await ask('PUT', `/tyk/keys/${hash}?hashed=1&suppress_reset=1`, again);
  expect(call()).toBe(403);
  await ask('PUT', `/tyk/keys/${hash}?hashed=1`, again);
  expect(call()).toBe(200);
});

test('an end in the past is ignored, the former one stays; one in the future comes', async () => {
  await start();
  const hash = await added();
  await ask('PUT', `/tyk/keys/${hash}?hashed=1&suppress_reset=1`, session({ expires: SECONDS - 60 }));
  expect(call()).toBe(200);
  await ask('PUT', `/tyk/keys/${hash}?hashed=1&suppress_reset=1`, session({ expires: SECONDS + 60 }));
  tyk.setNow(NOW_MS + 61_000);
  expect(call()).toBe(401);
});

test('keys with one rate_limit_pattern share the counter of an API', async () => {
  await start();
  const shared = { ...rights({ limit: { quota_max: 2 } }), meta_data: { rate_limit_pattern: 'app_1' } };
  await added(shared);
  await ask('POST', '/tyk/keys/gth_live_2', session(shared));
  expect([call(), call('gth_live_2'), call(), call('gth_live_2')]).toEqual([200, 200, 403, 403]);
});

test('removing says so; what is not there is 404 in words of its own; api_id=-1 gives null', async () => {
  await start();
  const hash = await added();
  expect((await ask('DELETE', `/tyk/keys/${hash}?hashed=1&api_id=-1`)).body).toBeNull();
  expect((await ask('DELETE', `/tyk/keys/${hash}?hashed=1`)).body).toMatchObject({ action: 'deleted' });
  expect(await ask('DELETE', `/tyk/keys/${hash}?hashed=1`)).toEqual({
    status: 404,
    body: { status: 'error', message: 'There is no such key found' },
  });
  expect(call()).toBe(403);
});

test('a session that was used stays in use for ten seconds, whatever becomes of the key', async () => {
  await start({ cacheMs: 10_000 });
  const hash = await added();
  expect(call()).toBe(200);
  await ask('DELETE', `/tyk/keys/${hash}?hashed=1`);
  expect(call()).toBe(200);
  tyk.setNow(NOW_MS + 10_000);
  expect(call()).toBe(403);
});

test('paths that a key may call are looked for in the path; an empty list allows all', async () => {
  await start();
  await added(rights({ allowed_urls: [{ url: '/v2/parcels$', methods: ['GET'] }] }));
  const status = (method: string, path: string) => tyk.callApi('gth_live_1', 'api1', method, path).status;
  expect([status('GET', '/v2/parcels'), status('POST', '/v2/parcels'), status('GET', '/v2/x')]).toEqual([
    200, 403, 403,
  ]);
});
