import { afterEach, beforeEach, expect, test } from 'vitest';

import type { Actor } from '../../src/accounts/account.ts';
import { createApplication } from '../../src/applications/create-application.ts';
import { changeMemberRole, leaveTeam, removeMember } from '../../src/teams/change-member.ts';
import { createTeam, deleteTeam, renameTeam, viewTeam } from '../../src/teams/change-team.ts';
import { TEAMS_PER_ACCOUNT } from '../../src/teams/team.ts';
import { forEachDialect } from '../support/databases.ts';
import { type Club, openClub, teamOf } from './club.ts';

const notFound = { ok: false, reason: 'not_found' };
const lastAdmin = { ok: false, reason: 'last_admin' };

forEachDialect((dialect) => {
  let club: Club;
  let nora: Actor;
  let ada: Actor;
  let teamId: string;
  beforeEach(async () => {
    club = await openClub(dialect);
    nora = await club.person('nora');
    teamId = teamOf(nora);
    ada = await club.join(await club.person('ada'), teamId, 'admin');
  });
  afterEach(() => club.test.close());

  const admins = async () =>
    (await club.deps.members.list(teamId)).filter(({ role }) => role === 'admin').map(({ accountId }) => accountId);

  test('of fifty parallel leaves of two admins one admin stays', async () => {
    const leaves = Array.from({ length: 50 }, (_, at) => leaveTeam(club.deps, at % 2 === 0 ? nora : ada, teamId));
    const results = await Promise.all(leaves);
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await admins()).toHaveLength(1);
    expect((await club.actions(teamId)).filter((action) => action === 'team.left')).toHaveLength(1);
  });

  test('two admins who remove each other at the same time leave one', async () => {
    const results = await Promise.all([
      removeMember(club.deps, nora, { teamId, accountId: ada.accountId }),
      removeMember(club.deps, ada, { teamId, accountId: nora.accountId }),
    ]);
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await admins()).toHaveLength(1);
  });

  test('the last admin neither leaves nor takes another role', async () => {
    expect(await changeMemberRole(club.deps, nora, { teamId, accountId: ada.accountId, role: 'viewer' })).toEqual({
      ok: true,
    });
    const self = { teamId, accountId: nora.accountId };
    expect(await leaveTeam(club.deps, nora, teamId)).toEqual(lastAdmin);
    expect(await changeMemberRole(club.deps, nora, { ...self, role: 'manager' })).toEqual(lastAdmin);
    expect(await removeMember(club.deps, nora, self)).toEqual(lastAdmin);
  });

  test.each(['manager', 'viewer'] as const)('a %s changes no member and no name, but may leave', async (role) => {
    const vera = await club.join(await club.person('vera'), teamId, role);
    const before = await club.actions(teamId);
    const other = { teamId, accountId: ada.accountId };
    expect(await removeMember(club.deps, vera, other)).toEqual(notFound);
    expect(await changeMemberRole(club.deps, vera, { ...other, role: 'viewer' })).toEqual(notFound);
    expect(await renameTeam(club.deps, vera, { teamId, name: 'Mine' })).toEqual(notFound);
    expect(await deleteTeam(club.deps, vera, teamId)).toEqual(notFound);
    expect((await viewTeam(club.deps, vera, teamId))?.invitations).toEqual([]);
    expect(await club.actions(teamId)).toEqual(before);
    expect(await leaveTeam(club.deps, vera, teamId)).toEqual({ ok: true });
    expect(await viewTeam(club.deps, await club.again(vera), teamId)).toBeNull();
  });

  test('rights that were taken a moment ago do not count, though the request began with them', async () => {
    await changeMemberRole(club.deps, nora, { teamId, accountId: ada.accountId, role: 'viewer' });
    expect(await removeMember(club.deps, ada, { teamId, accountId: nora.accountId })).toEqual(notFound);
    expect(await renameTeam(club.deps, ada, { teamId, name: 'Mine' })).toEqual(notFound);
  });

  test('a team that the actor is not in is not there', async () => {
    const mallory = await club.person('mallory');
    expect(await viewTeam(club.deps, mallory, teamId)).toBeNull();
    expect(await leaveTeam(club.deps, mallory, teamId)).toEqual(notFound);
    expect(await removeMember(club.deps, mallory, { teamId, accountId: nora.accountId })).toEqual(notFound);
  });

  test('a changed role and a removal are in the audit log, told to endpoints and mailed to who is concerned', async () => {
    await changeMemberRole(club.deps, nora, { teamId, accountId: ada.accountId, role: 'manager' });
    await removeMember(club.deps, nora, { teamId, accountId: ada.accountId });
    expect(await club.actions(teamId)).toEqual(['team.member_role_changed', 'team.member_removed']);
    const { accountId, email } = ada;
    expect(await club.queued('mail.membership_changed')).toEqual(
      expect.arrayContaining([
        { accountId, teamId, role: 'manager' },
        { accountId, teamId, role: null },
      ]),
    );
    expect(await club.queued('event')).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          type: 'team.member_role_changed',
          data: { accountId, email, role: 'manager', formerRole: 'admin' },
        }),
        expect.objectContaining({ type: 'team.member_left', data: { accountId, email, role: 'manager' } }),
      ]),
    );
  });

  test('an account is in twenty teams at most, also when it makes them in parallel', async () => {
    const made = await Promise.all(
      Array.from({ length: 2 * TEAMS_PER_ACCOUNT }, (_, at) => createTeam(club.deps, nora, `Team ${at}`)),
    );
    expect(made.filter(({ ok }) => ok)).toHaveLength(TEAMS_PER_ACCOUNT - 1);
    expect(await club.deps.teams.list(nora.accountId)).toHaveLength(TEAMS_PER_ACCOUNT);
  });

  test('only an empty team is deleted, and nothing can be added to it then', async () => {
    const created = await createTeam(club.deps, nora, 'Second');
    const own = await club.again(nora);
    const second = created.ok ? created.teamId : '';
    const application = await createApplication(club.deps, own, { name: 'Depot', description: '', teamId: second });
    expect(await deleteTeam(club.deps, own, second)).toEqual({
      ok: false,
      reason: 'not_empty',
      applications: 1,
      members: 1,
    });
    const deleted = { deleted_at_ms: 1 };
    const applicationId = application.ok ? application.application.id : '';
    await club.kysely.updateTable('application').set(deleted).where('id', '=', applicationId).execute();
    expect(await deleteTeam(club.deps, own, second)).toEqual({ ok: true });
    expect((await club.deps.teams.list(nora.accountId)).map(({ id }) => id)).toEqual([teamId]);
    expect(await createApplication(club.deps, own, { name: 'Late', description: '', teamId: second })).toMatchObject({
      ok: false,
    });
  });
});
