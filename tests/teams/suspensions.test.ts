import { afterEach, beforeEach, expect, test } from 'vitest';

import { removeOwner, resume, suspend } from '../../src/teams/suspend.ts';
import { answerInvitation } from '../../src/teams/answer-invitation.ts';
import { invite } from '../../src/teams/invite.ts';
import { forEachDialect } from '../support/databases.ts';
import { type Club, NOW_MS, openClub, teamOf } from './club.ts';
import type { Actor } from '../../src/accounts/account.ts';

const notFound = { ok: false, reason: 'not_found' };
const lastOwner = { ok: false, reason: 'last_owner' };

forEachDialect((dialect) => {
  let club: Club;
  let nora: Actor;
  let olga: Actor;
  beforeEach(async () => {
    club = await openClub(dialect);
    nora = await club.person('nora');
    olga = await owner('olga');
  });
  afterEach(() => club.test.close());

  async function owner(name: string): Promise<Actor> {
    const actor = await club.person(name, { role: 'owner' });
    await club.kysely.updateTable('account').set({ role: 'owner' }).where('id', '=', actor.accountId).execute();
    return actor;
  }
  const owners = async () => (await club.deps.directory.owners()).filter(({ suspended }) => !suspended).length;

  test('a suspended account is signed out and its access tokens end, and it is mailed why', async () => {
    const account_id = nora.accountId;
    const session = { id: 's1', account_id, created_at_ms: 1, expires_at_ms: NOW_MS * 2, user_agent: '', address: '' };
    await club.kysely.insertInto('session').values(session).execute();
    const token = {
      ...{ id: 'pat_1', account_id, name: 'Nightly', token_hash: 'x', first_four: 'a', last_four: 'b' },
      ...{ scopes: 'keys:read', request_id: 'r', created_at_ms: 1, expires_at_ms: NOW_MS * 2 },
    };
    await club.kysely.insertInto('access_token').values(token).execute();
    const request = { kind: 'account', id: account_id, message: 'Spam.' } as const;
    expect(await suspend(club.deps, olga, request)).toEqual({ ok: true });
    expect(await club.kysely.selectFrom('session').selectAll().execute()).toEqual([]);
    const [ended] = await club.kysely.selectFrom('access_token').select('revoked_at_ms').execute();
    expect(ended?.revoked_at_ms).toBe(NOW_MS);
    expect((await club.deps.accounts.find(account_id))?.suspendedAtMs).toBe(NOW_MS);
    expect(await club.queued('mail.suspension')).toEqual([
      { accountId: account_id, kind: 'account', name: nora.email, isSuspended: true, message: 'Spam.' },
    ]);
    expect(await club.actions(null)).toEqual(['account.suspended']);
    expect(await suspend(club.deps, olga, request)).toEqual({ ok: false, reason: 'state_conflict' });
    expect(await resume(club.deps, olga, request)).toEqual({ ok: true });
    expect((await club.deps.accounts.find(account_id))?.suspendedAtMs).toBeNull();
  });

  test('a suspended team is told by mail, event and page, and found by owners', async () => {
    const id = teamOf(nora);
    expect(await suspend(club.deps, olga, { kind: 'team', id, message: 'A loop.' })).toEqual({ ok: true });
    expect(await club.actions(id)).toEqual(['team.suspended']);
    expect(await club.queued('mail.suspension')).toMatchObject([{ accountId: nora.accountId, kind: 'team' }]);
    expect(await club.queued('event')).toMatchObject([{ type: 'team.suspended', data: { message: 'A loop.' } }]);
    const suspended = { atMs: NOW_MS, message: 'A loop.' };
    expect(await club.deps.teams.list(nora.accountId)).toMatchObject([{ suspended }]);
    const found = await club.deps.directory.teams({ text: '', suspendedOnly: true });
    expect(found).toMatchObject({ lines: [{ id, suspended }], hasMore: false });
  });

  test('nobody but an owner suspends, resumes or removes anything', async () => {
    for (const kind of ['account', 'team', 'application'] as const) {
      const request = { kind, id: kind === 'account' ? olga.accountId : teamOf(nora), message: 'x' };
      expect(await suspend(club.deps, nora, request)).toEqual(notFound);
      expect(await resume(club.deps, nora, request)).toEqual(notFound);
    }
    expect(await removeOwner(club.deps, nora, olga.accountId)).toEqual(notFound);
    expect(await club.actions(null)).toEqual([]);
    expect(await suspend(club.deps, olga, { kind: 'team', id: 'team_none', message: 'x' })).toEqual(notFound);
  });

  test('the last owner who can act is neither removed nor suspended', async () => {
    expect(await removeOwner(club.deps, olga, olga.accountId)).toEqual(lastOwner);
    const self = { kind: 'account', id: olga.accountId, message: 'x' } as const;
    expect(await suspend(club.deps, olga, self)).toEqual(lastOwner);
    const oscar = await owner('oscar');
    expect(await suspend(club.deps, olga, { ...self, id: oscar.accountId })).toEqual({ ok: true });
    expect(await removeOwner(club.deps, olga, olga.accountId)).toEqual(lastOwner);
  });

  test('of fifty parallel removals of two owners one owner stays', async () => {
    const oscar = await owner('oscar');
    const results = await Promise.all(
      Array.from({ length: 50 }, (_, at) =>
        at % 2 === 0 ? removeOwner(club.deps, olga, oscar.accountId) : removeOwner(club.deps, oscar, olga.accountId),
      ),
    );
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await owners()).toBe(1);
  });

  test('two owners who suspend each other at the same time leave one', async () => {
    const oscar = await owner('oscar');
    const suspending = (by: Actor, whom: Actor) =>
      suspend(club.deps, by, { kind: 'account', id: whom.accountId, message: 'x' });
    const results = await Promise.all([suspending(olga, oscar), suspending(oscar, olga)]);
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await owners()).toBe(1);
  });

  test('an owner invites another by a link that works once, for that address', async () => {
    const sent = await invite(club.deps, olga, { teamId: null, email: nora.email, role: 'owner' });
    const token = await club.mailedToken(sent.ok ? sent.invitationId : '');
    const mallory = await club.person('mallory');
    const answer = { proof: { token }, isAccepted: true };
    expect(await answerInvitation(club.deps, mallory, answer)).toMatchObject({ reason: 'other_account' });
    expect(await answerInvitation(club.deps, nora, answer)).toEqual({ ok: true, teamId: null, isAccepted: true });
    expect((await club.again(nora)).role).toBe('owner');
    expect(await answerInvitation(club.deps, nora, answer)).toMatchObject({ ok: false });
    expect(await club.actions(null)).toEqual(['owner.invited', 'owner.invitation_accepted']);
    expect(await club.queued('mail.member_joined')).toMatchObject([{ accountId: olga.accountId, teamId: null }]);
  });

  test('a search has no wildcards and no case, and finds by id', async () => {
    const search = (text: string) => club.deps.directory.accounts({ text, suspendedOnly: false });
    expect((await search('NORA')).lines.map(({ id }) => id)).toEqual([nora.accountId]);
    expect((await search(nora.accountId)).lines).toHaveLength(1);
    for (const text of ['%', 'nor_', 'n%a', "'", '\\']) expect((await search(text)).lines).toEqual([]);
  });
});
