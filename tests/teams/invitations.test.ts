import { afterEach, beforeEach, expect, test } from 'vitest';

import type { Actor } from '../../src/accounts/account.ts';
import { answerInvitation, listOwnInvitations, peekInvitation } from '../../src/teams/answer-invitation.ts';
import { invite, resendInvitation, withdrawInvitation } from '../../src/teams/invite.ts';
import { INVITATIONS_PER_TEAM, INVITATION_MS } from '../../src/teams/team.ts';
import { invitationMail } from '../../src/teams/team-mail.ts';
import { forEachDialect } from '../support/databases.ts';
import { type Club, openClub, teamOf } from './club.ts';

const over = { ok: false, reason: 'invalid_or_expired' };

forEachDialect((dialect) => {
  let club: Club;
  let nora: Actor;
  let vera: Actor;
  let teamId: string;
  beforeEach(async () => {
    club = await openClub(dialect);
    nora = await club.person('nora');
    vera = await club.person('vera');
    teamId = teamOf(nora);
  });
  afterEach(() => club.test.close());

  async function invited(email = vera.email): Promise<{ id: string; token: string }> {
    const result = await invite(club.deps, nora, { teamId, email, role: 'viewer' });
    if (!result.ok) throw new Error(result.reason);
    return { id: result.invitationId, token: await club.mailedToken(result.invitationId) };
  }
  const accept = (actor: Actor, token: string) =>
    answerInvitation(club.deps, actor, { proof: { token }, isAccepted: true });

  test('whoever has the address joins with the role, and admins and endpoints are told', async () => {
    const { token } = await invited();
    expect(await accept(vera, token)).toEqual({ ok: true, teamId, isAccepted: true });
    expect((await club.again(vera)).teamRoles.get(teamId)).toBe('viewer');
    expect(await club.actions(teamId)).toEqual(['team.invited', 'team.invitation_accepted']);
    expect(await club.queued('mail.member_joined')).toEqual([
      { accountId: nora.accountId, teamId, memberEmail: vera.email, role: 'viewer' },
    ]);
    expect(await club.queued('event')).toMatchObject([{ type: 'team.member_joined', teamId }]);
  });

  test('of fifty parallel uses of one link one counts', async () => {
    const { token } = await invited();
    const results = await Promise.all(Array.from({ length: 50 }, () => accept(vera, token)));
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await club.deps.members.list(teamId)).toHaveLength(2);
  });

  test('the link is bound to its address: another account cannot use it, and it stays good', async () => {
    const { token } = await invited();
    const mallory = await club.person('mallory');
    expect(await accept(mallory, token)).toEqual({ ok: false, reason: 'other_account' });
    expect((await peekInvitation(club.deps, mallory, token))?.reader).toBe('other_account');
    expect((await peekInvitation(club.deps, null, token))?.reader).toBe('sign_in_first');
    expect(await accept(vera, token)).toMatchObject({ ok: true });
  });

  test('following the link confirms the address; without it an unconfirmed address sees and answers nothing', async () => {
    await club.kysely
      .updateTable('account')
      .set({ email_verified_at_ms: null })
      .where('id', '=', vera.accountId)
      .execute();
    const unproved = await club.again(vera);
    const { id, token } = await invited();
    expect(await listOwnInvitations(club.deps, unproved)).toEqual([]);
    const byId = { proof: { invitationId: id }, isAccepted: true };
    expect(await answerInvitation(club.deps, unproved, byId)).toEqual(over);
    expect(await accept(unproved, token)).toMatchObject({ ok: true });
    expect((await club.again(vera)).emailVerified).toBe(true);
  });

  test('a confirmed address needs no link, and can decline', async () => {
    const { id } = await invited();
    expect(await listOwnInvitations(club.deps, vera)).toMatchObject([{ id, role: 'viewer' }]);
    const mallory = await club.person('mallory');
    expect(await listOwnInvitations(club.deps, mallory)).toEqual([]);
    const answer = { proof: { invitationId: id }, isAccepted: false };
    expect(await answerInvitation(club.deps, mallory, answer)).toEqual(over);
    expect(await answerInvitation(club.deps, vera, answer)).toEqual({ ok: true, teamId, isAccepted: false });
    expect(await answerInvitation(club.deps, vera, { ...answer, isAccepted: true })).toEqual(over);
    expect((await club.again(vera)).teamRoles.has(teamId)).toBe(false);
  });

  test('it works for seven days, and a newer mail ends the link before', async () => {
    const { id, token } = await invited();
    club.time.nowMs += INVITATION_MS - 1;
    expect(await resendInvitation(club.deps, nora, { teamId, invitationId: id })).toEqual({ ok: true });
    const second = await club.mailedToken(id);
    expect(await accept(vera, token)).toEqual(over);
    club.time.nowMs += INVITATION_MS;
    expect(await accept(vera, second)).toEqual(over);
    expect(await invitationMail(club.deps, { invitationId: id })).toBeNull();
  });

  test('withdrawing ends it', async () => {
    const { id, token } = await invited();
    expect(await withdrawInvitation(club.deps, nora, { teamId, invitationId: id })).toEqual({ ok: true });
    expect(await accept(vera, token)).toEqual(over);
    expect(await withdrawInvitation(club.deps, nora, { teamId, invitationId: id })).toMatchObject({ ok: false });
  });

  test('the answer and the mail are the same for an address with and without an account', async () => {
    const known = await invite(club.deps, nora, { teamId, email: vera.email, role: 'viewer' });
    const unknown = await invite(club.deps, nora, { teamId, email: 'nobody@example.com', role: 'viewer' });
    if (!known.ok || !unknown.ok) throw new Error('not invited');
    const textOf = async (invitationId: string) =>
      (await invitationMail(club.deps, { invitationId }))?.text.replace(/token=[\w-]+/, 'token=');
    expect(await textOf(known.invitationId)).toBe(await textOf(unknown.invitationId));
  });

  test('who has not confirmed an address mails nobody, and only admins invite', async () => {
    const request = { teamId, email: 'nobody@example.com', role: 'viewer' as const };
    expect(await invite(club.deps, { ...nora, emailVerified: false }, request)).toEqual({
      ok: false,
      reason: 'email_not_verified',
    });
    for (const role of ['manager', 'viewer'] as const) {
      const member = await club.join(await club.person(role), teamId, role);
      expect(await invite(club.deps, member, request)).toEqual({ ok: false, reason: 'not_found' });
    }
    expect(await invite(club.deps, nora, { ...request, teamId: null, role: 'owner' })).toMatchObject({ ok: false });
    expect(await club.queued('mail.invitation')).toEqual([]);
  });

  test('one address gets three invitations at once, from however many accounts, and later one a day', async () => {
    const inviters = await Promise.all(Array.from({ length: 10 }, (_, at) => club.person(`inviter-${at}`)));
    const results = await Promise.all(
      inviters.map((actor) =>
        invite(club.deps, actor, { teamId: teamOf(actor), email: 'target@example.com', role: 'viewer' }),
      ),
    );
    expect(results.filter(({ ok }) => ok)).toHaveLength(3);
    expect(await club.queued('mail.invitation')).toHaveLength(3);
    const one = await invite(club.deps, nora, { teamId, email: 'Target@example.com', role: 'viewer' });
    expect(one).toMatchObject({ ok: false, reason: 'too_many_requests' });
  });

  test('one account sends twenty at once at most, and a team has so many open ones', async () => {
    const results = await Promise.all(
      Array.from({ length: INVITATIONS_PER_TEAM + 10 }, (_, at) =>
        invite(club.deps, nora, { teamId, email: `person-${at}@example.com`, role: 'viewer' }),
      ),
    );
    expect(results.filter(({ ok }) => ok)).toHaveLength(INVITATIONS_PER_TEAM);
    expect(await club.deps.invitations.listOpen(teamId, club.time.nowMs)).toHaveLength(INVITATIONS_PER_TEAM);
  });

  test('members and those who are invited are not invited again', async () => {
    await invited();
    const again = await invite(club.deps, nora, { teamId, email: vera.email.toUpperCase(), role: 'admin' });
    expect(again).toEqual({ ok: false, reason: 'already_invited' });
    const own = await invite(club.deps, nora, { teamId, email: nora.email, role: 'viewer' });
    expect(own).toEqual({ ok: false, reason: 'already_member' });
  });

  test('no token stands in the database or in an audit entry', async () => {
    const { token } = await invited();
    const rows = [
      await club.kysely.selectFrom('invitation').selectAll().execute(),
      await club.kysely.selectFrom('outbox').selectAll().execute(),
      await club.kysely.selectFrom('audit_entry').selectAll().execute(),
    ];
    expect(token).toHaveLength(43);
    expect(JSON.stringify(rows)).not.toContain(token);
  });
});
