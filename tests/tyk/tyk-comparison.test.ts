import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { DAY_MS } from '../../src/keys/api-key.ts';
import { revokeKey } from '../../src/key-revocation/revoke-key.ts';
import { suspendKey } from '../../src/keys/suspend-key.ts';
import { checkTyk, readTykNote, readTykOverview } from '../../src/tyk/read-tyk.ts';
import { forEachDialect } from '../support/databases.ts';
import { type TykHouse, openTykHouse } from './tyk-house.ts';

forEachDialect((dialect) => {
  let house: TykHouse;
  beforeEach(async () => {
    house = await openTykHouse(dialect);
  });
  afterEach(() => house.close());

  const reference = (key: { id: string }) => ({ applicationId: house.applicationId, keyId: key.id });

  describe('the comparison', () => {
    test('finds what somebody changed in Tyk, puts it right, and tells the owner', async () => {
      const { key, token } = await house.issue();
      await house.look();
      const { tyk_hash: hash } = await house.rowOf(key);
      const session = house.tyk.sessions.get(hash) ?? {};
      house.tyk.sessions.set(hash, { ...session, rate: 1_000_000, access_rights: { api1: { api_id: 'api1' } } });
      expect(house.call(token, 'DELETE')).toBe(200);
      house.wait(600_001);
      await house.look();
      expect(house.call(token, 'DELETE')).toBe(403);
      const overview = await readTykOverview(house.parts, house.owner);
      expect(overview?.drifted).toMatchObject([
        { keyId: key.id, drift: expect.arrayContaining(['access_rights']) as unknown },
      ]);
    });

    test('calls nothing of our own a drift: changes, ends and a first look', async () => {
      const { key } = await house.issue();
      await house.look();
      const next = await house.rotate(key, DAY_MS);
      await house.look();
      await suspendKey(house.deps, house.owner, { keyId: next.key.id, message: 'Why?' });
      house.wait(DAY_MS + 1000);
      await house.look();
      house.wait(600_001);
      await house.look();
      expect((await readTykOverview(house.parts, house.owner))?.drifted).toEqual([]);
    });

    test('after a loss of Redis tells the owner every key that has to be rotated, and no key that has ended', async () => {
      const [one, two, ended] = [await house.issue(), await house.issue(), await house.issue()];
      await house.look();
      await revokeKey(house.deps, house.nora, { ...reference(ended.key), reason: '' });
      house.tyk.loseEverything();
      await checkTyk(house.parts, house.owner);
      await house.look();
      const overview = await readTykOverview(house.parts, house.owner);
      expect(overview?.toRotate.map(({ keyId, state }) => [keyId, state]).sort()).toEqual(
        [one, two].map(({ key }) => [key.id, 'lost']).sort(),
      );
      expect(overview).toMatchObject({ keys: 2, present: 0, checkWanted: false });
      await house.rotate(one.key, DAY_MS);
      await house.look();
      expect((await readTykOverview(house.parts, house.owner))?.toRotate.map(({ keyId }) => keyId)).toEqual([
        two.key.id,
      ]);
    });

    test('a Redis that came back from a backup is brought up to date', async () => {
      const { key, token } = await house.issue();
      await house.look();
      const backup = new Map(house.tyk.sessions);
      house.tyk.loseEverything();
      await checkTyk(house.parts, house.owner);
      await house.look();
      await suspendKey(house.deps, house.owner, { keyId: key.id, message: 'Why?' });
      for (const [hash, session] of backup) house.tyk.sessions.set(hash, session);
      expect(house.call(token)).toBe(200);
      await house.look();
      expect(house.call(token)).toBe(403);
      expect(await house.rowOf(key)).toMatchObject({ state: 'present' });
    });

    test('a key that was issued before Tyk was connected is to be rotated', async () => {
      const { key } = await house.addKey(house.applicationId);
      const overview = await readTykOverview(house.parts, house.owner);
      expect(overview?.toRotate).toMatchObject([{ keyId: key.id, state: 'unknown', applicationName: 'Depot' }]);
    });
  });

  test('nobody but an owner sees Tyk, and nobody a key of another team', async () => {
    const { key } = await house.issue();
    expect(await readTykOverview(house.parts, house.nora)).toBeNull();
    expect(await checkTyk(house.parts, house.nora)).toBe(false);
    expect(await readTykNote(house.parts, house.mallory, house.applicationId, key.id)).toBeNull();
    expect(await house.parts.watch.watch()).toMatchObject({ checkWanted: false });
  });
});
