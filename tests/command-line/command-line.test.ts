import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { createAccessTokenStore, revokeAccessTokens } from '../../src/access-tokens/access-token-store.ts';
import { createAccountStore } from '../../src/accounts/account-store.ts';
import type { Actor } from '../../src/accounts/account.ts';
import { createAllowanceStore } from '../../src/accounts/allowance-store.ts';
import { authenticateAccessToken } from '../../src/access-tokens/authenticate-access-token.ts';
import { beginCommandLine } from '../../src/command-line/begin-command-line.ts';
import { collectCommandLine } from '../../src/command-line/collect-command-line.ts';
import { drawUserCode, readUserCode, readWantedScopes } from '../../src/command-line/command-line-sign-in.ts';
import { createCommandLineStore } from '../../src/command-line/command-line-store.ts';
import { parseCommandLineRequest } from '../../src/command-line/command-line.form.ts';
import { decideCommandLine, findCommandLine } from '../../src/command-line/decide-command-line.ts';
import { parseCommandLineDecision } from '../../src/command-line/decide-command-line.form.ts';
import { createAuditStore } from '../../src/audit/audit-store.ts';
import { systemRandom } from '../../src/platform/random.ts';
import { addActor, formOf } from '../applications/cast.ts';
import { type TestDatabase, forEachDialect, openTestDatabase } from '../support/databases.ts';

const NOW_MS = Date.UTC(2026, 10, 25);
const ORIGIN = { address: '203.0.113.7', userAgent: 'gatehouse' };
const ELSEWHERE = { ...ORIGIN, address: '198.51.100.9' };

forEachDialect((dialect) => {
  let test: TestDatabase;
  let deps: ReturnType<typeof depsOn>;
  let nora: Actor;
  const time = { nowMs: NOW_MS };
  beforeAll(async () => {
    test = await openTestDatabase(dialect);
    deps = depsOn(test);
  });
  beforeEach(async () => {
    time.nowMs = NOW_MS;
    nora = await addActor(test.database, 'nora');
    await test.database.kysely.deleteFrom('allowance').execute();
  });
  afterAll(() => test.close());

  function depsOn({ database }: TestDatabase) {
    return {
      commandLine: createCommandLineStore(database),
      accessTokens: createAccessTokenStore(database, systemRandom),
      accounts: createAccountStore(database, systemRandom),
      allowances: createAllowanceStore(database),
      audit: createAuditStore(database),
      clock: { nowMs: () => time.nowMs },
      random: systemRandom,
      sessionSecret: new TextEncoder().encode('a secret of more than thirty-two bytes'),
      prefix: 'gth',
    };
  }

  const begin = async (origin = ORIGIN) => {
    const begun = await beginCommandLine(deps, { deviceName: 'build-7', wantedScopes: ['keys:write'] }, origin);
    if (!begun.ok) throw new Error(begun.reason);
    return begun;
  };
  const allow = (userCode: string, changes: object = {}, origin = ORIGIN, actor = nora) => {
    const allowed = { userCode, isAllowed: true, name: 'CI', scopes: ['keys:write'], expiresInDays: 30 } as const;
    return decideCommandLine(deps, actor, { ...allowed, isElsewhereConfirmed: false, ...changes }, origin);
  };
  const collect = (deviceCode: string) => collectCommandLine(deps, deviceCode, ORIGIN);

  describe('the hand-over of a token to a program', () => {
    it('gives one token with what was allowed, once, also to two that ask at the same time', async () => {
      const { deviceCode, userCode } = await begin();
      time.nowMs += 2000;
      expect(await collect(deviceCode)).toEqual({ ok: false, reason: 'authorization_pending' });
      expect(await allow(userCode)).toMatchObject({ ok: true, signIn: { deviceName: 'build-7' } });
      const answers = await Promise.all([collect(deviceCode), collect(deviceCode)]);
      const [given, ...others] = answers.sort((a, b) => Number(b.ok) - Number(a.ok));
      expect(others).toEqual([{ ok: false, reason: 'invalid_grant' }]);
      if (!given.ok) throw new Error('no token');
      const caller = await authenticateAccessToken(deps, given.token, ORIGIN);
      expect(caller).toMatchObject({
        account: { id: nora.accountId },
        accessToken: { name: 'CI', scopes: ['keys:write'] },
      });
      expect(await collect(deviceCode)).toEqual({ ok: false, reason: 'invalid_grant' });
      expect(await deps.accessTokens.list(nora.accountId)).toHaveLength(1);
    });

    it('stores neither code nor token', async () => {
      const { deviceCode, userCode } = await begin();
      await allow(userCode);
      const rows = await test.database.kysely.selectFrom('command_line_sign_in').selectAll().execute();
      const text = JSON.stringify(rows);
      expect([text.includes(deviceCode), text.includes(userCode), text.includes('_pat_')]).toEqual([
        false,
        false,
        false,
      ]);
    });

    it('refuses a program that asks too fast, and tells it what became of it', async () => {
      const { deviceCode, userCode } = await begin();
      expect(await collect(deviceCode)).toEqual({ ok: false, reason: 'slow_down' });
      await decideCommandLine(deps, nora, { userCode, isAllowed: false }, ORIGIN);
      expect(await collect(deviceCode)).toEqual({ ok: false, reason: 'access_denied' });
      expect(await collect('unknown')).toEqual({ ok: false, reason: 'expired_token' });
    });

    it('ends after ten minutes, before and after the decision', async () => {
      const [late, decided] = [await begin(), await begin()];
      await allow(decided.userCode);
      time.nowMs += 600_000;
      expect(await allow(late.userCode)).toEqual({ ok: false, reason: 'unknown_code' });
      expect(await collect(decided.deviceCode)).toEqual({ ok: false, reason: 'expired_token' });
      await begin();
      expect(await test.database.kysely.selectFrom('command_line_sign_in').select('id').execute()).toHaveLength(1);
    });

    it('is decided once: a second decision changes nothing', async () => {
      const { deviceCode, userCode } = await begin();
      await decideCommandLine(deps, nora, { userCode, isAllowed: false }, ORIGIN);
      expect(await allow(userCode)).toEqual({ ok: false, reason: 'unknown_code' });
      expect(await collect(deviceCode)).toMatchObject({ reason: 'access_denied' });
    });

    it('asks for more than a click when the program asked from another address', async () => {
      const { userCode } = await begin(ELSEWHERE);
      expect(await findCommandLine(deps, nora, userCode, ORIGIN)).toMatchObject({ ok: true, isElsewhere: true });
      expect(await allow(userCode)).toEqual({ ok: false, reason: 'address_not_confirmed' });
      expect(await allow(userCode, { isElsewhereConfirmed: true })).toMatchObject({ ok: true });
    });

    it('gives rights of owners to owners only, also when they are none any more when the program collects', async () => {
      const olga: Actor = { ...(await addActor(test.database, 'olga')), role: 'owner' };
      const setRole = (role: Actor['role']) =>
        test.database.kysely.updateTable('account').set({ role }).where('id', '=', olga.accountId).execute();
      await setRole('owner');
      const { userCode, deviceCode } = await begin();
      const scopes = { scopes: ['owner:read'] };
      expect(await allow(userCode, scopes)).toEqual({ ok: false, reason: 'owners_only' });
      expect(await allow(userCode, scopes, ORIGIN, olga)).toMatchObject({ ok: true });
      await setRole('developer');
      expect(await collect(deviceCode)).toEqual({ ok: false, reason: 'invalid_grant' });
    });

    it('ends with the other tokens of an account when its password is reset, and when it is suspended', async () => {
      const [reset, suspended] = [await begin(), await begin()];
      await allow(reset.userCode);
      await test.database.kysely
        .transaction()
        .execute((transaction) => revokeAccessTokens(transaction, nora.accountId, 'Password reset', time.nowMs));
      expect(await collect(reset.deviceCode)).toMatchObject({ ok: false, reason: 'expired_token' });
      await allow(suspended.userCode);
      const suspend = test.database.kysely.updateTable('account').set({ suspended_at_ms: time.nowMs });
      await suspend.where('id', '=', nora.accountId).execute();
      expect(await collect(suspended.deviceCode)).toMatchObject({ ok: false, reason: 'access_denied' });
    });

    it('is in the audit log, with the computer and its address', async () => {
      const { userCode } = await begin(ELSEWHERE);
      await allow(userCode, { isElsewhereConfirmed: true });
      const rows = await test.database.kysely
        .selectFrom('audit_entry')
        .selectAll()
        .where('action', '=', 'access_token.allowed')
        .where('actor', '=', nora.accountId)
        .execute();
      expect(rows.map(({ details }) => JSON.parse(details) as object)).toEqual([
        expect.objectContaining({ device: 'build-7', askedFrom: '198.51.100.9', scopes: ['keys:write'] }),
      ]);
    });

    it('lets one account try ten codes, and one network begin twenty', async () => {
      for (let tries = 0; tries < 10; tries += 1) {
        expect(await findCommandLine(deps, nora, 'BBBB-BBBB', ORIGIN)).toMatchObject({ reason: 'unknown_code' });
      }
      expect(await findCommandLine(deps, nora, 'BBBB-BBBB', ORIGIN)).toMatchObject({ reason: 'too_many_requests' });
      expect(await allow('BBBB-BBBB')).toMatchObject({ reason: 'too_many_requests' });
      for (let tries = 0; tries < 20; tries += 1) await begin();
      await expect(begin()).rejects.toThrow('too_many_requests');
    });
  });
});

describe('codes and forms', () => {
  it('codes have eight letters, without vowels, and are read however they were typed', () => {
    for (let tries = 0; tries < 200; tries += 1) {
      const code = drawUserCode(systemRandom);
      expect(code).toMatch(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/);
      expect(readUserCode(` ${code.toLowerCase().replace('-', ' ')} `)).toBe(code);
    }
    for (const wrong of ['', 'BBBB', 'BBBB-BBBA', 'BBBB-BBBBB', '<script>']) expect(readUserCode(wrong)).toBeNull();
  });

  it('of the scopes that a program asks for, those that there are count, the highest of each kind', () => {
    expect(readWantedScopes('keys:read keys:write usage:read everything owner:read')).toEqual([
      'keys:write',
      'usage:read',
      'owner:read',
    ]);
  });

  it.each([
    [{ device_name: '' }],
    [{ device_name: 'a\u202Eb' }],
    [{ device_name: 'a'.repeat(61) }],
    [{ device_name: `gth_pat_${'0'.repeat(36)}` }],
    [{ scope: 'keys:read' }],
  ])('a request of %j is refused', (fields) => {
    expect(parseCommandLineRequest(formOf(fields)).ok).toBe(false);
  });

  it('a decision needs a code and a word; the form of a token comes with an allowance only', () => {
    const token = { name: 'CI', keys: 'read', expiry: '7', requestId: 'request-0000000000000001' };
    const parse = (fields: Record<string, string>) => parseCommandLineDecision(formOf(fields));
    expect(parse({ code: 'bbbbbbbb', decision: 'allow', ...token })).toMatchObject({
      ok: true,
      value: { userCode: 'BBBB-BBBB', scopes: ['keys:read'], isElsewhereConfirmed: false },
    });
    expect(parse({ code: 'BBBB-BBBB', decision: 'refuse' })).toMatchObject({ ok: true, value: { isAllowed: false } });
    expect(parse({ code: 'BBBB-BBBB', decision: 'refuse', ...token }).ok).toBe(false);
    expect(parse({ code: 'BBBB-BBBB', ...token }).ok).toBe(false);
    expect(parse({ decision: 'allow', ...token }).ok).toBe(false);
    expect(parse({ code: 'BBBB-BBBB', decision: 'allow', ...token, extra: '1' }).ok).toBe(false);
  });
});
