import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { DAY_MS } from '../../src/keys/api-key.ts';
import { revokeKey } from '../../src/key-revocation/revoke-key.ts';
import { suspendKey } from '../../src/keys/suspend-key.ts';
import { readTykNote, readTykOverview } from '../../src/tyk/read-tyk.ts';
import { forEachDialect } from '../support/databases.ts';
import { type TykHouse, openTykHouse } from './tyk-house.ts';

forEachDialect((dialect) => {
  let house: TykHouse;
  beforeEach(async () => {
    house = await openTykHouse(dialect);
  });
  afterEach(() => house.close());

  const reference = (key: { id: string }) => ({ applicationId: house.applicationId, keyId: key.id });

  describe('when something fails', () => {
    test('a key whose token did not reach Tyk is to be rotated; its successor works', async () => {
      house.tyk.config.brokenWith = 500;
      const { key, token } = await house.issue();
      house.tyk.config.brokenWith = null;
      await house.look();
      expect(house.call(token)).toBe(403);
      const overview = await readTykOverview(house.parts, house.owner);
      expect(overview?.toRotate).toMatchObject([{ keyId: key.id, state: 'missing', problem: 'refused' }]);
      expect(await readTykNote(house.parts, house.nora, house.applicationId, key.id)).toMatchObject({
        state: 'missing',
      });
      const next = await house.rotate(key, DAY_MS);
      await house.look();
      expect(house.call(next.token)).toBe(200);
      expect((await readTykOverview(house.parts, house.owner))?.toRotate).toEqual([]);
    });

    test('a token is tried again while it is in memory: a short outage is not noticed', async () => {
      house.tyk.config.brokenWith = 502;
      house.parts.pause = () => {
        house.tyk.config.brokenWith = null;
        return Promise.resolve();
      };
      const { token } = await house.issue();
      expect(house.call(token)).toBe(200);
    });

    test.each([
      ['weak_hash', { hashFunction: 'murmur64' as const }],
      ['not_hashed', { hashesKeys: false }],
    ])('a Tyk that would store keys badly gets none: %s', async (problem, config) => {
      Object.assign(house.tyk.config, config);
      const { key } = await house.issue();
      expect(house.tyk.sessions.size).toBe(0);
      expect(await house.rowOf(key)).toMatchObject({ state: 'missing', problem });
    });

    test('a revocation waits for Tyk and comes, however long that takes', async () => {
      const { key, token } = await house.issue();
      await house.look();
      house.tyk.config.brokenWith = 503;
      await revokeKey(house.deps, house.nora, { ...reference(key), reason: '' });
      for (let looks = 0; looks < 12; looks += 1) {
        await house.look();
        house.wait(300_000);
      }
      expect(house.call(token)).toBe(200);
      expect(await house.rowOf(key)).toMatchObject({ problem: 'refused', state: 'present' });
      house.tyk.config.brokenWith = null;
      await house.look();
      expect(house.call(token)).toBe(403);
    });

    test('a wrong secret is told, and cured without losing a change', async () => {
      const { key, token } = await house.issue();
      await suspendKey(house.deps, house.owner, { keyId: key.id, message: 'Why?' });
      house.tyk.config.brokenWith = 403;
      await house.look();
      expect(await readTykOverview(house.parts, house.owner)).toMatchObject({
        problem: 'wrong_secret',
        waiting: [{ keyId: key.id }],
      });
      house.tyk.config.brokenWith = null;
      house.wait(10_000);
      await house.look();
      expect(house.call(token)).toBe(403);
      expect(await readTykOverview(house.parts, house.owner)).toMatchObject({ problem: '', waiting: [] });
    });

    test('the 404 of a wrong address does not pass for lost keys', async () => {
      const { key } = await house.issue();
      house.tyk.config.brokenWith = 404;
      await house.look();
      expect(await house.rowOf(key)).toMatchObject({ state: 'present', problem: 'refused' });
    });

    test('a change that comes while an earlier one is on its way is not lost', async () => {
      const { key, token } = await house.issue();
      await house.look();
      await suspendKey(house.deps, house.owner, { keyId: key.id, message: 'Why?' });
      await house.parts.watch.follow(house.time.nowMs);
      const [claimed] = await house.parts.tykKeys.claimDue({ nowMs: house.time.nowMs, leaseMs: 1000, limit: 1 });
      if (!claimed) throw new Error('nothing was due');
      await revokeKey(house.deps, house.nora, { ...reference(key), reason: '' });
      // Nobody else takes it meanwhile: the second could overtake the first.
      await house.look();
      expect(house.call(token)).toBe(200);
      const outcome = { state: 'present', heldBack: '', dueAtMs: null, drift: [] } as const;
      await house.parts.tykKeys.finish(claimed, outcome, house.time.nowMs);
      await house.look();
      expect(house.call(token)).toBe(403);
    });
  });
});
