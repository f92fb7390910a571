import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { findSession } from '../../src/sessions/find-session.ts';
import { signIn } from '../../src/sign-in/sign-in.ts';
import { signUp } from '../../src/accounts/sign-up.ts';
import { createAuditStore } from '../../src/audit/audit-store.ts';
import { createAccountDataStore } from '../../src/privacy/account-data-store.ts';
import { askDeletion } from '../../src/privacy/ask-deletion.ts';
import { deleteDueAccounts } from '../../src/privacy/delete-accounts.ts';
import { createDeletionStore } from '../../src/privacy/deletion-store.ts';
import { exportAccount } from '../../src/privacy/export-account.ts';
import {
  ADA,
  DAY_MS,
  GRACE,
  OFFICE,
  type Parts,
  auditOf,
  openParts,
  queuedKinds,
  signedIn,
  signedUp,
} from '../accounts/parts.ts';
import { forEachDialect } from '../support/databases.ts';

forEachDialect((dialect) => {
  let parts: Parts;
  let deps: { deletions: ReturnType<typeof createDeletionStore>; clock: Parts['clock'] };
  let accountId: string;
  let teamId: string;
  /** Accounts and teams whose keys were to end. */
  let revoked: string[];
  const deleteDue = () =>
    deleteDueAccounts({ ...deps, revokeKeysOfTeam: (_account, team) => Promise.resolve(revoked.push(team)) });

  beforeEach(async () => {
    parts = await openParts(dialect);
    deps = { deletions: createDeletionStore(parts.database, parts.random), clock: parts.clock };
    revoked = [];
    accountId = await signedUp(parts);
    teamId = (await parts.accounts.teamsOf(accountId))[0]?.id ?? '';
  });
  afterEach(() => parts.close());

  const actor = async (person = ADA) => (await signedIn(parts, person)).actor;
  const join = (account: string, role: 'admin' | 'viewer', team = teamId) =>
    parts.db.insertInto('team_member').values({ team_id: team, account_id: account, role }).execute();
  const rowsAbout = async (account: string) => {
    const counts: Record<string, number> = {};
    for (const table of [
      'session',
      'team_member',
      'access_token',
      'totp_factor',
      'passkey',
      'linked_identity',
      'notice_preference',
    ] as const)
      counts[table] = (
        await parts.db.selectFrom(table).select('account_id').where('account_id', '=', account).execute()
      ).length;
    return counts;
  };

  test('asking signs out everywhere, is told by mail, and does nothing else for two weeks', async () => {
    const { token, actor: asking } = await signedIn(parts);
    await parts.db.deleteFrom('outbox').execute();
    const result = await askDeletion(deps, asking);
    expect(result).toEqual({ ok: true, dueAtMs: parts.clock.now + 14 * DAY_MS });
    expect(await findSession(parts, token)).toBeNull();
    expect(await queuedKinds(parts)).toEqual(['mail.deletion_asked']);
    parts.clock.now += 14 * DAY_MS - 1;
    expect(await deleteDue()).toBe(0);
    expect(await parts.accounts.find(accountId)).toMatchObject({ email: ADA.email });
  });

  test('whoever signs in within two weeks keeps the account', async () => {
    await askDeletion(deps, await actor());
    parts.clock.now += 13 * DAY_MS;
    expect(await signIn(parts, ADA, OFFICE)).toMatchObject({ ok: true });
    parts.clock.now += 30 * DAY_MS;
    expect(await deleteDue()).toBe(0);
    expect(await deps.deletions.read(accountId)).toMatchObject({ dueAtMs: null });
    expect(await auditOf(parts, 'account.deletion_cancelled')).toHaveLength(1);
  });

  test('after two weeks nothing of the person is left but an id in the audit log', async () => {
    await signedIn(parts);
    await parts.secondFactors.prepare(accountId, new Uint8Array(40), parts.clock.now);
    await parts.db
      .insertInto('notice_preference')
      .values({ account_id: accountId, mail: 'none', changed_at_ms: 1 })
      .execute();
    await parts.db
      .insertInto('application')
      .values({ id: 'app_1', team_id: teamId, name: 'Shop of Ada', description: 'ada', created_at_ms: 1 })
      .execute();
    await askDeletion(deps, await actor());
    parts.clock.now += 14 * DAY_MS;
    await parts.db.deleteFrom('outbox').execute();
    expect(await deleteDue()).toBe(1);

    expect(new Set(Object.values(await rowsAbout(accountId)))).toEqual(new Set([0]));
    const account = await parts.db
      .selectFrom('account')
      .selectAll()
      .where('id', '=', accountId)
      .executeTakeFirstOrThrow();
    expect(account).toMatchObject({
      role: 'developer',
      deleted_at_ms: parts.clock.now,
      suspended_at_ms: parts.clock.now,
    });
    const kept = [
      account,
      ...(await parts.db.selectFrom('team').selectAll().execute()),
      ...(await parts.db.selectFrom('application').selectAll().execute()),
    ];
    expect(JSON.stringify(kept)).not.toMatch(/ada/i);
    expect(await parts.accounts.findForSignIn(ADA.email)).toBeNull();
    expect(await queuedKinds(parts)).toEqual(['mail.account_deleted']);
    expect(await auditOf(parts, 'account.deleted')).toMatchObject([{ actor: accountId, subject: accountId }]);
    expect(await createAuditStore(parts.database).verifyChain()).toMatchObject({ ok: true });
    await signUp(parts, ADA, OFFICE);
    expect((await parts.accounts.findForSignIn(ADA.email))?.account.id).not.toBe(accountId);
  });

  test('keys of a team that goes too are revoked before it does', async () => {
    await parts.db
      .insertInto('application')
      .values({ id: 'app_1', team_id: teamId, name: 'Shop', description: '', created_at_ms: 1 })
      .execute();
    const key = {
      id: 'key_1',
      application_id: 'app_1',
      name: 'Build',
      environment: 'test' as const,
      token_hash: new Uint8Array(32),
      pepper_id: 1,
    };
    const ends = {
      first_four: 'abcd',
      last_four: 'wxyz',
      allowlist: '[]',
      request_id: 'r',
      created_by_account_id: accountId,
      created_at_ms: 1,
    };
    await parts.db
      .insertInto('api_key')
      .values({ ...key, ...ends })
      .execute();
    expect((await deps.deletions.read(accountId)).ownTeams).toMatchObject([{ id: teamId, applications: 1, keys: 1 }]);
    await askDeletion(deps, await actor());
    parts.clock.now += 15 * DAY_MS;
    expect(await deleteDue()).toBe(1);
    expect(revoked).toEqual([teamId]);
  });

  test('the only admin of a team with others hands over first, also when that changes within the two weeks', async () => {
    const other = await signedUp(parts, GRACE);
    await join(other, 'viewer');
    const asking = await actor();
    expect(await askDeletion(deps, asking)).toEqual({ ok: false, reason: 'has_obstacles' });
    expect((await deps.deletions.read(accountId)).obstacles.teams).toMatchObject([{ id: teamId }]);
    await parts.db
      .updateTable('team_member')
      .set({ role: 'admin' })
      .where('account_id', '=', other)
      .where('team_id', '=', teamId)
      .execute();
    expect(await askDeletion(deps, asking)).toMatchObject({ ok: true });
    await parts.db
      .updateTable('team_member')
      .set({ role: 'viewer' })
      .where('account_id', '=', other)
      .where('team_id', '=', teamId)
      .execute();
    parts.clock.now += 15 * DAY_MS;
    expect(await deleteDue()).toBe(0);
    await parts.db
      .updateTable('team_member')
      .set({ role: 'admin' })
      .where('account_id', '=', other)
      .where('team_id', '=', teamId)
      .execute();
    expect(await deleteDue()).toBe(1);
    expect(await rowsAbout(other)).toMatchObject({ team_member: 2 });
  });

  test('the last owner invites another one first', async () => {
    await parts.db.updateTable('account').set({ role: 'owner' }).where('id', '=', accountId).execute();
    const asking = await actor();
    expect(await askDeletion(deps, asking)).toMatchObject({ ok: false });
    const other = await signedUp(parts, GRACE);
    await parts.db.updateTable('account').set({ role: 'owner' }).where('id', '=', other).execute();
    expect(await askDeletion(deps, asking)).toMatchObject({ ok: true });
  });

  test('of two rounds at once one deletes', async () => {
    await askDeletion(deps, await actor());
    parts.clock.now += 15 * DAY_MS;
    const rounds = await Promise.all([deleteDue(), deleteDue(), deleteDue()]);
    expect(rounds.toSorted()).toEqual([0, 0, 1]);
    expect(await auditOf(parts, 'account.deleted')).toHaveLength(1);
  });

  describe('the export', () => {
    test('is one JSON object with what there is, and holds no secret', async () => {
      const { token, actor: own } = await signedIn(parts);
      for (let count = 0; count < 3; count += 1) await signedIn(parts);
      let text = '';
      let pieces = 0;
      for await (const piece of exportAccount(createAccountDataStore(parts.database), own.accountId, parts.clock.now)) {
        text += piece;
        pieces += 1;
      }
      const data = JSON.parse(text) as Record<string, Record<string, unknown>[]>;
      expect(data.account).toMatchObject([
        { id: accountId, email: ADA.email, createdAt: new Date(parts.clock.now).toISOString() },
      ]);
      expect(data.sessions).toHaveLength(4);
      expect(data.sessions?.[0]).toMatchObject({ address: OFFICE.address, userAgent: OFFICE.userAgent });
      expect(data.teams).toMatchObject([{ id: teamId, role: 'admin' }]);
      expect(data.auditLog?.filter(({ action }) => action === 'account.signed_in')).toHaveLength(4);
      expect(pieces).toBeGreaterThan(10);
      const row = await parts.db
        .selectFrom('account')
        .select('password_hash')
        .where('id', '=', accountId)
        .executeTakeFirstOrThrow();
      for (const secret of [token, row.password_hash, 'argon2', 'password_hash', 'tokenHash', 'encryptedSecret'])
        expect(text).not.toContain(secret);
    });

    test('has nothing of anybody else', async () => {
      await signedUp(parts, GRACE);
      await signedIn(parts, GRACE);
      const { actor: own } = await signedIn(parts);
      let text = '';
      for await (const piece of exportAccount(createAccountDataStore(parts.database), own.accountId, 0)) text += piece;
      expect(text).not.toMatch(/grace/i);
    });
  });
});
