import { absent, created, refuse } from '../answers.ts';
import { defineOperation } from '../operation.ts';
import { noQuery } from '../schemas/registry.ts';
import {
  describeInvitation,
  invitationParams,
  invitationSchema,
  inviteBody,
  memberParams,
  memberRoleBody,
  ownTeamParams,
  teamViewSchema,
} from '../schemas/teams.ts';
import { answerTeam } from './teams.ts';

const inviteMember = defineOperation({
  operationId: 'inviteMember',
  method: 'POST',
  path: '/teams/{teamId}/invitations',
  tag: 'Teams',
  summary: 'Invite somebody to a team',
  description:
    'By mail; the link works once, for seven days, for an account with that address. Whether there is one is not told.',
  access: 'teams:write',
  params: ownTeamParams,
  query: noQuery,
  body: inviteBody,
  exampleBody: { email: 'vera@consumer.example', role: 'viewer' as const },
  success: { status: 201, description: 'The invitation, without its link.', schema: invitationSchema },
  refusals: ['not_found', 'email_not_verified', 'invitation_conflict', 'too_many_invitations', 'too_many_mails'],
  async handler({ portal, caller, params, body }) {
    const { actor } = caller();
    const result = await portal.teams.invite(actor, params.teamId, body.email, body.role);
    if (result.ok) {
      const view = await portal.teams.view(actor, params.teamId);
      const found = view?.invitations.find(({ id }) => id === result.invitationId);
      return found ? created(describeInvitation(found), `/teams/${params.teamId}`) : absent('invitation');
    }
    switch (result.reason) {
      case 'not_found':
        return absent('team');
      case 'email_not_verified':
        return refuse('email_not_verified', 'Confirm your own e-mail address first.');
      case 'too_many_invitations':
        return refuse(result.reason, `A team can have ${result.limit} invitations that wait for an answer.`);
      case 'too_many_requests':
        return { ...refuse('too_many_mails'), headers: { 'Retry-After': String(result.retryAfterSeconds) } };
      case 'already_member':
      case 'already_invited':
        return refuse('invitation_conflict');
    }
  },
});

const withdrawInvitation = defineOperation({
  operationId: 'withdrawInvitation',
  method: 'DELETE',
  path: '/teams/{teamId}/invitations/{invitationId}',
  tag: 'Teams',
  summary: 'Withdraw an invitation',
  access: 'teams:write',
  params: invitationParams,
  query: noQuery,
  body: null,
  success: { status: 204, description: 'Its link works no more.', schema: null },
  refusals: ['not_found'],
  async handler({ portal, caller, params }) {
    const result = await portal.teams.withdrawInvitation(caller().actor, params.teamId, params.invitationId);
    return result.ok ? { status: 204 } : absent('invitation');
  },
});

const changeMemberRole = defineOperation({
  operationId: 'changeMemberRole',
  method: 'PUT',
  path: '/teams/{teamId}/members/{accountId}/role',
  tag: 'Teams',
  summary: 'Give a member another role',
  access: 'teams:write',
  params: memberParams,
  query: noQuery,
  body: memberRoleBody,
  exampleBody: { role: 'manager' as const },
  success: { status: 200, description: 'The team.', schema: teamViewSchema },
  refusals: ['not_found', 'last_admin'],
  async handler(call) {
    const { portal, caller, params, body } = call;
    const result = await portal.teams.changeRole(caller().actor, params.teamId, params.accountId, body.role);
    if (result.ok) return answerTeam(call);
    return result.reason === 'not_found' ? absent('member') : refuse('last_admin');
  },
});

const removeMember = defineOperation({
  operationId: 'removeMember',
  method: 'DELETE',
  path: '/teams/{teamId}/members/{accountId}',
  tag: 'Teams',
  summary: 'Remove a member from a team',
  description:
    'From the next call on, nothing of the team is there for that account. Keys that it knows go on working.',
  access: 'teams:write',
  params: memberParams,
  query: noQuery,
  body: null,
  success: { status: 204, description: 'The account is no member any more.', schema: null },
  refusals: ['not_found', 'last_admin'],
  async handler({ portal, caller, params }) {
    const result = await portal.teams.removeMember(caller().actor, params.teamId, params.accountId);
    if (result.ok) return { status: 204 };
    return result.reason === 'not_found' ? absent('member') : refuse('last_admin');
  },
});

const leaveTeam = defineOperation({
  operationId: 'leaveTeam',
  method: 'DELETE',
  path: '/account/teams/{teamId}',
  tag: 'Teams',
  summary: 'Leave a team',
  description:
    'Whatever your role is in it. The last admin makes somebody else admin first, or deletes the team. Keys that you ' +
    'know go on working.',
  access: 'teams:write',
  params: ownTeamParams,
  query: noQuery,
  body: null,
  success: { status: 204, description: 'You are no member any more.', schema: null },
  refusals: ['not_found', 'last_admin'],
  async handler({ portal, caller, params }) {
    const result = await portal.teams.leave(caller().actor, params.teamId);
    if (result.ok) return { status: 204 };
    return result.reason === 'not_found' ? absent('team') : refuse('last_admin');
  },
});

export const memberOperations = [inviteMember, withdrawInvitation, changeMemberRole, removeMember, leaveTeam];
