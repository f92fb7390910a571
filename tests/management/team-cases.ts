import { type OperationCase, type Scene, ABSENT_APPLICATION, absent } from './operation-case.ts';

const ABSENT_TEAM = `team_${'0'.repeat(20)}`;
const teamPath = ({ nora }: Scene, rest = ''): string => `/teams/${String(nora.teamIds[0])}${rest}`;
const name = { name: 'Tea shop' };
const invitation = { email: 'newcomer@consumer.example', role: 'manager' };
const message = { message: 'It looks like a loop.' };

/** Suspensions change what other calls of a scene would meet; each has a fresh one. */
function suspensionCases(): Record<string, OperationCase> {
  const kinds: [name: string, path: (scene: Scene) => string, none: string][] = [
    ['Account', ({ mallory }) => `/owner/accounts/${mallory.accountId}`, '/owner/accounts/acc_0'],
    ['Team', ({ mallory }) => `/owner/teams/${String(mallory.teamIds[0])}`, '/owner/teams/team_0'],
    ['Application', ({ applicationId }) => `/owner/applications/${applicationId}`, '/owner/applications/app_0'],
  ];
  return Object.fromEntries(
    kinds.flatMap(([kind, path, none]): [string, OperationCase][] => [
      [
        `suspend${kind}`,
        {
          by: 'olga',
          ok: (scene) => ({ method: 'POST', path: `${path(scene)}/suspension`, body: message }),
          refused: () => absent('POST', `${none}/suspension`, message),
        },
      ],
      [
        `resume${kind}`,
        {
          by: 'olga',
          // A suspension comes first.
          ok: (scene) => ({ method: 'POST', path: `${path(scene)}/resumption`, body: message }),
          refused: (scene) => ({
            method: 'POST',
            path: `${path(scene)}/resumption`,
            body: message,
            code: 'suspension_conflict',
          }),
        },
      ],
    ]),
  );
}

export const teamCases: Readonly<Record<string, OperationCase>> = {
  listTeams: {
    ok: () => ({ path: '/teams' }),
    answers: ({ nora, emptyTeamId, sharedTeamId }) => ({
      teams: [
        { id: nora.teamIds[0], role: 'admin', members: 2 },
        { id: emptyTeamId, members: 1, applications: 0 },
        { id: sharedTeamId, members: 2, applications: 0 },
      ],
    }),
    refused: () => ({ path: '/teams?x=1', code: 'invalid_parameter' }),
  },
  createTeam: {
    ok: () => ({ method: 'POST', path: '/teams', body: name }),
    answers: () => ({ team: { name: 'Tea shop', role: 'admin' }, members: [{ role: 'admin' }] }),
    refused: () => ({ method: 'POST', path: '/teams', body: { name: '' }, code: 'invalid_body' }),
  },
  getTeam: {
    ok: (scene) => ({ path: teamPath(scene) }),
    answers: ({ memberId, invitationId, nora }) => ({
      members: [{ accountId: nora.accountId }, { accountId: memberId, role: 'viewer' }],
      invitations: [{ id: invitationId }],
    }),
    refused: () => absent('GET', `/teams/${ABSENT_TEAM}`),
  },
  renameTeam: {
    ok: (scene) => ({ method: 'PUT', path: teamPath(scene, '/name'), body: name }),
    answers: () => ({ team: name }),
    refused: () => absent('PUT', `/teams/${ABSENT_TEAM}/name`, name),
  },
  deleteTeam: {
    ok: ({ emptyTeamId }) => ({ method: 'DELETE', path: `/teams/${emptyTeamId}` }),
    refused: (scene) => ({ method: 'DELETE', path: teamPath(scene), code: 'team_not_empty' }),
  },
  moveApplication: {
    ok: ({ applicationId, emptyTeamId }) => ({
      method: 'PUT',
      path: `/applications/${applicationId}/team`,
      body: { teamId: emptyTeamId },
    }),
    answers: ({ applicationId, emptyTeamId }) => ({ id: applicationId, teamId: emptyTeamId }),
    refused: ({ emptyTeamId }) => absent('PUT', `/applications/${ABSENT_APPLICATION}/team`, { teamId: emptyTeamId }),
  },
  inviteMember: {
    ok: (scene) => ({ method: 'POST', path: teamPath(scene, '/invitations'), body: invitation }),
    answers: () => invitation,
    refused: (scene) => ({
      method: 'POST',
      path: teamPath(scene, '/invitations'),
      body: { ...invitation, email: 'a@b, c@d' },
      code: 'invalid_body',
    }),
  },
  withdrawInvitation: {
    ok: (scene) => ({ method: 'DELETE', path: teamPath(scene, `/invitations/${scene.invitationId}`) }),
    refused: (scene) => absent('DELETE', teamPath(scene, '/invitations/inv_0')),
  },
  changeMemberRole: {
    ok: (scene) => ({
      method: 'PUT',
      path: teamPath(scene, `/members/${scene.memberId}/role`),
      body: { role: 'manager' },
    }),
    answers: ({ memberId }) => ({ members: [{}, { accountId: memberId, role: 'manager' }] }),
    refused: (scene) => ({
      method: 'PUT',
      path: teamPath(scene, `/members/${scene.nora.accountId}/role`),
      body: { role: 'viewer' },
      code: 'last_admin',
    }),
  },
  removeMember: {
    ok: (scene) => ({ method: 'DELETE', path: teamPath(scene, `/members/${scene.memberId}`) }),
    refused: (scene) => ({
      method: 'DELETE',
      path: teamPath(scene, `/members/${scene.nora.accountId}`),
      code: 'last_admin',
    }),
  },
  leaveTeam: {
    ok: ({ sharedTeamId }) => ({ method: 'DELETE', path: `/account/teams/${sharedTeamId}` }),
    refused: ({ emptyTeamId }) => ({ method: 'DELETE', path: `/account/teams/${emptyTeamId}`, code: 'last_admin' }),
  },
  ...suspensionCases(),
};
