import { absent, answer, created, refuse } from '../answers.ts';
import { type Answer, type Call, defineOperation } from '../operation.ts';
import { applicationParams, applicationSchema, describeApplication } from '../schemas/applications.ts';
import { noParams, noQuery } from '../schemas/registry.ts';
import {
  applicationTeamBody,
  describeTeam,
  describeTeamView,
  ownTeamParams,
  teamListSchema,
  teamNameBody,
  teamViewSchema,
} from '../schemas/teams.ts';

const listTeams = defineOperation({
  operationId: 'listTeams',
  method: 'GET',
  path: '/teams',
  tag: 'Teams',
  summary: 'List your teams',
  access: 'teams:read',
  params: noParams,
  query: noQuery,
  body: null,
  success: { status: 200, description: 'All of them, oldest first, with your role in each.', schema: teamListSchema },
  refusals: [],
  async handler({ portal, caller }) {
    return answer({ teams: (await portal.teams.list(caller().actor)).map(describeTeam) });
  },
});

const createTeam = defineOperation({
  operationId: 'createTeam',
  method: 'POST',
  path: '/teams',
  tag: 'Teams',
  summary: 'Create a team',
  description: 'You are its only member, and admin.',
  access: 'teams:write',
  params: noParams,
  query: noQuery,
  body: teamNameBody,
  exampleBody: { name: 'Tea shop' },
  success: { status: 201, description: 'The team.', schema: teamViewSchema },
  refusals: ['not_found', 'too_many_teams'],
  async handler({ portal, caller, body }) {
    const { actor } = caller();
    const result = await portal.teams.create(actor, body.name);
    if (!result.ok) return refuse('too_many_teams', `An account can be in ${result.limit} teams.`);
    const teamRoles = new Map([...actor.teamRoles, [result.teamId, 'admin'] as const]);
    const view = await portal.teams.view({ ...actor, teamRoles }, result.teamId);
    return view ? created(describeTeamView(view), `/teams/${result.teamId}`) : absent('team');
  },
});

const getTeam = defineOperation({
  operationId: 'getTeam',
  method: 'GET',
  path: '/teams/{teamId}',
  tag: 'Teams',
  summary: 'Get a team, its members and its invitations',
  access: 'teams:read',
  params: ownTeamParams,
  query: noQuery,
  body: null,
  success: { status: 200, description: 'The team.', schema: teamViewSchema },
  refusals: ['not_found'],
  handler: answerTeam,
});

const renameTeam = defineOperation({
  operationId: 'renameTeam',
  method: 'PUT',
  path: '/teams/{teamId}/name',
  tag: 'Teams',
  summary: 'Rename a team',
  access: 'teams:write',
  params: ownTeamParams,
  query: noQuery,
  body: teamNameBody,
  exampleBody: { name: 'Tea shop' },
  success: { status: 200, description: 'The team.', schema: teamViewSchema },
  refusals: ['not_found'],
  async handler(call) {
    const { portal, caller, params, body } = call;
    const result = await portal.teams.rename(caller().actor, params.teamId, body.name);
    return result.ok ? answerTeam(call) : absent('team');
  },
});

const deleteTeam = defineOperation({
  operationId: 'deleteTeam',
  method: 'DELETE',
  path: '/teams/{teamId}',
  tag: 'Teams',
  summary: 'Delete an empty team',
  description: 'One that has no application, and no member but you.',
  access: 'teams:write',
  params: ownTeamParams,
  query: noQuery,
  body: null,
  success: { status: 204, description: 'It is gone.', schema: null },
  refusals: ['not_found', 'team_not_empty'],
  async handler({ portal, caller, params }) {
    const result = await portal.teams.remove(caller().actor, params.teamId);
    if (result.ok) return { status: 204 };
    if (result.reason === 'not_found') return absent('team');
    const { applications, members } = result;
    return refuse('team_not_empty', undefined, { applications, members });
  },
});

const moveApplication = defineOperation({
  operationId: 'moveApplication',
  method: 'PUT',
  path: '/applications/{applicationId}/team',
  tag: 'Teams',
  summary: 'Move an application to another team',
  description:
    'You must be manager or admin in both. Its keys go on working and its quotas are counted on; from then on only the ' +
    'new team sees it.',
  access: 'applications:write',
  params: applicationParams,
  query: noQuery,
  body: applicationTeamBody,
  exampleBody: { teamId: 'team_8Rk3nVbQ1xTz6MwLpC4D' },
  success: { status: 200, description: 'The application.', schema: applicationSchema },
  refusals: ['not_found', 'unknown_team', 'too_many_applications'],
  async handler({ portal, caller, params: { applicationId }, body }) {
    const { actor } = caller();
    const result = await portal.applications.move(actor, applicationId, body.teamId);
    if (!result.ok) return result.reason === 'not_found' ? absent('application') : refuse(result.reason);
    const application = await portal.applications.find(actor, applicationId);
    return application ? answer(describeApplication(application)) : absent('application');
  },
});

/** The team as it is now, for who is in it. */
export async function answerTeam({ portal, caller, params }: Call<{ teamId: string }>): Promise<Answer> {
  const view = await portal.teams.view(caller().actor, params.teamId);
  return view ? answer(describeTeamView(view)) : absent('team');
}

export const teamOperations = [listTeams, createTeam, getTeam, renameTeam, deleteTeam, moveApplication];
