import type { MailWriters } from '../jobs/deliver-outbox.ts';
import { answerInvitation, listOwnInvitations, peekInvitation } from '../teams/answer-invitation.ts';
import { changeMemberRole, leaveTeam, removeMember } from '../teams/change-member.ts';
import { createTeam, deleteTeam, renameTeam, viewTeam } from '../teams/change-team.ts';
import { createInvitationAnswerStore } from '../teams/invitation-answer-store.ts';
import { createInvitationStore } from '../teams/invitation-store.ts';
import { invite, resendInvitation, withdrawInvitation } from '../teams/invite.ts';
import { createMemberStore } from '../teams/member-store.ts';
import { invitationMail, memberJoinedMail, membershipChangedMail, suspensionMail } from '../teams/team-mail.ts';
import { createTeamStore } from '../teams/team-store.ts';
import type { AccountParts } from './bind-accounts.ts';
import type { Foundation } from './foundation.ts';
import type { PortalTeams } from '../portal/portal-teams.ts';

export function createTeamParts({ config, databases: { portal }, clock, random }: Foundation) {
  return {
    teams: createTeamStore(portal),
    members: createMemberStore(portal, random),
    invitations: createInvitationStore(portal, random),
    answers: createInvitationAnswerStore(portal, random),
    clock,
    random,
    sessionSecret: config.sessionSecret,
  };
}

export function bindTeams(parts: ReturnType<typeof createTeamParts>): PortalTeams {
  return {
    list: (actor) => parts.teams.list(actor.accountId),
    view: (actor, teamId) => viewTeam(parts, actor, teamId),
    create: (actor, name) => createTeam(parts, actor, name),
    rename: (actor, teamId, name) => renameTeam(parts, actor, { teamId, name }),
    remove: (actor, teamId) => deleteTeam(parts, actor, teamId),
    leave: (actor, teamId) => leaveTeam(parts, actor, teamId),
    changeRole: (actor, teamId, accountId, role) => changeMemberRole(parts, actor, { teamId, accountId, role }),
    removeMember: (actor, teamId, accountId) => removeMember(parts, actor, { teamId, accountId }),
    invite: (actor, teamId, email, role) => invite(parts, actor, { teamId, email, role }),
    resendInvitation: (actor, teamId, invitationId) => resendInvitation(parts, actor, { teamId, invitationId }),
    withdrawInvitation: (actor, teamId, invitationId) => withdrawInvitation(parts, actor, { teamId, invitationId }),
    peekInvitation: (actor, token) => peekInvitation(parts, actor, token),
    invitations: (actor) => listOwnInvitations(parts, actor),
    answerInvitation: (actor, proof, isAccepted) => answerInvitation(parts, actor, { proof, isAccepted }),
  };
}

export function teamMailWriters(foundation: Foundation, { accounts, publicUrl }: AccountParts) {
  const parts = createTeamParts(foundation);
  const teamName = (teamId: string) => parts.teams.nameOf(teamId);
  const deps = { ...parts, accounts, publicUrl, teamName };
  return {
    'mail.invitation': (payload) => invitationMail(deps, payload),
    'mail.member_joined': (payload) => memberJoinedMail(deps, payload),
    'mail.membership_changed': (payload) => membershipChangedMail(deps, payload),
    'mail.suspension': (payload) => suspensionMail(deps, payload),
  } satisfies Partial<MailWriters>;
}
