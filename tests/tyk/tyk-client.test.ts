import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';

import { issueSecret } from '../../src/keys/key-secret.ts';
import { systemRandom } from '../../src/platform/random.ts';
import { createTykClient } from '../../src/tyk/tyk-client.ts';
import type { TykSession } from '../../src/tyk/tyk-session.ts';
import { type FakeTyk, TYK_SECRET, startFakeTyk } from './fake-tyk.ts';

const limit = { rate: 10, per: 60, quota_max: 1000, quota_renewal_rate: 86_400 };

function sessionFor(orgId: string, apiId: string, change: Partial<TykSession> = {}): TykSession {
  const access = { api_id: apiId, api_name: 'Parcels', versions: ['Default'], allowance_scope: apiId, limit };
  return {
    org_id: orgId,
    alias: 'key_1',
    tags: ['gatehouse'],
    meta_data: { allowed_cidrs: '', rate_limit_pattern: 'app_1' },
    expires: 0,
    is_inactive: false,
    ...limit,
    allowance: limit.rate,
    access_rights: { [apiId]: { ...access, allowed_urls: [{ url: '/v2/parcels$', methods: ['GET'] }] } },
    ...change,
  };
}

const newToken = (): string => issueSecret(systemRandom, 'gth', 'test').token;

describe('the client of Tyk', () => {
  let tyk: FakeTyk;
  beforeEach(async () => {
    tyk = await startFakeTyk(Date.now());
  });
  afterEach(() => tyk.close());

  const client = (secret = TYK_SECRET, url = tyk.url) =>
    createTykClient({ url, secret, orgId: 'portal', timeoutMs: 500 });

  test('brings a key, reads, replaces and removes it by its hash; removing it again is fine', () =>
    walkThrough(client(), 'portal', 'api1'));

  test('tells a wrong secret from an answer that may pass, and from none', async () => {
    const session = sessionFor('portal', 'api1');
    expect(await client('wrong').importKey(newToken(), session)).toEqual({ ok: false, reason: 'wrong_secret' });
    tyk.config.brokenWith = 500;
    expect(await client().importKey(newToken(), session)).toEqual({ ok: false, reason: 'refused' });
    expect(await client(TYK_SECRET, 'http://127.0.0.1:9').importKey(newToken(), session)).toEqual({
      ok: false,
      reason: 'unreachable',
    });
  });

  test('leaves no key in a Tyk that hashes it badly, and none in clear text', async () => {
    for (const [config, reason] of [
      [{ hashFunction: null }, 'weak_hash'],
      [{ hashFunction: 'murmur64' as const }, 'weak_hash'],
      [{ hashesKeys: false }, 'not_hashed'],
    ] as const) {
      Object.assign(tyk.config, { hashFunction: 'sha256', hashesKeys: true }, config);
      const answer = await client().importKey(newToken(), sessionFor('portal', 'api1'));
      expect([answer, tyk.sessions.size]).toEqual([{ ok: false, reason }, 0]);
    }
  });

  test('says nothing of a token in what it reports', async () => {
    const token = newToken();
    const gone = client(TYK_SECRET, 'http://127.0.0.1:9');
    expect(JSON.stringify(await gone.importKey(token, sessionFor('portal', 'api1')))).not.toContain(token.slice(9));
  });
});

/** The same against a real gateway, where one is given: TYK_URL, TYK_SECRET, TYK_ORG_ID and TYK_API_ID. */
const { TYK_URL: url, TYK_SECRET: secret = '', TYK_ORG_ID: orgId = '', TYK_API_ID: apiId = '' } = process.env;
if (url !== undefined) {
  test('a real Tyk answers as the one that these tests play', () =>
    walkThrough(createTykClient({ url, secret, orgId, timeoutMs: 5000 }), orgId, apiId));
}

async function walkThrough(client: ReturnType<typeof createTykClient>, org: string, api: string): Promise<void> {
  const imported = await client.importKey(newToken(), sessionFor(org, api));
  if (!imported.ok) throw new Error(imported.reason);
  const hash = imported.value;
  expect(hash).toMatch(/^[0-9a-f]{64}$/);
  expect(await client.readKey(hash)).toMatchObject({ ok: true, value: { alias: 'key_1', is_inactive: false } });
  const ends = Math.floor(Date.now() / 1000) + 3600;
  const changed = sessionFor(org, api, { is_inactive: true, expires: ends });
  expect(await client.updateKey(hash, changed)).toEqual({ ok: true, value: true });
  expect(await client.readKey(hash)).toMatchObject({ value: { is_inactive: true, expires: ends } });
  const past = sessionFor(org, api, { is_inactive: true, expires: ends - 7200 });
  expect(await client.updateKey(hash, past)).toEqual({ ok: true, value: true });
  expect(await client.readKey(hash)).toMatchObject({ value: { expires: ends } });
  expect(await client.removeKey(hash)).toEqual({ ok: true, value: true });
  expect(await client.removeKey(hash)).toEqual({ ok: true, value: true });
  expect(await client.readKey(hash)).toEqual({ ok: true, value: null });
  expect(await client.updateKey(hash, changed)).toEqual({ ok: true, value: false });
}

test('the files of the guide belong together: hashing, organisation, and the plugin that checks addresses', () => {
  const read = (name: string): unknown =>
    JSON.parse(readFileSync(join(import.meta.dirname, '../../content/guides/gateways/tyk', name), 'utf8'));
  const gateway = z.object({ hash_keys: z.literal(true), hash_key_function: z.literal('sha256') });
  expect(gateway.safeParse(read('tyk.json')).success).toBe(true);
  const definition = z.object({
    org_id: z.string().min(1),
    use_keyless: z.literal(false),
    strip_auth_data: z.literal(true),
    custom_middleware: z.object({ post_key_auth: z.array(z.object({ name: z.literal('CheckAddress') })).length(1) }),
  });
  expect(definition.safeParse(read('parcels.json')).success).toBe(true);
});
