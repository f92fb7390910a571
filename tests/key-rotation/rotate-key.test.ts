import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { Actor } from '../../src/accounts/account.ts';
import { type ApiKey, DAY_MS, KEYS_PER_APPLICATION, type RotateKeyResult } from '../../src/keys/api-key.ts';
import { describeKey } from '../../src/keys/describe-key.ts';
import { issueKey } from '../../src/keys/issue-key.ts';
import { readKeyHistory } from '../../src/keys/read-key-history.ts';
import { restrictKey } from '../../src/key-restrictions/restrict-key.ts';
import { revokeKey } from '../../src/key-revocation/revoke-key.ts';
import { type RotateKeyDeps, rotateKey } from '../../src/key-rotation/rotate-key.ts';
import { newId, systemRandom } from '../../src/platform/random.ts';
import { forEachDialect } from '../support/databases.ts';
import { type House, NOW_MS, keyRequest, openHouse, entryOf } from '../keys/house.ts';

const refuses = (reason: string, rest = {}) => ({ ok: false, reason, ...rest });

forEachDialect((dialect) => {
  let house: House;
  let applicationId: string;
  let key: ApiKey;
  let token: string;
  beforeAll(async () => {
    house = await openHouse(dialect);
  });
  beforeEach(async () => {
    house.time.nowMs = NOW_MS;
    applicationId = await house.addApplication(house.nora);
    ({ key, token } = await house.addKey(applicationId, { allowlist: [entryOf('203.0.113.0/24', 'office')] }));
    house.time.nowMs = NOW_MS + 5;
  });
  afterAll(() => house.test.close());

  const requestOf = (rotated: ApiKey, overlapMs = DAY_MS) => ({
    applicationId: rotated.applicationId,
    keyId: rotated.id,
    overlapMs,
    requestId: newId(systemRandom, 'req'),
  });
  const rotate = (overlapMs = DAY_MS, actor: Actor = house.nora, deps: RotateKeyDeps = house.deps) =>
    rotateKey(deps, actor, requestOf(key, overlapMs));
  const keysOf = () => house.deps.keys.list(house.nora.teamIds, applicationId);

  describe('rotateKey', () => {
    it('makes a successor with a token of its own, and both work until the overlap ends', async () => {
      const result = await rotate();
      if (!result.ok) throw new Error(result.reason);
      const endsAtMs = NOW_MS + 5 + DAY_MS;
      const { id, firstFour, lastFour } = result.key;
      const since = { createdAtMs: NOW_MS + 5, unconfirmedSinceMs: NOW_MS + 5 };
      expect(result.key).toEqual({ ...key, id, firstFour, lastFour, ...since });
      expect(result.oldKeyEndsAtMs).toBe(endsAtMs);
      const replaced = { byKeyId: id, atMs: NOW_MS + 5, formerExpiresAtMs: null };
      expect(await house.stored(key)).toEqual({ ...key, expiresAtMs: endsAtMs, replaced });
      expect(result.token).not.toBe(token);
      const works = async () =>
        Promise.all([token, result.token].map(async (one) => (await describeKey(house.deps, one)) !== null));
      house.time.nowMs = endsAtMs - 1;
      expect(await works()).toEqual([true, true]);
      house.time.nowMs = endsAtMs;
      expect(await works()).toEqual([false, true]);
    });

    it('ends the old key at once when no overlap is chosen', async () => {
      expect(await rotate(0)).toMatchObject({ ok: true, oldKeyEndsAtMs: NOW_MS + 5 });
      expect(await describeKey(house.deps, token)).toBeNull();
    });

    it('never lets the overlap extend a key past the expiry it already had', async () => {
      ({ key } = await house.addKey(applicationId, { expiresAtMs: NOW_MS + 1000 }));
      expect(await rotate()).toMatchObject({ oldKeyEndsAtMs: NOW_MS + 1000, key: { expiresAtMs: NOW_MS + 1000 } });
      expect(await house.stored(key)).toMatchObject({
        expiresAtMs: NOW_MS + 1000,
        replaced: { formerExpiresAtMs: NOW_MS + 1000 },
      });
    });

    it('writes what happened to both keys', async () => {
      const result = await rotate();
      const successorKeyId = result.ok ? result.key.id : '';
      const history = (keyId: string) => readKeyHistory(house.deps, house.nora, { applicationId, keyId });
      const details = { successorKeyId, endsAtMs: NOW_MS + 5 + DAY_MS, formerExpiresAtMs: null };
      expect((await history(key.id))[0]).toMatchObject({ action: 'key.rotated', atMs: NOW_MS + 5, details });
      expect(await history(successorKeyId)).toMatchObject([
        { action: 'key.issued', actor: house.nora.accountId, details: { replacesKeyId: key.id, name: 'CI' } },
      ]);
    });

    it('gives exactly one successor to 200 rotations at once', async () => {
      const results = await Promise.all(Array.from({ length: 200 }, () => rotate()));
      expect(results.filter((result) => result.ok)).toHaveLength(1);
      expect(results.filter((result) => !result.ok)).toEqual(Array(199).fill(refuses('already_rotated')));
      expect(await keysOf()).toHaveLength(2);
      expect(await rotate()).toEqual(refuses('already_rotated'));
    });

    it('makes one successor out of one request, though it is sent 50 times at once and again after the overlap', async () => {
      const request = requestOf(key);
      const send = () => rotateKey(house.deps, house.nora, request);
      const results = await Promise.all(Array.from({ length: 50 }, send));
      const made = results.find((result) => result.ok);
      const repeated = refuses('already_issued', { keyId: made?.key.id });
      expect(results.filter((result) => !result.ok)).toEqual(Array(49).fill(repeated));
      house.time.nowMs += 2 * DAY_MS;
      expect(await send()).toEqual(repeated);
      expect(await keysOf()).toHaveLength(2);
    });

    it('replaces a successor whose token was lost by rotating it in its turn; the overlap goes on as it was', async () => {
      const lost = await house.rotate(key);
      const second = await house.rotate(lost.key, 0);
      const states = await Promise.all(
        [token, lost.token, second.token].map(async (one) => (await describeKey(house.deps, one)) !== null),
      );
      expect(states).toEqual([true, false, true]);
      expect(await house.stored(key)).toMatchObject({ expiresAtMs: NOW_MS + 5 + DAY_MS });
    });

    it('refuses a key that is suspended, revoked or expired, and changes nothing', async () => {
      const set = (columns: object) =>
        house.test.database.kysely.updateTable('api_key').set(columns).where('id', '=', key.id).execute();
      for (const columns of [{ suspended_at_ms: 1 }, { expires_at_ms: NOW_MS + 5 }, { revoked_at_ms: 1 }]) {
        await set(columns);
        expect(await rotate()).toEqual(refuses('key_not_active'));
        await set({ suspended_at_ms: null, expires_at_ms: null });
      }
      expect(await keysOf()).toHaveLength(1);
    });

    it('answers not_found alike for the key of another team, of another application, and an absent one', async () => {
      const other = await house.addApplication(house.nora);
      expect(await rotate(DAY_MS, house.mallory)).toEqual(refuses('not_found'));
      for (const wrong of [{ applicationId: other }, { keyId: 'key_absent' }, { applicationId: 'app_absent' }]) {
        expect(await rotateKey(house.deps, house.nora, { ...requestOf(key), ...wrong })).toEqual(refuses('not_found'));
      }
    });

    it('asks for a verified e-mail before it makes a live key', async () => {
      const unverified = { ...house.nora, emailVerified: false };
      expect(await rotate(DAY_MS, unverified)).toEqual(refuses('email_not_verified'));
      ({ key } = await house.addKey(applicationId, { environment: 'test' }));
      expect(await rotate(DAY_MS, unverified)).toMatchObject({ ok: true });
    });

    it('allows 30 days of overlap, or what the strictest plan of the application allows', async () => {
      expect(await rotate(30 * DAY_MS + 1)).toEqual(refuses('overlap_too_long', { maxMs: 30 * DAY_MS }));
      await house.addSubscription(applicationId, { api_slug: 'parcels', overlap_max_days: 7 });
      await house.addSubscription(applicationId, { api_slug: 'maps', overlap_max_days: 2 });
      expect(await rotate(2 * DAY_MS + 1)).toEqual(refuses('overlap_too_long', { maxMs: 2 * DAY_MS }));
      expect(await rotate(2 * DAY_MS)).toMatchObject({ ok: true });
    });

    it('works in an application that is full, and frees no place in it', async () => {
      for (let count = 1; count < KEYS_PER_APPLICATION; count += 1) await house.addKey(applicationId);
      expect(await rotate()).toMatchObject({ ok: true });
      const issued = await issueKey(house.deps, house.nora, { ...keyRequest(), applicationId });
      expect(issued).toEqual(refuses('too_many_keys'));
    });

    it('keeps the number of overlaps exact in parallel; a rotation without overlap is always possible', async () => {
      const keys = [key];
      while (keys.length < KEYS_PER_APPLICATION) keys.push((await house.addKey(applicationId)).key);
      await Promise.all(keys.map((one) => house.rotate(one)));
      const successors = (await keysOf()).filter((one) => one.replaced === null);
      const results: RotateKeyResult[] = await Promise.all(
        successors.map((one) => rotateKey(house.deps, house.nora, requestOf(one, 1))),
      );
      expect(results).toEqual(
        Array(KEYS_PER_APPLICATION).fill(refuses('too_many_overlaps', { limit: KEYS_PER_APPLICATION })),
      );
      expect(await rotateKey(house.deps, house.nora, requestOf(successors[0] ?? key, 0))).toMatchObject({ ok: true });
    });

    it('carries a restriction over that was made while the request was under way', async () => {
      const change = {
        allowlist: [entryOf('203.0.113.7/32')],
        methods: ['GET' as const],
        referrers: ['https://a.example'],
      };
      const find: typeof house.deps.keys.find = async (...request) => {
        const read = await house.deps.keys.find(...request);
        await restrictKey(house.deps, house.nora, { applicationId, keyId: key.id, change });
        return read;
      };
      const result = await rotate(DAY_MS, house.nora, { ...house.deps, keys: { ...house.deps.keys, find } });
      expect(result).toMatchObject({ ok: true, key: change });
    });

    it('never brings back a key that is revoked beside it: either is refused, or the old key stays revoked', async () => {
      for (let round = 0; round < 10; round += 1) {
        ({ key } = await house.addKey(applicationId));
        const reference = { applicationId, keyId: key.id, reason: 'leaked' };
        const [rotated, revoked] = await Promise.all([rotate(), revokeKey(house.deps, house.nora, reference)]);
        expect(revoked.ok).toBe(true);
        const stored = await house.stored(key);
        expect(stored.revokedAtMs).not.toBeNull();
        expect(stored.replaced !== null).toBe(rotated.ok);
        await revokeKey(house.deps, house.nora, { ...reference, keyId: stored.replaced?.byKeyId ?? key.id });
      }
    });
  });

  it('leaves an audit chain that verifies', async () => {
    expect((await house.deps.audit.verifyChain()).ok).toBe(true);
  });
});
