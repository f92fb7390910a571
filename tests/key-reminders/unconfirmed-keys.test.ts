import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { withdrawUnconfirmedKeys } from '../../src/jobs/withdraw-unconfirmed-keys.ts';
import { type ApiKey, DAY_MS } from '../../src/keys/api-key.ts';
import { confirmKey } from '../../src/key-reminders/confirm-key.ts';
import { createKeyConfirmationStore } from '../../src/key-reminders/key-confirmation-store.ts';
import { replaceSecret } from '../../src/key-rotation/replace-secret.ts';
import { revokeKey } from '../../src/key-revocation/revoke-key.ts';
import { createKeyCallStore } from '../../src/usage/key-call-store.ts';
import { forEachDialect } from '../support/databases.ts';
import { API, type Gate, openGate } from '../keys/gate.ts';
import { type House, NOW_MS, openHouse } from '../keys/house.ts';

const MINUTE_MS = 60 * 1000;

forEachDialect((dialect) => {
  let house: House;
  let gate: Gate;
  let applicationId: string;
  beforeAll(async () => {
    house = await openHouse(dialect);
    gate = await openGate(house);
  });
  beforeEach(async () => {
    house.time.nowMs = NOW_MS;
    applicationId = await house.addApplication(house.nora);
    await house.addSubscription(applicationId, { api_slug: API });
    await house.test.database.kysely.deleteFrom('outbox').execute();
  });
  afterAll(async () => {
    await gate.close();
    await house.test.close();
  });

  const deps = () => {
    const calls = createKeyCallStore(gate.usageDatabase);
    return {
      ...house.deps,
      confirmations: createKeyConfirmationStore(house.test.database),
      wasCalled: async ({ id }: { id: string }) => (await calls.lastCalls([id])).has(id),
    };
  };
  const referenceTo = (key: ApiKey) => ({ applicationId, keyId: key.id });

  /** The job runs so long after everything was issued. */
  async function after(minutes: number): Promise<void> {
    house.time.nowMs = NOW_MS + minutes * MINUTE_MS;
    await gate.flush();
    await withdrawUnconfirmedKeys(deps());
  }

  async function queued(): Promise<string[]> {
    const rows = await house.test.database.kysely.selectFrom('outbox').select(['kind', 'payload']).execute();
    return rows
      .map(({ kind, payload }) => (kind === 'event' ? (JSON.parse(payload) as { type: string }).type : kind))
      .sort();
  }

  async function actionsOf(key: ApiKey): Promise<string[]> {
    const entries = await house.deps.audit.entriesOf(key.id, 10);
    return entries.map(({ action }) => action);
  }

  describe('a key whose token nobody confirmed', () => {
    it('is withdrawn after 15 minutes, with an audit entry, a mail and an event', async () => {
      const { key, token } = await house.addKey(applicationId);
      await house.test.database.kysely.deleteFrom('outbox').execute();
      await after(15);
      expect((await house.stored(key)).revokedAtMs).toBeNull();
      await after(16);
      expect((await house.stored(key)).revokedAtMs).toBe(house.time.nowMs);
      expect(await gate.call(token)).toBe('key_revoked');
      expect(await actionsOf(key)).toEqual(['key.revoked', 'key.issued']);
      expect(await queued()).toEqual(['key.revoked', 'mail.key_withdrawn']);
      await after(17);
      expect(await queued()).toHaveLength(2);
    });

    it('stays when it was called: whoever calls has the token', async () => {
      const { key, token } = await house.addKey(applicationId);
      expect(await gate.call(token)).toBe('allowed');
      await after(16);
      expect(await house.stored(key)).toMatchObject({ revokedAtMs: null, unconfirmedSinceMs: null });
      expect(await actionsOf(key)).toEqual(['key.confirmed', 'key.issued']);
    });

    it('stays when somebody says that it arrived, once or twice', async () => {
      const { key } = await house.addKey(applicationId);
      for (let time = 0; time < 2; time += 1) {
        expect(await confirmKey(deps(), house.nora, referenceTo(key))).toMatchObject({ ok: true });
      }
      await after(16);
      expect((await house.stored(key)).revokedAtMs).toBeNull();
      expect(await actionsOf(key)).toEqual(['key.confirmed', 'key.issued']);
    });

    it('that was to replace another one lets that go on with the expiry it had, and no call is refused', async () => {
      const old = await house.addKey(applicationId, { expiresAtMs: NOW_MS + 90 * DAY_MS });
      await confirmKey(deps(), house.nora, referenceTo(old.key));
      const successor = await house.rotate(old.key, 60 * MINUTE_MS);
      await after(16);
      expect(await house.stored(old.key)).toMatchObject({ replaced: null, expiresAtMs: NOW_MS + 90 * DAY_MS });
      expect((await house.stored(successor.key)).revokedAtMs).toBe(house.time.nowMs);
      house.time.nowMs = NOW_MS + 2 * DAY_MS;
      expect([await gate.call(old.token), await gate.call(successor.token)]).toEqual(['allowed', 'key_revoked']);
      expect(await actionsOf(old.key)).toContain('key.rotation_undone');
      // It can be rotated again.
      expect((await house.rotate(old.key)).key.id).not.toBe(successor.key.id);
    });

    it('does not bring back an old key that was ended at once: what ended stays ended', async () => {
      const old = await house.addKey(applicationId);
      await confirmKey(deps(), house.nora, referenceTo(old.key));
      await house.rotate(old.key, 0);
      await after(16);
      expect(await gate.call(old.token)).toBe('key_replaced');
      expect((await house.stored(old.key)).replaced).not.toBeNull();
    });

    it('does not bring back an old key that was revoked meanwhile', async () => {
      const old = await house.addKey(applicationId);
      await confirmKey(deps(), house.nora, referenceTo(old.key));
      await house.rotate(old.key);
      await revokeKey(house.deps, house.nora, { ...referenceTo(old.key), reason: '' });
      await after(16);
      expect(await gate.call(old.token)).toBe('key_revoked');
    });
  });

  describe('replacing a lost token', () => {
    it('gives another token for the same key; of any number of replacements the last one works alone', async () => {
      const { key, token } = await house.addKey(applicationId);
      const results = await Promise.all(
        Array.from({ length: 5 }, () => replaceSecret(deps(), house.nora, referenceTo(key))),
      );
      const tokens = [token, ...results.map((result) => (result.ok ? result.token : ''))];
      const verdicts = await Promise.all(tokens.map((one) => gate.call(one)));
      expect(verdicts.filter((verdict) => verdict === 'allowed')).toHaveLength(1);
      expect(verdicts[0]).toBe('unknown_key');
      expect((await house.deps.keys.list(house.nora.teamIds, applicationId)).map(({ id }) => id)).toEqual([key.id]);
    });

    it('keeps the rotation that the key is part of, and starts the 15 minutes anew', async () => {
      const old = await house.addKey(applicationId);
      await confirmKey(deps(), house.nora, referenceTo(old.key));
      const successor = await house.rotate(old.key);
      house.time.nowMs = NOW_MS + 10 * MINUTE_MS;
      const replaced = await replaceSecret(deps(), house.nora, referenceTo(successor.key));
      expect(replaced).toMatchObject({ ok: true, key: { id: successor.key.id, unconfirmedSinceMs: house.time.nowMs } });
      await after(16);
      expect((await house.stored(old.key)).replaced?.byKeyId).toBe(successor.key.id);
      expect((await house.stored(successor.key)).revokedAtMs).toBeNull();
    });

    it('is refused once the key was confirmed, called or revoked, and to everybody else', async () => {
      const [confirmed, called, revoked] = [
        await house.addKey(applicationId),
        await house.addKey(applicationId),
        await house.addKey(applicationId),
      ];
      await confirmKey(deps(), house.nora, referenceTo(confirmed.key));
      await gate.call(called.token);
      await gate.flush();
      await revokeKey(house.deps, house.nora, { ...referenceTo(revoked.key), reason: '' });
      for (const { key } of [confirmed, called, revoked]) {
        const result = await replaceSecret(deps(), house.nora, referenceTo(key));
        expect(result).toEqual({ ok: false, reason: 'not_replaceable' });
      }
      const foreign = await replaceSecret(deps(), house.mallory, referenceTo(called.key));
      expect(foreign).toEqual({ ok: false, reason: 'not_found' });
      expect(await gate.call(called.token)).toBe('allowed');
    });
  });
});
