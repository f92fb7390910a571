import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { ACCESS_TOKENS_PER_ACCOUNT, type AccessScope } from '../../src/access-tokens/access-token.ts';
import { accessTokenIssuedMail, accessTokenLeakedMail } from '../../src/access-tokens/access-token-mail.ts';
import { accessTokenRegularExpression, isAccessToken } from '../../src/access-tokens/access-token-secret.ts';
import { createAccessTokenStore } from '../../src/access-tokens/access-token-store.ts';
import { createAccountStore } from '../../src/accounts/account-store.ts';
import type { Actor } from '../../src/accounts/account.ts';
import { authenticateAccessToken } from '../../src/access-tokens/authenticate-access-token.ts';
import { createAccessToken } from '../../src/access-tokens/create-access-token.ts';
import { parseCreateAccessTokenForm } from '../../src/access-tokens/create-access-token.form.ts';
import { createPasswordStore } from '../../src/passwords/password-store.ts';
import { reportLeakedAccessToken } from '../../src/access-tokens/report-leaked-access-token.ts';
import { revokeAccessToken } from '../../src/access-tokens/revoke-access-token.ts';
import { createAuditStore } from '../../src/audit/audit-store.ts';
import { parseToken } from '../../src/keys/key-secret.ts';
import { newId, systemRandom } from '../../src/platform/random.ts';
import { holdsToken } from '../../src/platform/token-shape.ts';
import { addActor, formOf } from '../applications/cast.ts';
import { type TestDatabase, forEachDialect, openTestDatabase } from '../support/databases.ts';

const NOW_MS = Date.UTC(2026, 10, 25);
const DAY_MS = 86_400_000;
const ORIGIN = { address: '203.0.113.7', userAgent: '' };

forEachDialect((dialect) => {
  let test: TestDatabase;
  let nora: Actor;
  let deps: ReturnType<typeof depsOn>;
  const time = { nowMs: NOW_MS };
  beforeAll(async () => {
    test = await openTestDatabase(dialect);
    deps = depsOn(test);
  });
  beforeEach(async () => {
    time.nowMs = NOW_MS;
    nora = await addActor(test.database, 'nora');
    await test.database.kysely.deleteFrom('outbox').execute();
  });
  afterAll(() => test.close());

  function depsOn({ database }: TestDatabase) {
    return {
      accessTokens: createAccessTokenStore(database, systemRandom),
      accounts: createAccountStore(database, systemRandom),
      audit: createAuditStore(database),
      clock: { nowMs: () => time.nowMs },
      random: systemRandom,
      sessionSecret: new TextEncoder().encode('a secret of more than thirty-two bytes'),
      prefix: 'gth',
      publicUrl: 'https://developers.example',
    };
  }

  const request = (scopes: readonly AccessScope[] = ['keys:write'], requestId = newId(systemRandom, 'req')) => ({
    name: 'Nightly',
    scopes,
    expiresInDays: 90,
    requestId,
  });
  const create = async (actor = nora, wanted = request()) => {
    const result = await createAccessToken(deps, actor, wanted, ORIGIN);
    if (!result.ok) throw new Error(result.reason);
    return result;
  };
  const enter = (token: string) => authenticateAccessToken(deps, token, ORIGIN);
  const mails = async () =>
    (await test.database.kysely.selectFrom('outbox').selectAll().execute()).map(({ kind }) => kind);

  describe('an access token', () => {
    it('is recognised by scanners, and is no API key', async () => {
      const { token } = await create();
      expect(token).toMatch(new RegExp(`^${accessTokenRegularExpression('gth')}$`));
      expect(isAccessToken('gth', token)).toBe(true);
      expect(isAccessToken('gth', `${token.slice(0, -1)}${token.endsWith('0') ? '1' : '0'}`)).toBe(false);
      expect(parseToken('gth', token)).toBeNull();
      expect(holdsToken(`x ${token} y`)).toBe(true);
    });

    it('is stored as a hash alone, with an audit entry, and a mail tells of it', async () => {
      const { token, accessToken } = await create();
      const rows = await test.database.kysely.selectFrom('access_token').selectAll().execute();
      expect(JSON.stringify(rows)).not.toContain(token.slice(12, 30));
      const [entry] = await deps.audit.entriesOf(accessToken.id, 10);
      expect(entry).toMatchObject({
        action: 'access_token.issued',
        actor: nora.accountId,
        details: { address: '203.0.113.7' },
      });
      expect(await mails()).toEqual(['mail.access_token_issued']);
      const payload = { accountId: nora.accountId, tokenId: accessToken.id, address: '203.0.113.7', atMs: NOW_MS };
      const mail = await accessTokenIssuedMail(deps, payload);
      expect(mail).toMatchObject({ to: nora.email, subject: 'Access token created: Nightly' });
      expect(mail?.text).not.toContain(token);
    });

    it('says whose it is and for which teams, and remembers when it was used', async () => {
      const { token, accessToken } = await create();
      const entered = await enter(token);
      expect(entered?.account.id).toBe(nora.accountId);
      expect(entered?.teams.map(({ id }) => id)).toEqual(nora.teamIds);
      expect(entered?.teams.map(({ role }) => role)).toEqual(['admin']);
      const used = async () => (await deps.accessTokens.list(nora.accountId)).find(({ id }) => id === accessToken.id);
      expect(await used()).toMatchObject({ lastUsedAtMs: NOW_MS, lastUsedAddress: '203.0.113.7' });
      time.nowMs += 59_000;
      await enter(token);
      expect(await used()).toMatchObject({ lastUsedAtMs: NOW_MS });
      time.nowMs += 1000;
      await enter(token);
      expect(await used()).toMatchObject({ lastUsedAtMs: NOW_MS + 60_000 });
    });

    it('ends on its day', async () => {
      const { token } = await create();
      time.nowMs += 90 * DAY_MS - 1;
      expect(await enter(token)).not.toBeNull();
      time.nowMs += 1;
      expect(await enter(token)).toBeNull();
    });

    it('ends when it is revoked, by its own account alone', async () => {
      const { token, accessToken } = await create();
      const mallory = await addActor(test.database, 'mallory');
      expect(await revokeAccessToken(deps, mallory, accessToken.id)).toEqual({ ok: false, reason: 'not_found' });
      expect(await enter(token)).not.toBeNull();
      expect(await revokeAccessToken(deps, nora, accessToken.id)).toMatchObject({ ok: true });
      expect(await enter(token)).toBeNull();
      expect(await revokeAccessToken(deps, nora, accessToken.id)).toEqual({ ok: false, reason: 'token_not_active' });
    });

    it('ends with its account being suspended', async () => {
      const { token } = await create();
      const { kysely } = test.database;
      await kysely.updateTable('account').set({ suspended_at_ms: 1 }).where('id', '=', nora.accountId).execute();
      expect(await enter(token)).toBeNull();
    });

    it('ends when the password is reset by mail, and stays when it is changed', async () => {
      const { token, accessToken } = await create();
      const passwords = createPasswordStore(test.database, systemRandom);
      const failures = { subject: 'x', kind: 'account' } as never;
      const password = { passwordHash: 'new', address: '', failures, nowMs: NOW_MS };
      await passwords.change(nora.accountId, '!', password);
      expect(await enter(token)).not.toBeNull();
      const link = { token_hash: accessToken.id, purpose: 'reset_password' as const, email: nora.email };
      await test.database.kysely
        .insertInto('one_time_token')
        .values({ ...link, account_id: nora.accountId, created_at_ms: 1, expires_at_ms: NOW_MS + 1, used_at_ms: null })
        .execute();
      await passwords.reset(accessToken.id, password);
      expect(await enter(token)).toBeNull();
      const [entry] = await deps.audit.entriesOf(accessToken.id, 1);
      expect(entry).toMatchObject({ action: 'access_token.revoked', details: { reason: 'The password was reset' } });
    });

    it('ends when somebody reports it, once, and the account is told', async () => {
      const { token } = await create();
      const report = () => reportLeakedAccessToken(deps, { token, place: 'https://example.com/x' });
      expect(await Promise.all([report(), report(), report()])).toEqual([true, true, true]);
      expect(await enter(token)).toBeNull();
      expect((await mails()).filter((kind) => kind === 'mail.access_token_leaked')).toHaveLength(1);
      expect(await reportLeakedAccessToken(deps, { token: token.replace('gth', 'xyz'), place: '' })).toBe(false);
      const mail = await accessTokenLeakedMail(deps, { accountId: nora.accountId, name: 'Nightly', place: '' });
      expect(mail?.text).toContain('Somebody who found it reported it to us.');
    });

    it('is made once of a form that is sent twice', async () => {
      const wanted = request();
      const results = await Promise.all(
        Array.from({ length: 10 }, () => createAccessToken(deps, nora, wanted, ORIGIN)),
      );
      const made = results.filter((result) => result.ok);
      expect(made).toHaveLength(1);
      const tokenId = made[0]?.accessToken.id;
      expect(results.filter((result) => !result.ok)).toEqual(
        Array(9).fill({ ok: false, reason: 'already_issued', tokenId }),
      );
    });

    it('has the rights of owners only for owners', async () => {
      const wanted = request(['owner:read']);
      expect(await createAccessToken(deps, nora, wanted, ORIGIN)).toEqual({ ok: false, reason: 'owners_only' });
      expect(await createAccessToken(deps, { ...nora, role: 'owner' }, wanted, ORIGIN)).toMatchObject({ ok: true });
    });

    it('is one of fifty at most, exactly so in parallel', async () => {
      const results = await Promise.all(
        Array.from({ length: ACCESS_TOKENS_PER_ACCOUNT + 5 }, () => createAccessToken(deps, nora, request(), ORIGIN)),
      );
      expect(results.filter((result) => result.ok)).toHaveLength(ACCESS_TOKENS_PER_ACCOUNT);
      expect(results.filter((result) => !result.ok)).toEqual(
        Array(5).fill({ ok: false, reason: 'too_many_tokens', limit: ACCESS_TOKENS_PER_ACCOUNT }),
      );
    });

    it('is forgotten a while after its end, and the log keeps what was done', async () => {
      const { accessToken } = await create();
      await revokeAccessToken(deps, nora, accessToken.id);
      await deps.accessTokens.removeEnded(NOW_MS);
      expect(await deps.accessTokens.list(nora.accountId)).toHaveLength(1);
      await deps.accessTokens.removeEnded(NOW_MS + 1);
      expect(await deps.accessTokens.list(nora.accountId)).toEqual([]);
      expect(await deps.audit.entriesOf(accessToken.id, 10)).toHaveLength(2);
    });
  });
});

describe('the form', () => {
  const fields = { name: 'Nightly', keys: 'write', usage: 'read', expiry: '90', requestId: 'request-0000000000000001' };
  const errorsOf = (changes: Record<string, string>) => {
    const parsed = parseCreateAccessTokenForm(formOf({ ...fields, ...changes }));
    return parsed.ok ? [] : Object.keys(parsed.errors);
  };

  it('gives one scope for each thing that was chosen', () => {
    const parsed = parseCreateAccessTokenForm(formOf(fields));
    expect(parsed).toEqual({
      ok: true,
      value: { name: 'Nightly', scopes: ['keys:write', 'usage:read'], expiresInDays: 90, requestId: fields.requestId },
    });
  });

  it.each([
    [{ name: ' ' }, 'name'],
    [{ name: 'a\u0007' }, 'name'],
    [{ name: `gth_pat_${'a'.repeat(36)}` }, 'name'],
    [{ keys: 'everything' }, 'keys'],
    [{ usage: 'write' }, 'usage'],
    [{ keys: 'none', usage: 'none' }, 'applications'],
    [{ expiry: '366' }, 'expiry'],
    [{ expiry: 'never' }, 'expiry'],
    [{ role: 'owner' }, ''],
  ])('%j is refused at the field %j', (changes, field) => {
    expect(errorsOf(changes as unknown as Record<string, string>)).toEqual([field]);
  });
});
