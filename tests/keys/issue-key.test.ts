import { readFileSync } from 'node:fs';

import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { KEYS_PER_APPLICATION } from '../../src/keys/api-key.ts';
import { issueKey } from '../../src/keys/issue-key.ts';
import { UNRESTRICTED } from '../../src/key-restrictions/key-restrictions.ts';
import { parseToken } from '../../src/keys/key-secret.ts';
import { readKeyHistory } from '../../src/keys/read-key-history.ts';
import { revokeKey } from '../../src/key-revocation/revoke-key.ts';
import { forEachDialect } from '../support/databases.ts';
import { type House, NOW_MS, PEPPER, keyRequest, openHouse, entryOf } from './house.ts';
import { hashToken, toPepper } from '../../src/keys/pepper.ts';

forEachDialect((dialect) => {
  let house: House;
  beforeAll(async () => {
    house = await openHouse(dialect);
  });
  afterAll(() => house.test.close());

  const activeKeys = async (applicationId: string): Promise<number> =>
    (await house.deps.keys.list(house.nora.teamIds, applicationId)).filter((key) => key.revokedAtMs === null).length;

  describe('issueKey', () => {
    it('returns the record and the token, and stores only a keyed hash with the first and last four characters', async () => {
      const { deps, nora } = house;
      const applicationId = await house.addApplication(nora);
      const request = {
        ...keyRequest(),
        allowlist: [entryOf('203.0.113.0/24', 'office'), entryOf('2001:db8::/32')],
        expiresAtMs: NOW_MS + 1,
      };
      const result = await issueKey(deps, nora, { ...request, applicationId });
      if (!result.ok) throw new Error(result.reason);
      const parts = parseToken('gth', result.token);
      expect(result.key).toEqual({
        id: expect.stringMatching(/^key_[0-9A-Za-z]{20}$/) as string,
        applicationId,
        name: 'CI',
        environment: 'live',
        firstFour: parts?.firstFour,
        lastFour: parts?.lastFour,
        ...UNRESTRICTED,
        allowlist: request.allowlist,
        createdAtMs: NOW_MS,
        expiresAtMs: NOW_MS + 1,
        suspendedAtMs: null,
        revokedAtMs: null,
        revokeReason: null,
        suspendReason: null,
        replaced: null,
        rotationIntervalDays: null,
        unconfirmedSinceMs: NOW_MS,
        suspendCause: null,
        resumedAtMs: null,
        exposedAtMs: null,
      });
      expect(await deps.keys.find(nora.teamIds, applicationId, result.key.id)).toEqual(result.key);
      expect(await deps.keys.findByTokenHash(hashToken(toPepper(PEPPER), result.token))).toEqual(result.key);
      expect(await deps.keys.findByTokenHash(hashToken(toPepper(PEPPER.slice(1)), result.token))).toBeNull();
    });

    it('writes its audit entry, which tells all but the token', async () => {
      const { nora, deps } = house;
      const applicationId = await house.addApplication(nora);
      const { key } = await house.addKey(applicationId, { allowlist: [entryOf('10.0.0.1/32')] });
      expect(await readKeyHistory(deps, nora, { applicationId, keyId: key.id })).toMatchObject([
        {
          action: 'key.issued',
          actor: nora.accountId,
          subject: key.id,
          teamId: nora.teamIds[0],
          atMs: NOW_MS,
          details: { name: 'CI', environment: 'live', expiresAtMs: null, allowlist: [entryOf('10.0.0.1/32')] },
        },
      ]);
    });

    it('lists the keys of an application, newest first', async () => {
      const applicationId = await house.addApplication(house.nora);
      const { key: older } = await house.addKey(applicationId);
      house.time.nowMs += 1;
      const { key: newer } = await house.addKey(applicationId);
      house.time.nowMs = NOW_MS;
      expect(await house.deps.keys.list(house.nora.teamIds, applicationId)).toEqual([newer, older]);
    });

    it('answers not_found for an application of another team and for an absent one', async () => {
      const foreign = await house.addApplication(house.mallory);
      for (const applicationId of [foreign, 'app_absent']) {
        const result = await issueKey(house.deps, house.nora, { ...keyRequest(), applicationId });
        expect(result).toEqual({ ok: false, reason: 'not_found' });
      }
      expect(await house.deps.keys.list(house.mallory.teamIds, foreign)).toEqual([]);
    });

    it('asks for a verified e-mail before a live key, and not before a test key', async () => {
      const applicationId = await house.addApplication(house.nora);
      const unverified = { ...house.nora, emailVerified: false };
      const issue = (environment: 'live' | 'test') =>
        issueKey(house.deps, unverified, { ...keyRequest(), environment, applicationId });
      expect(await issue('live')).toEqual({ ok: false, reason: 'email_not_verified' });
      expect((await issue('test')).ok).toBe(true);
      expect(await activeKeys(applicationId)).toBe(1);
    });

    it('makes exactly one key out of one form, though it is posted 50 times at once, and never shows the token again', async () => {
      const applicationId = await house.addApplication(house.nora);
      const request = { ...keyRequest(), applicationId };
      const results = await Promise.all(Array.from({ length: 50 }, () => issueKey(house.deps, house.nora, request)));
      const [key, ...others] = await house.deps.keys.list(house.nora.teamIds, applicationId);
      expect(others).toEqual([]);
      expect(results.filter((result) => result.ok)).toHaveLength(1);
      const repeated = results.filter((result) => !result.ok);
      expect(repeated).toEqual(Array(49).fill({ ok: false, reason: 'already_issued', keyId: key?.id }));
    });

    it('tells a repeated form that it was issued even when the application is full by now', async () => {
      const applicationId = await house.addApplication(house.nora);
      const request = { ...keyRequest(), applicationId };
      await issueKey(house.deps, house.nora, request);
      for (let index = 1; index < KEYS_PER_APPLICATION; index += 1) await house.addKey(applicationId);
      expect(await issueKey(house.deps, house.nora, request)).toMatchObject({ reason: 'already_issued' });
    });

    it('lets two applications use the same request id', async () => {
      const request = keyRequest();
      for (let count = 0; count < 2; count += 1) {
        await house.addKey(await house.addApplication(house.nora), request);
      }
      expect(request.requestId).toMatch(/^req_/);
    });

    it('keeps the limit of an application exact under 200 parallel requests; ended keys do not count', async () => {
      const { deps, nora } = house;
      const applicationId = await house.addApplication(nora);
      const { key } = await house.addKey(applicationId);
      await revokeKey(deps, nora, { applicationId, keyId: key.id, reason: '' });
      await house.addKey(applicationId, { expiresAtMs: NOW_MS });
      const results = await Promise.all(
        Array.from({ length: 200 }, () => issueKey(deps, nora, { ...keyRequest(), applicationId })),
      );
      expect(results.filter((result) => result.ok)).toHaveLength(KEYS_PER_APPLICATION);
      expect(results.find((result) => !result.ok)).toEqual({ ok: false, reason: 'too_many_keys' });
      expect(await deps.keys.list(nora.teamIds, applicationId)).toHaveLength(KEYS_PER_APPLICATION + 2);
    });

    it('counts a suspended key, which may come back', async () => {
      const applicationId = await house.addApplication(house.nora);
      for (let count = 0; count < KEYS_PER_APPLICATION; count += 1) await house.addKey(applicationId);
      await house.test.database.kysely
        .updateTable('api_key')
        .set({ suspended_at_ms: NOW_MS })
        .where('application_id', '=', applicationId)
        .execute();
      const result = await issueKey(house.deps, house.nora, { ...keyRequest(), applicationId });
      expect(result).toEqual({ ok: false, reason: 'too_many_keys' });
    });

    it('issues nothing when the application is deleted while the request is under way', async () => {
      const { deps, nora, test } = house;
      const applicationId = await house.addApplication(nora);
      const applications = {
        ...deps.applications,
        find: async (...request: Parameters<typeof deps.applications.find>) => {
          const application = await deps.applications.find(...request);
          await test.database.kysely
            .updateTable('application')
            .set({ deleted_at_ms: NOW_MS })
            .where('id', '=', applicationId)
            .execute();
          return application;
        },
      };
      const result = await issueKey({ ...deps, applications }, nora, { ...keyRequest(), applicationId });
      expect(result).toEqual({ ok: false, reason: 'not_found' });
    });
  });

  it('a token is found nowhere in the database: not in a row, an audit entry or a queued mail', async () => {
    const { addApplication, addKey, deps, nora } = house;
    const applicationId = await addApplication(nora);
    const { key, token } = await addKey(applicationId);
    await revokeKey(deps, nora, { applicationId, keyId: key.id, reason: 'test' });
    const secret = token.slice('gth_live_'.length, -'123456'.length);
    const contents = dialect === 'sqlite' ? sqliteBytes(house.test.url) : await postgresText(house);
    expect(contents.includes(key.id)).toBe(true);
    expect(contents.includes(secret.slice(0, 12))).toBe(false);
    expect(contents.includes(secret.slice(-12))).toBe(false);
    expect(contents.includes(token.slice(-12))).toBe(false);
  });

  it('leaves an audit chain that verifies', async () => {
    expect((await house.deps.audit.verifyChain()).ok).toBe(true);
  });

  it('issues no key when its audit entry cannot be written', async () => {
    const broken = await openHouse(dialect);
    const applicationId = await broken.addApplication(broken.nora);
    await broken.test.database.kysely.deleteFrom('audit_head').execute();
    await expect(broken.addKey(applicationId)).rejects.toThrow();
    expect(await broken.deps.keys.list(broken.nora.teamIds, applicationId)).toEqual([]);
    await broken.test.close();
  });
});

function sqliteBytes(url: string): Buffer {
  const path = url.slice('sqlite:'.length);
  return Buffer.concat([path, `${path}-wal`].map((file) => readFileSync(file)));
}

async function postgresText({ test: { database } }: House): Promise<string> {
  const tables = await database.kysely.introspection.getTables();
  const texts = tables.map(async ({ name }) => {
    const { rows } = await sql<{ row: string }>`select t::text as row from ${sql.table(name)} t`.execute(
      database.kysely,
    );
    return rows.map(({ row }) => row).join('\n');
  });
  return (await Promise.all(texts)).join('\n');
}
