import { absent, answer, refuse } from '../answers.ts';
import { defineOperation } from '../operation.ts';
import { accountSchema, describeAccount } from '../schemas/account.ts';
import { revokedKeysSchema } from '../schemas/key-answers.ts';
import { describeKey, revokeKeysBody } from '../schemas/keys.ts';
import { teamParams } from '../schemas/owner.ts';
import { noParams, noQuery } from '../schemas/registry.ts';

const getAccount = defineOperation({
  operationId: 'getAccount',
  method: 'GET',
  path: '/account',
  tag: 'Account',
  summary: 'See who you are',
  description: 'The account of the access token, its teams, and what the token may do. Any token may ask.',
  access: 'any token',
  params: noParams,
  query: noQuery,
  body: null,
  success: { status: 200, description: 'The account and the token.', schema: accountSchema },
  refusals: [],
  handler: ({ caller }) => answer(describeAccount(caller())),
});

const revokeToken = defineOperation({
  operationId: 'revokeToken',
  method: 'DELETE',
  path: '/account/token',
  tag: 'Account',
  summary: 'Revoke the access token of this call',
  description: 'It ends for good, at once. Any token may end itself.',
  access: 'any token',
  params: noParams,
  query: noQuery,
  body: null,
  success: { status: 204, description: 'It has ended.', schema: null },
  refusals: [],
  async handler({ portal, caller }) {
    const { actor, accessToken } = caller();
    const result = await portal.accessTokens.revoke(actor, accessToken.id);
    return result.ok ? { status: 204 } : refuse('access_token_not_active');
  },
});

const revokeTeamKeys = defineOperation({
  operationId: 'revokeTeamKeys',
  method: 'POST',
  path: '/teams/{teamId}/revocation',
  tag: 'Keys',
  summary: 'Revoke all keys of a team',
  description: 'Of all of its applications, in one step: the way out when a laptop is lost. The team is told by mail.',
  access: 'keys:write',
  params: teamParams,
  query: noQuery,
  body: revokeKeysBody,
  exampleBody: { reason: 'Laptop lost' },
  success: { status: 200, description: 'The keys that ended now.', schema: revokedKeysSchema },
  refusals: ['not_found'],
  repeatable: true,
  async handler({ portal, caller, params, body, nowMs }) {
    const result = await portal.keys.revokeAllOfTeam(caller().actor, params.teamId, body.reason);
    return result.ok ? answer({ keys: result.keys.map((key) => describeKey(key, nowMs)) }) : absent('team');
  },
});

export const accountOperations = [getAccount, revokeToken, revokeTeamKeys];
