import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { ApiKey } from '../../src/keys/api-key.ts';
import { type RestrictionChange, UNRESTRICTED } from '../../src/key-restrictions/key-restrictions.ts';
import { readKeyHistory } from '../../src/keys/read-key-history.ts';
import { restrictKey } from '../../src/key-restrictions/restrict-key.ts';
import { revokeKey } from '../../src/key-revocation/revoke-key.ts';
import { forEachDialect } from '../support/databases.ts';
import { API, type Gate, openGate } from '../keys/gate.ts';
import { type House, NOW_MS, entryOf, openHouse } from '../keys/house.ts';

const MINUTE_MS = 60_000;
const LIST = { api: API, version: 'v2', operationId: 'listParcels' };
const EVERYTHING: RestrictionChange = {
  allowlist: [entryOf('203.0.113.0/24', 'office "Berlin"'), entryOf('2001:db8::/48')],
  scopes: ['parcels:read'],
  methods: ['GET', 'POST'],
  operations: [LIST],
  referrers: ['https://*.example.com'],
};

forEachDialect((dialect) => {
  let house: House;
  let gate: Gate;
  let applicationId: string;
  let key: ApiKey;
  let token: string;
  beforeAll(async () => {
    house = await openHouse(dialect);
    gate = await openGate(house);
  });
  afterAll(async () => {
    await gate.close();
    await house.test.close();
  });
  beforeEach(async () => {
    house.time.nowMs = NOW_MS;
    applicationId = await house.addApplication(house.nora);
    await house.addSubscription(applicationId, { api_slug: API, scopes: 'parcels:read parcels:write' });
    ({ key, token } = await house.addKey(applicationId));
  });

  /** Signed in this long ago; an hour unless told otherwise. */
  const restrict = (change: RestrictionChange, agoMs = 60 * MINUTE_MS) => {
    const actor = { ...house.nora, signedInAtMs: house.time.nowMs - agoMs };
    return restrictKey(house.deps, actor, { applicationId, keyId: key.id, change });
  };
  const history = () => readKeyHistory(house.deps, house.nora, { applicationId, keyId: key.id });
  const events = async (): Promise<string[]> => {
    const { kysely } = house.test.database;
    const rows = await kysely.selectFrom('outbox').select('payload').where('kind', '=', 'event').execute();
    return rows
      .map(({ payload }) => payload)
      .filter((payload) => payload.includes('key.restricted') && payload.includes(key.id));
  };

  describe('restrictKey', () => {
    it('keeps every list as it was given, in the key, its history and an event', async () => {
      const result = await restrict(EVERYTHING);
      expect(result).toEqual({ ok: true, key: { ...key, ...EVERYTHING } });
      expect(await house.stored(key)).toEqual({ ...key, ...EVERYTHING });
      const [entry] = await history();
      expect(entry).toMatchObject({ action: 'key.restricted', details: { before: UNRESTRICTED, after: EVERYTHING } });
      expect((await events()).map((payload) => (JSON.parse(payload) as { data: unknown }).data)).toEqual([
        {
          keyId: key.id,
          keyName: key.name,
          environment: 'live',
          changed: ['allowlist', 'scopes', 'methods', 'operations', 'referrers'],
        },
      ]);
    });

    it('changes only what it is told to change', async () => {
      await restrict(EVERYTHING);
      await restrict({ methods: ['GET'] });
      expect(await house.stored(key)).toEqual({ ...key, ...EVERYTHING, methods: ['GET'] });
      const [entry] = await history();
      expect(entry?.details).toEqual({ before: { methods: ['GET', 'POST'] }, after: { methods: ['GET'] } });
    });

    it('writes nothing when nothing changes', async () => {
      await restrict(EVERYTHING);
      expect(await restrict(EVERYTHING)).toEqual({ ok: true, key: { ...key, ...EVERYTHING } });
      expect([(await history()).length, (await events()).length]).toEqual([2, 1]);
    });

    it('narrows at any time, and widens only within ten minutes of a sign-in', async () => {
      await restrict({ allowlist: [entryOf('203.0.113.0/24')] });
      expect(await restrict({ allowlist: [entryOf('203.0.113.0/25', 'lower half')] })).toMatchObject({ ok: true });
      const wider = { allowlist: [entryOf('203.0.113.0/24')] };
      const refusal = { ok: false, reason: 'recent_sign_in_required' };
      expect(await restrict(wider, 10 * MINUTE_MS)).toEqual(refusal);
      expect((await house.stored(key)).allowlist).toEqual([entryOf('203.0.113.0/25', 'lower half')]);
      expect(await restrict(wider, 10 * MINUTE_MS - 1)).toMatchObject({ ok: true });
      for (const lifted of [
        { allowlist: [] },
        { methods: [] },
        { scopes: [] },
        { operations: [] },
        { referrers: [] },
      ]) {
        await restrict(EVERYTHING, 0);
        expect(await restrict(lifted), JSON.stringify(lifted)).toEqual(refusal);
      }
      expect(
        await restrict({ allowlist: [entryOf('203.0.113.0/24'), entryOf('2001:db8::/48', 'new note')] }),
      ).toMatchObject({
        ok: true,
      });
    });

    it('judges a change by what is stored when it is made, not by what was read before', async () => {
      await restrict({ allowlist: [entryOf('203.0.113.0/24')] });
      const { keys } = house.deps;
      const find: typeof keys.find = async (...request) => {
        const read = await keys.find(...request);
        await restrict({ allowlist: [entryOf('203.0.113.7/32')] });
        return read;
      };
      const change = { allowlist: [entryOf('203.0.113.0/25')] };
      const deps = { ...house.deps, keys: { ...keys, find } };
      expect(await restrictKey(deps, house.nora, { applicationId, keyId: key.id, change })).toEqual({
        ok: false,
        reason: 'recent_sign_in_required',
      });
    });

    it('refuses entries that hold the whole internet, together if not alone, unless that is confirmed', async () => {
      const halves = [entryOf('0.0.0.0/1'), entryOf('128.0.0.0/1', 'the rest')];
      const whole = { ok: false, reason: 'whole_internet' };
      expect(await restrict({ allowlist: halves })).toEqual({ ...whole, families: ['ipv4'] });
      expect(await restrict({ allowlist: [entryOf('::/0')] })).toEqual({ ...whole, families: ['ipv6'] });
      expect(await restrict({ allowlist: halves, wholeInternetConfirmed: true })).toMatchObject({ ok: true });
      // Once confirmed, a change of something else does not ask again.
      expect(await restrict({ allowlist: [entryOf('0.0.0.0/0')] })).toMatchObject({ ok: true });
      expect(await restrict({ methods: ['GET'] })).toMatchObject({ ok: true });
    });

    it('refuses scopes and operations that the application does not have, and keeps those that it lost', async () => {
      expect(await restrict({ scopes: ['parcels:read', 'billing:read'] })).toEqual({
        ok: false,
        reason: 'unknown_scopes',
        scopes: ['billing:read'],
      });
      const purge = { ...LIST, operationId: 'purge' };
      expect(await restrict({ operations: [LIST, purge, { ...LIST, version: 'v9' }] })).toEqual({
        ok: false,
        reason: 'unknown_operations',
        operations: [purge, { ...LIST, version: 'v9' }],
      });
      await restrict({ scopes: ['parcels:read', 'parcels:write'], operations: [LIST] });
      const { kysely } = house.test.database;
      await kysely
        .updateTable('subscription')
        .set({ ended_at_ms: 1 })
        .where('application_id', '=', applicationId)
        .execute();
      expect(await restrict({ scopes: ['parcels:write'] })).toMatchObject({ ok: true, key: { operations: [LIST] } });
    });

    it('counts from the next call on, in either direction', async () => {
      const ask = (changes: Partial<Parameters<Gate['ask']>[1]> = {}) =>
        gate.ask(token, {
          address: '203.0.113.7',
          method: 'GET',
          path: '/parcels',
          origin: 'https://a.example.com',
          ...changes,
        });
      expect(await ask({ origin: undefined })).toBe('allowed');
      await restrict(EVERYTHING);
      expect(await ask()).toBe('allowed');
      expect(await ask({ method: 'HEAD' })).toBe('allowed');
      expect(await ask({ address: '203.0.114.7' })).toBe('address_not_allowed');
      expect(await ask({ origin: undefined })).toBe('referrer_not_allowed');
      expect(await ask({ method: 'POST' })).toBe('operation_not_allowed_for_key');
      await restrict({ operations: [] }, 0);
      expect(await ask({ method: 'POST' })).toBe('insufficient_scope');
      await restrict({ methods: ['GET'] });
      expect(await ask({ method: 'POST' })).toBe('method_not_allowed_for_key');
      await restrict({ ...UNRESTRICTED }, 0);
      expect(await ask({ method: 'POST', origin: undefined })).toBe('allowed');
    });

    it('gives a limited key no scope that its plan gets later', async () => {
      await restrict({ scopes: ['parcels:read'] });
      const { kysely } = house.test.database;
      await kysely.updateTable('plan').set({ scopes: 'parcels:read parcels:write parcels:admin' }).execute();
      const call = { address: '203.0.113.7', path: '/parcels', origin: undefined };
      expect(await gate.ask(token, { ...call, method: 'POST' })).toBe('insufficient_scope');
      expect(await gate.ask(token, { ...call, method: 'GET' })).toBe('allowed');
    });

    it('goes over to the successor, whole', async () => {
      await restrict(EVERYTHING);
      const successor = await house.rotate(await house.stored(key));
      expect(await house.stored(successor.key)).toMatchObject(EVERYTHING);
      const call = { address: '203.0.113.7', method: 'GET', path: '/parcels', origin: undefined };
      expect(await gate.ask(successor.token, call)).toBe('referrer_not_allowed');
    });

    it('of many changes at once loses none and makes one entry for each', async () => {
      const changes: RestrictionChange[] = [
        { allowlist: [entryOf('203.0.113.0/24')] },
        { scopes: ['parcels:read'] },
        { methods: ['GET'] },
        { operations: [LIST] },
        { referrers: ['https://a.example'] },
      ];
      await Promise.all(changes.map((change) => restrict(change)));
      expect(await house.stored(key)).toMatchObject(Object.assign({}, ...changes) as object);
      expect(await history()).toHaveLength(6);
    });

    it('never brings back a key that is revoked beside it', async () => {
      await Promise.all([
        revokeKey(house.deps, house.nora, { applicationId, keyId: key.id, reason: 'leaked' }),
        restrict({ methods: ['GET'] }),
      ]);
      expect((await house.stored(key)).revokedAtMs).not.toBeNull();
      expect(await restrict({ methods: ['POST'] }, 0)).toEqual({ ok: false, reason: 'key_not_active' });
    });
  });

  it('what can be chosen is what the subscriptions of the application let it do', async () => {
    expect(await house.deps.restrictionChoices.choices(applicationId)).toMatchObject({
      scopes: ['parcels:read', 'parcels:write'],
      operations: [
        { ...LIST, method: 'GET', path: '/parcels' },
        { ...LIST, operationId: 'createParcel', method: 'POST' },
      ],
    });
    const other = await house.addApplication(house.nora);
    expect(await house.deps.restrictionChoices.choices(other)).toEqual({ scopes: [], operations: [] });
  });
});
