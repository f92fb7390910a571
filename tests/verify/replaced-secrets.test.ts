import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { composeVerifier } from '../../src/composition/compose-verifier.ts';
import { startKeyMoves } from '../../src/jobs/move-keys.ts';
import { createKeyPepperStore } from '../../src/keys/key-pepper-store.ts';
import { toPeppers } from '../../src/keys/pepper.ts';
import type { Config } from '../../src/settings/config.ts';
import { createLog } from '../../src/platform/log.ts';
import { createKeyRehashStore } from '../../src/usage/key-rehash-store.ts';
import { call } from '../gateway/call.ts';
import { forEachDialect } from '../support/databases.ts';
import { parseExposition } from '../support/exposition.ts';
import { askNginx, question } from './ask.ts';
import { GATEWAY_SECRET, NOW_MS, type World, createWorld } from './world.ts';
import { createWorldOn } from './world-on.ts';

const NEW_PEPPER = new TextEncoder().encode('another-key-pepper-of-32-characters-or-more');
const THIRD_PEPPER = new TextEncoder().encode('a-third-key-pepper-of-32-characters-or-more');
const NEW_SECRET = 'another-gateway-secret-of-32-characters';
const log = createLog('test', 'silent');
const clock = { nowMs: () => NOW_MS };

/** Runs a verifier under changed secrets; what it noted is written when this returns. */
async function withVerifier<Result>(
  world: World,
  secrets: Partial<Config>,
  use: (port: number) => Promise<Result>,
): Promise<Result> {
  const verifier = await composeVerifier({ ...world.config, ...secrets }, log, clock);
  const { verifierPort } = await verifier.start();
  try {
    return await use(verifierPort);
  } finally {
    await verifier.stop();
  }
}

const statusOf = async (port: number, token: string): Promise<number> => (await askNginx(port, question(token))).status;

forEachDialect((dialect) => {
  let world: World;
  beforeEach(async () => {
    world = await createWorldOn(dialect);
  });
  afterEach(async () => {
    await world.close();
  });

  /** The portal with these peppers, until as many keys are under each as is said. */
  async function moveKeys(peppers: { keyPepper: Uint8Array; keyPepperPrevious: Uint8Array }, expected: object) {
    const keyPeppers = createKeyPepperStore(world.databases.portal);
    const named = toPeppers(peppers);
    await keyPeppers.name(named);
    const rehashes = createKeyRehashStore(world.databases.usage);
    const moves = startKeyMoves({ rehashes, keyPeppers, pepper: named.current, log });
    await vi.waitFor(async () => expect(await keyPeppers.count(named, NOW_MS)).toEqual(expected), 10_000);
    await moves.stop();
  }

  describe('a pepper that is replaced', () => {
    test('refuses no key: those that call are moved to the new one, and work when the old one is gone', async () => {
      const [busy, idle, ended] = [
        await world.addKey(),
        await world.addKey(),
        await world.addKey('ample', { revoked_at_ms: 1 }),
      ];
      const both = { keyPepper: NEW_PEPPER, keyPepperPrevious: world.config.keyPepper };
      await withVerifier(world, both, async (port) => {
        for (let asked = 0; asked < 3; asked += 1) expect(await statusOf(port, busy.token)).toBe(200);
        const revoked = await askNginx(port, question(ended.token));
        expect(revoked.headers['gatehouse-problem']).toContain('"key_revoked"');
        const unknown = await askNginx(port, question(busy.token.replace(/.{12}$/, 'x'.repeat(12))));
        expect(unknown.status).toBe(401);
      });
      await moveKeys(both, { current: 1, previous: 1, other: 0 });
      await withVerifier(world, { keyPepper: NEW_PEPPER }, async (port) => {
        expect([await statusOf(port, busy.token), await statusOf(port, idle.token)]).toEqual([200, 401]);
      });
      await withVerifier(world, both, async (port) => {
        expect([await statusOf(port, busy.token), await statusOf(port, idle.token)]).toEqual([200, 200]);
      });
      await moveKeys(both, { current: 2, previous: 0, other: 0 });
    });

    test('may be known before it is the current one, as where several machines are changed one after the other', async () => {
      const key = await world.addKey();
      const [before, after] = [
        { keyPepper: world.config.keyPepper, keyPepperPrevious: NEW_PEPPER },
        { keyPepper: NEW_PEPPER, keyPepperPrevious: world.config.keyPepper },
      ];
      await withVerifier(world, after, async (port) => expect(await statusOf(port, key.token)).toBe(200));
      await moveKeys(after, { current: 1, previous: 0, other: 0 });
      // A verifier that has not been changed yet takes the moved key too, and what it notes does not move it back.
      await withVerifier(world, before, async (port) => expect(await statusOf(port, key.token)).toBe(200));
      await moveKeys(after, { current: 1, previous: 0, other: 0 });
      await withVerifier(world, after, async (port) => expect(await statusOf(port, key.token)).toBe(200));
    });

    test('moves no key whose token was replaced meanwhile', async () => {
      const key = await world.addKey();
      const both = { keyPepper: NEW_PEPPER, keyPepperPrevious: world.config.keyPepper };
      await withVerifier(world, both, async (port) => expect(await statusOf(port, key.token)).toBe(200));
      const [rehash] = await createKeyRehashStore(world.databases.usage).since(0);
      if (!rehash) throw new Error('nothing was noted');
      const { keyId } = key;
      const [other, noted] = [Buffer.alloc(32, 7), Buffer.from(rehash.token_hash, 'hex')];
      await world.databases.portal.kysely.updateTable('api_key').set({ token_hash: other }).execute();
      const store = createKeyPepperStore(world.databases.portal);
      const move = { keyId, formerHash: Buffer.from(rehash.former_hash, 'hex'), tokenHash: noted, pepperId: 9 };
      expect(await store.move([move])).toBe(0);
      expect(await store.move([{ ...move, formerHash: other }])).toBe(1);
    });

    test('leaves keys under a third one to be seen: nobody can call with them', async () => {
      const key = await world.addKey();
      const store = createKeyPepperStore(world.databases.portal);
      // As rows are from before peppers had numbers.
      await world.databases.portal.kysely.updateTable('api_key').set({ pepper_id: 1 }).execute();
      const first = toPeppers({ keyPepper: world.config.keyPepper, keyPepperPrevious: null });
      await store.name(first);
      expect(await store.count(first, NOW_MS)).toEqual({ current: 1, previous: 0, other: 0 });
      const forgotten = { keyPepper: THIRD_PEPPER, keyPepperPrevious: NEW_PEPPER };
      expect(await store.count(toPeppers(forgotten), NOW_MS)).toEqual({ current: 0, previous: 0, other: 1 });
      await withVerifier(world, forgotten, async (port) => expect(await statusOf(port, key.token)).toBe(401));
    });
  });
});

describe('a gateway secret that is replaced', () => {
  let world: World;
  beforeEach(async () => {
    world = await createWorld();
  });
  afterEach(() => world.close());

  const requestsBy = (text: string) =>
    Object.fromEntries<number>(
      parseExposition(text)
        .filter(({ name }) => name === 'gatehouse_gateway_requests_total')
        .map(({ labels, value }) => [String(labels.gateway), value] as const),
    );
  const ask = async (port: number, token: string, secret: string) =>
    (await askNginx(port, question(token, { 'Gatehouse-Secret': secret }))).status;

  test('is taken beside the new one for as long as it is given, and metrics tell who still presents it', async () => {
    const { token } = await world.addKey();
    const both = { gatewaySecret: NEW_SECRET, gatewaySecretPrevious: GATEWAY_SECRET };
    await withVerifier(world, both, async (port) => {
      expect(await ask(port, token, NEW_SECRET)).toBe(200);
      for (let asked = 0; asked < 3; asked += 1) expect(await ask(port, token, GATEWAY_SECRET)).toBe(200);
      for (const wrong of ['', `${NEW_SECRET}x`, NEW_SECRET.replace('a', 'b'), GATEWAY_SECRET.replace('t', 'u')])
        expect(await ask(port, token, wrong)).toBe(401);
      const { text } = await call(port, { path: '/metrics', headers: { 'Gatehouse-Secret': NEW_SECRET } });
      // The question for metrics is one, too.
      expect(requestsBy(text)).toEqual({ shared: 2, 'shared-previous': 3 });
    });
    await withVerifier(world, { gatewaySecret: NEW_SECRET }, async (port) => {
      expect([await ask(port, token, NEW_SECRET), await ask(port, token, GATEWAY_SECRET)]).toEqual([200, 401]);
    });
  });

  test('may be one of several, each of a gateway of its own: what is taken back from one, the others keep', async () => {
    const { token } = await world.addKey();
    const [edge, berlin] = ['edge-secret-of-32-characters-or-more', 'berlin-secret-of-32-characters-or-more'];
    await withVerifier(world, { gatewaySecrets: new Map(Object.entries({ edge, berlin })) }, async (port) => {
      expect(await ask(port, token, edge)).toBe(200);
      for (let asked = 0; asked < 2; asked += 1) expect(await ask(port, token, berlin)).toBe(200);
      expect(await ask(port, token, 'paris-secret-of-32-characters-or-more')).toBe(401);
      const { text } = await call(port, { path: '/metrics', headers: { 'Gatehouse-Secret': GATEWAY_SECRET } });
      expect(requestsBy(text)).toEqual({ shared: 1, edge: 1, berlin: 2 });
      expect(text).not.toContain(edge);
    });
    await withVerifier(world, { gatewaySecrets: new Map([['berlin', berlin]]) }, async (port) => {
      expect([await ask(port, token, edge), await ask(port, token, berlin)]).toEqual([401, 200]);
    });
  });
});
