import type { ChangeKeyResult } from '../../keys/api-key.ts';
import { absentHere, answer, refuse } from '../answers.ts';
import { type Answer, defineOperation } from '../operation.ts';
import { applicationParams } from '../schemas/applications.ts';
import { keySchema, revokedKeysSchema } from '../schemas/key-answers.ts';
import { anyKeyParams, describeKey, revokeKeysBody, suspensionBody } from '../schemas/keys.ts';
import { describeKeyOfTeam, keyOfTeamSchema, teamParams } from '../schemas/owner.ts';
import { noQuery } from '../schemas/registry.ts';

const findKey = defineOperation({
  operationId: 'findKey',
  method: 'GET',
  path: '/owner/keys/{keyId}',
  tag: 'Owners',
  summary: 'Find the key of any team',
  access: 'owner:read',
  params: anyKeyParams,
  query: noQuery,
  body: null,
  success: { status: 200, description: 'The key, whose it is, and when it was last called.', schema: keyOfTeamSchema },
  refusals: ['not_found'],
  async handler({ portal, caller, params, nowMs }) {
    const found = await portal.keys.findForOwner(caller().actor, params.keyId);
    return found ? answer(describeKeyOfTeam(found, nowMs)) : absentHere('There is no key with this id.');
  },
});

const suspendKey = defineOperation({
  operationId: 'suspendKey',
  method: 'POST',
  path: '/owner/keys/{keyId}/suspension',
  tag: 'Owners',
  summary: 'Suspend a key',
  description: 'Of any team. The next call with it is refused until it is resumed. Its team is told why by mail.',
  access: 'owner:write',
  params: anyKeyParams,
  query: noQuery,
  body: suspensionBody,
  exampleBody: { message: 'Calls of it look like a loop. Write to us when it is repaired.' },
  success: { status: 200, description: 'The key.', schema: keySchema },
  refusals: ['not_found', 'key_state_conflict'],
  repeatable: true,
  async handler({ portal, caller, params, body, nowMs }) {
    return toAnswer(await portal.keys.suspend(caller().actor, params.keyId, body.message), nowMs);
  },
});

const resumeKey = defineOperation({
  operationId: 'resumeKey',
  method: 'POST',
  path: '/owner/keys/{keyId}/resumption',
  tag: 'Owners',
  summary: 'Resume a key',
  description: 'It works again from the next call on. Its team is told by mail.',
  access: 'owner:write',
  params: anyKeyParams,
  query: noQuery,
  body: suspensionBody,
  exampleBody: { message: 'Thank you, it works.' },
  success: { status: 200, description: 'The key.', schema: keySchema },
  refusals: ['not_found', 'key_state_conflict'],
  repeatable: true,
  async handler({ portal, caller, params, body, nowMs }) {
    return toAnswer(await portal.keys.resume(caller().actor, params.keyId, body.message), nowMs);
  },
});

const revokeAnyApplicationKeys = defineOperation({
  operationId: 'revokeAnyApplicationKeys',
  method: 'POST',
  path: '/owner/applications/{applicationId}/revocation',
  tag: 'Owners',
  summary: 'Revoke all keys of any application',
  access: 'owner:write',
  params: applicationParams,
  query: noQuery,
  body: revokeKeysBody,
  exampleBody: { reason: 'Its repository was public' },
  success: { status: 200, description: 'The keys that ended now.', schema: revokedKeysSchema },
  refusals: ['not_found'],
  repeatable: true,
  async handler({ portal, caller, params, body, nowMs }) {
    const result = await portal.keys.revokeAllOfApplication(caller().actor, params.applicationId, body.reason);
    if (!result.ok) return absentHere('There is no application with this id.');
    return answer({ keys: result.keys.map((key) => describeKey(key, nowMs)) });
  },
});

const revokeAnyTeamKeys = defineOperation({
  operationId: 'revokeAnyTeamKeys',
  method: 'POST',
  path: '/owner/teams/{teamId}/revocation',
  tag: 'Owners',
  summary: 'Revoke all keys of any team',
  description: 'A team that does not exist has no keys: nothing ends.',
  access: 'owner:write',
  params: teamParams,
  query: noQuery,
  body: revokeKeysBody,
  exampleBody: { reason: 'Its repository was public' },
  success: { status: 200, description: 'The keys that ended now.', schema: revokedKeysSchema },
  refusals: ['not_found'],
  repeatable: true,
  async handler({ portal, caller, params, body, nowMs }) {
    const result = await portal.keys.revokeAllOfTeam(caller().actor, params.teamId, body.reason);
    if (!result.ok) return absentHere('There is no team with this id.');
    return answer({ keys: result.keys.map((key) => describeKey(key, nowMs)) });
  },
});

function toAnswer(result: ChangeKeyResult, nowMs: number): Answer {
  if (result.ok) return answer(describeKey(result.key, nowMs));
  return result.reason === 'not_found' ? absentHere('There is no key with this id.') : refuse('key_state_conflict');
}

export const ownerOperations = [findKey, suspendKey, resumeKey, revokeAnyApplicationKeys, revokeAnyTeamKeys];
