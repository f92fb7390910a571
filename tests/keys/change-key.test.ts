import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Actor } from '../../src/accounts/account.ts';
import type { ApiKey, RestrictKeyResult } from '../../src/keys/api-key.ts';
import { describeKey } from '../../src/keys/describe-key.ts';
import { readKeyHistory } from '../../src/keys/read-key-history.ts';
import { renameKey } from '../../src/keys/rename-key.ts';
import { restrictKey } from '../../src/key-restrictions/restrict-key.ts';
import { revokeKey } from '../../src/key-revocation/revoke-key.ts';
import { forEachDialect } from '../support/databases.ts';
import { type House, NOW_MS, PEPPER, entryOf, openHouse } from './house.ts';
import { toPeppers } from '../../src/keys/pepper.ts';

type Change = 'rename' | 'restrict' | 'revoke';
const TEN = [entryOf('10.0.0.0/8', 'vpn')];
const CHANGES: readonly Change[] = ['rename', 'restrict', 'revoke'];

forEachDialect((dialect) => {
  let house: House;
  let applicationId: string;
  beforeAll(async () => {
    house = await openHouse(dialect);
  });
  afterAll(() => house.test.close());

  async function freshKey(changes: { expiresAtMs?: number } = {}): Promise<{ key: ApiKey; token: string }> {
    house.time.nowMs = NOW_MS;
    applicationId = await house.addApplication(house.nora);
    return house.addKey(applicationId, changes);
  }

  function apply(
    change: Change,
    actor: Actor,
    reference: { applicationId: string; keyId: string },
  ): Promise<RestrictKeyResult> {
    if (change === 'rename') return renameKey(house.deps, actor, { ...reference, name: 'Nightly' });
    if (change === 'restrict') return restrictKey(house.deps, actor, { ...reference, change: { allowlist: TEN } });
    return revokeKey(house.deps, actor, { ...reference, reason: 'leaked' });
  }

  const suspend = (keyId: string) =>
    house.test.database.kysely
      .updateTable('api_key')
      .set({ suspended_at_ms: NOW_MS })
      .where('id', '=', keyId)
      .execute();

  describe.each<[Change, Partial<ApiKey>, Record<string, unknown>]>([
    ['rename', { name: 'Nightly' }, { name: 'Nightly', before: { name: 'CI' } }],
    ['restrict', { allowlist: TEN }, { before: { allowlist: [] }, after: { allowlist: TEN } }],
    ['revoke', { revokedAtMs: NOW_MS + 5, revokeReason: 'leaked' }, { reason: 'leaked' }],
  ])('%sKey', (change, changed, details) => {
    it('changes exactly that, with an audit entry, and returns the key as stored', async () => {
      const { key } = await freshKey();
      house.time.nowMs = NOW_MS + 5;
      expect(await apply(change, house.nora, { applicationId, keyId: key.id })).toEqual({
        ok: true,
        key: { ...key, ...changed },
      });
      expect(await house.deps.keys.find(house.nora.teamIds, applicationId, key.id)).toEqual({ ...key, ...changed });
      const [entry, ...older] = await readKeyHistory(house.deps, house.nora, { applicationId, keyId: key.id });
      const action = { rename: 'key.renamed', restrict: 'key.restricted', revoke: 'key.revoked' }[change];
      expect(entry).toMatchObject({
        action,
        actor: house.nora.accountId,
        subject: key.id,
        teamId: house.nora.teamIds[0],
        atMs: NOW_MS + 5,
      });
      expect(entry?.details).toEqual(details);
      expect(older).toHaveLength(1);
    });

    it('works on a suspended key, which stays suspended', async () => {
      const { key } = await freshKey();
      await suspend(key.id);
      const result = await apply(change, house.nora, { applicationId, keyId: key.id });
      expect(result).toMatchObject({ ok: true, key: { suspendedAtMs: NOW_MS } });
    });

    it('answers key_not_active for a revoked key, changes nothing and writes no audit entry', async () => {
      const { key } = await freshKey();
      await revokeKey(house.deps, house.nora, { applicationId, keyId: key.id, reason: 'first' });
      const revoked = await house.deps.keys.find(house.nora.teamIds, applicationId, key.id);
      house.time.nowMs = NOW_MS + 5;
      expect(await apply(change, house.nora, { applicationId, keyId: key.id })).toEqual({
        ok: false,
        reason: 'key_not_active',
      });
      expect(await house.deps.keys.find(house.nora.teamIds, applicationId, key.id)).toEqual(revoked);
      expect(await readKeyHistory(house.deps, house.nora, { applicationId, keyId: key.id })).toHaveLength(2);
    });

    it('answers not_found alike for the key of another team, of another application, and an absent one', async () => {
      const { key } = await freshKey();
      const own = await house.addApplication(house.mallory);
      const other = await house.addApplication(house.nora);
      const attempts: readonly [Actor, string, string][] = [
        [house.mallory, applicationId, key.id],
        [house.mallory, own, key.id],
        [house.nora, other, key.id],
        [house.nora, applicationId, 'key_absent'],
        [house.nora, 'app_absent', key.id],
        [{ ...house.nora, teamIds: [] }, applicationId, key.id],
      ];
      for (const [actor, application, keyId] of attempts) {
        expect(await apply(change, actor, { applicationId: application, keyId })).toEqual({
          ok: false,
          reason: 'not_found',
        });
        expect(await house.deps.keys.find(actor.teamIds, application, keyId)).toBeNull();
        expect(await readKeyHistory(house.deps, actor, { applicationId: application, keyId })).toEqual([]);
      }
      expect(await house.deps.keys.list(house.mallory.teamIds, applicationId)).toEqual([]);
      expect(await house.deps.keys.list(house.nora.teamIds, applicationId)).toEqual([key]);
    });
  });

  it('an expired key can be revoked, but neither renamed nor restricted', async () => {
    for (const change of CHANGES) {
      const { key } = await freshKey({ expiresAtMs: NOW_MS + 10 });
      house.time.nowMs = NOW_MS + 10;
      const result = await apply(change, house.nora, { applicationId, keyId: key.id });
      expect(result.ok, change).toBe(change === 'revoke');
    }
  });

  it('an empty allowlist lifts the restriction, and an empty reason is stored as none', async () => {
    const { key } = await freshKey();
    const reference = { applicationId, keyId: key.id };
    await apply('restrict', house.nora, reference);
    const nora = { ...house.nora, signedInAtMs: house.time.nowMs };
    expect(await restrictKey(house.deps, nora, { ...reference, change: { allowlist: [] } })).toEqual({ ok: true, key });
    expect(await revokeKey(house.deps, house.nora, { ...reference, reason: '' })).toMatchObject({
      key: { revokeReason: null },
    });
  });

  it('of 50 parallel revocations one counts, and no change made beside them brings the key back', async () => {
    const { key } = await freshKey();
    const reference = { applicationId, keyId: key.id };
    const results = await Promise.all(
      Array.from({ length: 50 }, async (_, index) => {
        await renameKey(house.deps, house.nora, { ...reference, name: `Name ${index}` });
        return revokeKey(house.deps, house.nora, { ...reference, reason: `reason ${index}` });
      }),
    );
    const [won, ...others] = results.filter((result) => result.ok);
    expect(others).toEqual([]);
    const stored = await house.deps.keys.find(house.nora.teamIds, applicationId, key.id);
    expect(stored).toMatchObject({ revokedAtMs: NOW_MS, revokeReason: won?.key.revokeReason });
    const history = await readKeyHistory(house.deps, house.nora, reference);
    expect(history.filter(({ action }) => action === 'key.revoked')).toHaveLength(1);
    expect(history[0]?.action).toBe('key.revoked');
  });

  describe('describeKey', () => {
    it('gives the key and the application behind a token', async () => {
      const { key, token } = await freshKey();
      const application = await house.deps.applications.find(house.nora.teamIds, applicationId);
      expect(await describeKey(house.deps, token)).toEqual({ key, application });
    });

    it('gives nothing for a token that is malformed, unknown, or of another pepper', async () => {
      const { key, token } = await freshKey();
      const unknown = `gth_live_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17`;
      for (const text of ['', 'gth_live_x', unknown, `${token} `]) {
        expect(await describeKey(house.deps, text)).toBeNull();
      }
      expect(
        await describeKey(
          { ...house.deps, peppers: toPeppers({ keyPepper: new Uint8Array(32), keyPepperPrevious: null }) },
          token,
        ),
      ).toBeNull();
      const replacing = toPeppers({ keyPepper: new Uint8Array(32), keyPepperPrevious: PEPPER });
      expect((await describeKey({ ...house.deps, peppers: replacing }, token))?.key.id).toBe(key.id);
    });

    it('gives nothing once the key is suspended, expired or revoked, or its application is deleted', async () => {
      const suspended = await freshKey();
      await suspend(suspended.key.id);
      const revoked = await freshKey();
      await revokeKey(house.deps, house.nora, { applicationId, keyId: revoked.key.id, reason: '' });
      const orphan = await freshKey();
      await house.test.database.kysely
        .updateTable('application')
        .set({ deleted_at_ms: NOW_MS })
        .where('id', '=', applicationId)
        .execute();
      const expiring = await freshKey({ expiresAtMs: NOW_MS + 10 });
      expect(await describeKey(house.deps, expiring.token)).not.toBeNull();
      house.time.nowMs = NOW_MS + 10;
      for (const { token } of [suspended, revoked, orphan, expiring]) {
        expect(await describeKey(house.deps, token)).toBeNull();
      }
    });
  });

  it('leaves an audit chain that verifies', async () => {
    expect((await house.deps.audit.verifyChain()).ok).toBe(true);
  });
});
