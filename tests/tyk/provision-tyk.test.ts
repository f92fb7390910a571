import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { subscribeApplication } from '../../src/applications/subscribe-application.ts';
import { appendAudit } from '../../src/audit/audit-log.ts';
import { DAY_MS } from '../../src/keys/api-key.ts';
import { changeOverlap } from '../../src/key-rotation/change-overlap.ts';
import { restrictKey } from '../../src/key-restrictions/restrict-key.ts';
import { resumeKey } from '../../src/key-revocation/resume-key.ts';
import { revokeApplicationKeys } from '../../src/key-revocation/revoke-application-keys.ts';
import { revokeKey } from '../../src/key-revocation/revoke-key.ts';
import { suspendKey } from '../../src/keys/suspend-key.ts';
import { importKey } from '../../src/tyk/import-key.ts';
import { entryOf } from '../keys/house.ts';
import { forEachDialect } from '../support/databases.ts';
import { type TykHouse, openTykHouse } from './tyk-house.ts';

forEachDialect((dialect) => {
  let house: TykHouse;
  beforeEach(async () => {
    house = await openTykHouse(dialect);
  });
  afterEach(() => house.close());

  const reference = (key: { id: string }) => ({ applicationId: house.applicationId, keyId: key.id });
  const quotaSpent = () => house.tyk.counters.get(`api1-${house.applicationId}`) ?? 0;

  describe('a change of a key', () => {
    test('issued: works in Tyk when its token is shown, with the paths of its plan', async () => {
      const { token } = await house.issue();
      expect([house.call(token), house.call(token, 'DELETE')]).toEqual([200, 403]);
    });

    test('of its token nothing is kept but the hash, in the database and in what is asked later', async () => {
      const { key, token } = await house.issue();
      await house.look();
      const row = await house.rowOf(key);
      expect(row.tyk_hash).toMatch(/^[0-9a-f]{64}$/);
      expect(JSON.stringify(row)).not.toContain(token.slice(-20));
      expect(house.tyk.calls.filter((line) => line.includes(token))).toEqual([`POST /tyk/keys/${token}`]);
    });

    test('rotated: both work until the overlap ends, with one quota, and then only the new one', async () => {
      const old = await house.issue();
      await house.look();
      expect(house.call(old.token)).toBe(200);
      const next = await house.rotate(old.key, DAY_MS);
      await house.look();
      expect([house.call(next.token), house.call(old.token)]).toEqual([200, 200]);
      expect(quotaSpent()).toBe(3);
      house.tyk.counters.clear();
      house.wait(DAY_MS + 1000);
      // Before any look: Tyk ends it by itself.
      expect([house.call(old.token), house.call(next.token)]).toEqual([401, 200]);
      await house.look();
      expect([house.call(old.token), house.call(next.token)]).toEqual([403, 200]);
    });

    test('rotated without an overlap, or its overlap ended: the old one ends though a past date is ignored', async () => {
      const old = await house.issue();
      const next = await house.rotate(old.key, 0);
      await house.look();
      expect([house.call(old.token), house.call(next.token)]).toEqual([403, 200]);
      const third = await house.rotate(next.key, DAY_MS);
      await house.look();
      house.wait(1000);
      await changeOverlap(house.deps, house.nora, { ...reference(next.key), overlapMs: 0 });
      await house.look();
      expect([house.call(next.token), house.call(third.token)]).toEqual([403, 200]);
    });

    test('restricted to addresses: inactive unless something in Tyk checks them', async () => {
      const { key, token } = await house.issue();
      const change = { allowlist: [entryOf('203.0.113.0/24')] };
      expect(await restrictKey(house.deps, house.nora, { ...reference(key), change })).toMatchObject({ ok: true });
      await house.look();
      expect(house.call(token)).toBe(403);
      expect(await house.rowOf(key)).toMatchObject({ held_back: 'addresses' });
      house.parts.setup.enforcesAddresses = true;
      await house.parts.watch.changeAll(house.time.nowMs);
      await house.look();
      expect(house.call(token)).toBe(200);
      const { tyk_hash: hash } = await house.rowOf(key);
      expect(house.tyk.sessions.get(hash)).toMatchObject({ meta_data: { allowed_cidrs: '203.0.113.0/24' } });
    });

    test('suspended and resumed: pauses, and its quota goes on where it was', async () => {
      const { key, token } = await house.issue();
      house.call(token);
      const before = quotaSpent();
      await suspendKey(house.deps, house.owner, { keyId: key.id, message: 'Why?' });
      await house.look();
      expect(house.call(token)).toBe(403);
      await resumeKey(house.deps, house.owner, { keyId: key.id, message: 'Thanks.' });
      await house.look();
      expect([house.call(token), quotaSpent()]).toEqual([200, before + 1]);
      const changes = house.tyk.calls.filter((line) => line.startsWith('PUT'));
      expect(changes.length).toBeGreaterThan(1);
      expect(changes.filter((line) => !line.endsWith('?hashed=1&suppress_reset=1'))).toEqual([]);
    });

    test('revoked, alone or with all others of its application: gone from Tyk', async () => {
      const [one, two, three] = [await house.issue(), await house.issue(), await house.issue()];
      await revokeKey(house.deps, house.nora, { ...reference(one.key), reason: '' });
      await house.look();
      expect([house.call(one.token), house.call(two.token)]).toEqual([403, 200]);
      await revokeApplicationKeys(house.deps, house.nora, { applicationId: house.applicationId, reason: 'Leak' });
      await house.look();
      expect([house.call(two.token), house.call(three.token), house.tyk.sessions.size]).toEqual([403, 403, 0]);
      expect(await house.rowOf(one.key)).toMatchObject({ state: 'removed', tyk_hash: '' });
    });

    test('subscribed after it was issued: works from then on, and not before', async () => {
      const applicationId = await house.addApplication(house.nora);
      const { token } = await house.issue(applicationId);
      await house.look();
      expect(house.call(token)).toBe(403);
      const { slug: planSlug } = await house.test.database.kysely
        .selectFrom('plan')
        .select('slug')
        .executeTakeFirstOrThrow();
      const subscription = { applicationId, apiSlug: 'parcels', planSlug };
      expect(await subscribeApplication(house.deps, house.nora, subscription)).toMatchObject({ ok: true });
      await house.look();
      expect(house.call(token)).toBe(200);
    });

    test('of its plan, or of the catalog: every key follows', async () => {
      const { token } = await house.issue();
      await house.look();
      await house.test.database.kysely.updateTable('plan').set({ scopes: 'parcels:read parcels:admin' }).execute();
      const entry = { actor: 'system', action: 'catalog.updated', subject: 'catalog', teamId: null, details: {} };
      await house.test.database.kysely.transaction().execute(async (transaction) => {
        await appendAudit(transaction, { ...entry, atMs: house.time.nowMs });
      });
      await house.look();
      expect(house.call(token, 'DELETE')).toBe(200);
    });

    test('of its token: the one before it is gone from Tyk, the new one works', async () => {
      const { key, token } = await house.issue();
      await house.look();
      await importKey(house.parts, key, `${token}x`);
      await house.look();
      expect([house.call(token), house.call(`${token}x`)]).toEqual([403, 200]);
      expect(await house.rowOf(key)).toMatchObject({ former_hashes: '', state: 'present' });
    });
  });
});
