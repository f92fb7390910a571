import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { Actor } from '../../src/accounts/account.ts';
import { issueKey } from '../../src/keys/issue-key.ts';
import { readKeyHistory } from '../../src/keys/read-key-history.ts';
import { resumeKey } from '../../src/key-revocation/resume-key.ts';
import { revokeApplicationKeys } from '../../src/key-revocation/revoke-application-keys.ts';
import { revokeKey } from '../../src/key-revocation/revoke-key.ts';
import { revokeTeamKeys } from '../../src/key-revocation/revoke-team-keys.ts';
import { suspendKey } from '../../src/keys/suspend-key.ts';
import { addActor } from '../applications/cast.ts';
import { forEachDialect } from '../support/databases.ts';
import { type House, NOW_MS, keyRequest, openHouse } from '../keys/house.ts';

const reason = 'laptop stolen';
const notFound = { ok: false, reason: 'not_found' };

forEachDialect((dialect) => {
  let house: House;
  let olga: Actor;
  beforeAll(async () => {
    house = await openHouse(dialect);
    olga = await addActor(house.test.database, 'olga', { role: 'owner' });
  });
  beforeEach(async () => {
    house.time.nowMs = NOW_MS;
    await house.test.database.kysely.deleteFrom('outbox').execute();
  });
  afterAll(() => house.test.close());

  const queued = async () => {
    const outbox = house.test.database.kysely.selectFrom('outbox').selectAll().where('kind', 'like', 'mail.%');
    const rows = await outbox.orderBy('created_at_ms').execute();
    return rows.map(({ kind, payload }) => ({ kind, ...(JSON.parse(payload) as object) }));
  };
  const activeKeys = async (actor: Actor, applicationId: string) =>
    (await house.deps.keys.list(actor.teamIds, applicationId)).filter((key) => key.revokedAtMs === null).length;

  describe('revokeApplicationKeys', () => {
    it('ends every key of the application with one reason and an entry each, and no other key', async () => {
      const [one, other] = [await house.addApplication(house.nora), await house.addApplication(house.nora)];
      const { key } = await house.addKey(one);
      const successor = (await house.rotate(key)).key;
      await house.addKey(one, { expiresAtMs: NOW_MS });
      await house.addKey(other);
      const result = await revokeApplicationKeys(house.deps, house.nora, { applicationId: one, reason });
      if (!result.ok) throw new Error(result.reason);
      expect(result.keys.map(({ id }) => id).sort()).toEqual([key.id, successor.id].sort());
      for (const { id } of result.keys) {
        const [entry] = await readKeyHistory(house.deps, house.nora, { applicationId: one, keyId: id });
        expect(entry).toMatchObject({ action: 'key.revoked', details: { reason, all: 'keys of the application' } });
      }
      expect(await house.stored(key)).toMatchObject({ revokedAtMs: NOW_MS, revokeReason: reason });
      expect(await activeKeys(house.nora, other)).toBe(1);
      expect(await queued()).toEqual([]);
    });

    it('is for the own application, or for owners; then the team is told', async () => {
      const applicationId = await house.addApplication(house.nora);
      await house.addKey(applicationId);
      expect(await revokeApplicationKeys(house.deps, house.mallory, { applicationId, reason })).toEqual(notFound);
      expect(await activeKeys(house.nora, applicationId)).toBe(1);
      expect(await revokeApplicationKeys(house.deps, olga, { applicationId, reason })).toMatchObject({ ok: true });
      const { accountId } = house.nora;
      const [teamId] = house.nora.teamIds;
      expect(await queued()).toEqual([
        { kind: 'mail.keys_revoked', accountId, teamId, applicationId, keys: 1, reason },
      ]);
    });

    it('leaves no key that was issued or rotated before its answer, however many do so beside it', async () => {
      const applicationId = await house.addApplication(house.nora);
      const { key } = await house.addKey(applicationId);
      const issue = () => issueKey(house.deps, house.nora, { ...keyRequest(), applicationId });
      const outcomes = await Promise.all([
        issue(),
        house.rotate(key).catch(() => null),
        revokeApplicationKeys(house.deps, house.nora, { applicationId, reason }),
        issue(),
      ]);
      const keys = await house.deps.keys.list(house.nora.teamIds, applicationId);
      const alive = keys.filter((one) => one.revokedAtMs === null).map(({ id }) => id);
      const revoked = keys.length - alive.length;
      expect(outcomes[2]).toMatchObject({ ok: true, keys: { length: revoked } });
      expect(await revokeApplicationKeys(house.deps, house.nora, { applicationId, reason })).toMatchObject({
        keys: { length: alive.length },
      });
    });
  });

  describe('revokeTeamKeys', () => {
    it('ends the keys of all applications of the team, and of no other team', async () => {
      const [teamId = ''] = house.nora.teamIds;
      const applications = [await house.addApplication(house.nora), await house.addApplication(house.nora)];
      for (const applicationId of applications) await house.addKey(applicationId);
      const foreign = await house.addApplication(house.mallory);
      await issueKey(house.deps, house.mallory, { ...keyRequest(), applicationId: foreign });
      expect(await revokeTeamKeys(house.deps, house.mallory, { teamId, reason })).toEqual(notFound);
      expect(await revokeTeamKeys(house.deps, house.nora, { teamId, reason })).toMatchObject({ ok: true });
      for (const applicationId of applications) expect(await activeKeys(house.nora, applicationId)).toBe(0);
      expect(await activeKeys(house.mallory, foreign)).toBe(1);
      const again = await Promise.all([1, 2, 3].map(() => revokeTeamKeys(house.deps, olga, { teamId, reason })));
      expect(again).toEqual(Array(3).fill({ ok: true, keys: [] }));
      expect(await queued()).toEqual([]);
    });
  });

  describe('suspendKey and resumeKey', () => {
    const message = 'Your key calls 400 times a second.\nPlease write to us.';

    it('pause and resume a key, with a mail to its team each', async () => {
      const { key } = await house.addKey(await house.addApplication(house.nora));
      const request = { keyId: key.id, message };
      const { accountId } = house.nora;
      expect(await suspendKey(house.deps, olga, request)).toMatchObject({
        ok: true,
        key: { suspendedAtMs: NOW_MS, suspendReason: message },
      });
      expect(await suspendKey(house.deps, olga, request)).toEqual({ ok: false, reason: 'key_not_active' });
      house.time.nowMs += 1;
      const resumed = { ...key, resumedAtMs: NOW_MS + 1 };
      expect(await resumeKey(house.deps, olga, request)).toEqual({ ok: true, key: resumed });
      expect(await resumeKey(house.deps, olga, request)).toEqual({ ok: false, reason: 'key_not_active' });
      expect(await queued()).toEqual([
        { kind: 'mail.key_suspended', accountId, ...request },
        { kind: 'mail.key_resumed', accountId, ...request },
      ]);
    });

    it('are for owners: for everybody else, the team of the key included, there is no such key', async () => {
      const { key } = await house.addKey(await house.addApplication(house.nora));
      for (const actor of [house.nora, house.mallory]) {
        expect(await suspendKey(house.deps, actor, { keyId: key.id, message })).toEqual(notFound);
        expect(await resumeKey(house.deps, actor, { keyId: key.id, message })).toEqual(notFound);
      }
      expect(await suspendKey(house.deps, olga, { keyId: 'key_absent', message })).toEqual(notFound);
      expect(await house.stored(key)).toEqual(key);
    });

    it('bring back nothing that has ended', async () => {
      const applicationId = await house.addApplication(house.nora);
      const { key } = await house.addKey(applicationId);
      await suspendKey(house.deps, olga, { keyId: key.id, message });
      await revokeKey(house.deps, house.nora, { applicationId, keyId: key.id, reason });
      expect(await resumeKey(house.deps, olga, { keyId: key.id, message })).toMatchObject({ reason: 'key_not_active' });
    });

    it('write no mail to an address that was never verified, to a viewer, or to a suspended account', async () => {
      const { kysely } = house.test.database;
      const [teamId = ''] = house.nora.teamIds;
      const { key } = await house.addKey(await house.addApplication(house.nora));
      const colleagues = [];
      for (const role of ['viewer', 'admin', 'manager', 'manager'] as const) {
        const { accountId } = await addActor(house.test.database, role);
        await kysely.insertInto('team_member').values({ team_id: teamId, account_id: accountId, role }).execute();
        colleagues.push(accountId);
      }
      const [, unverified = '', suspended = '', manager = ''] = colleagues;
      await kysely.updateTable('account').set({ email_verified_at_ms: null }).where('id', '=', unverified).execute();
      await kysely.updateTable('account').set({ suspended_at_ms: 1 }).where('id', '=', suspended).execute();
      await suspendKey(house.deps, olga, { keyId: key.id, message });
      const told = (await queued()).map((mail) => (mail as { accountId?: string }).accountId);
      expect(told.sort()).toEqual([house.nora.accountId, manager].sort());
    });
  });

  it('leaves an audit chain that verifies', async () => {
    expect((await house.deps.audit.verifyChain()).ok).toBe(true);
  });
});
