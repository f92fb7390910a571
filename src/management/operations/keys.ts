import { z } from 'zod';

import { absent, answer, refuse } from '../answers.ts';
import { type Call, defineOperation } from '../operation.ts';
import { pageOf, pageQuery } from '../page.ts';
import { problemOf, refusals } from '../refusals.ts';
import { applicationParams } from '../schemas/applications.ts';
import { callingKeySchema, keyListSchema, keySchema, revokedKeysSchema } from '../schemas/key-answers.ts';
import {
  describeCallingKey,
  describeKey,
  keyParams,
  revokeKeyBody,
  revokeKeysBody,
  scheduleKeyBody,
  updateKeyBody,
} from '../schemas/keys.ts';
import { noParams, noQuery } from '../schemas/registry.ts';

/** RFC 6750, section 2.1. */
const BEARER = /^Bearer +([\w.~+/-]+=*)$/i;
const CHALLENGE = 'Bearer realm="Gatehouse"';

type KeyCall = Call<z.infer<typeof keyParams>>;

/** What the ETag of a key is about. */
export async function currentKey({ portal, caller, params, nowMs }: KeyCall): Promise<object | null> {
  const key = await portal.keys.find(caller().actor, params.applicationId, params.keyId);
  return key && describeKey(key, nowMs);
}

const listKeys = defineOperation({
  operationId: 'listKeys',
  method: 'GET',
  path: '/applications/{applicationId}/keys',
  tag: 'Keys',
  summary: 'List the keys of an application',
  description: 'Also those that have ended.',
  access: 'keys:read',
  params: applicationParams,
  query: z.strictObject(pageQuery),
  body: null,
  success: { status: 200, description: 'A page of its keys.', schema: keyListSchema },
  refusals: ['not_found'],
  async handler({ portal, caller, params, query, nowMs }) {
    const { actor } = caller();
    const application = await portal.applications.find(actor, params.applicationId);
    if (!application) return absent('application');
    const keys = await portal.keys.list(actor, application.id);
    const { items, nextCursor } = pageOf(keys, ({ createdAtMs: at, id }) => ({ at, id }), query);
    return answer({ keys: items.map((key) => describeKey(key, nowMs)), nextCursor });
  },
});

const getKey = defineOperation({
  operationId: 'getKey',
  method: 'GET',
  path: '/applications/{applicationId}/keys/{keyId}',
  tag: 'Keys',
  summary: 'Get a key',
  access: 'keys:read',
  params: keyParams,
  query: noQuery,
  body: null,
  success: { status: 200, description: 'The key, without its secret.', schema: keySchema },
  refusals: ['not_found'],
  current: currentKey,
  async handler(call) {
    const key = await currentKey(call);
    return key ? answer(key) : absent('key');
  },
});

const updateKey = defineOperation({
  operationId: 'updateKey',
  method: 'PATCH',
  path: '/applications/{applicationId}/keys/{keyId}',
  tag: 'Keys',
  summary: 'Rename a key',
  access: 'keys:write',
  params: keyParams,
  query: noQuery,
  body: updateKeyBody,
  exampleBody: { name: 'Build server' },
  success: { status: 200, description: 'The key.', schema: keySchema },
  refusals: ['not_found', 'key_state_conflict', 'precondition_failed'],
  current: currentKey,
  async handler({ portal, caller, params, body, nowMs }) {
    const result = await portal.keys.rename(caller().actor, params.applicationId, params.keyId, body.name);
    if (result.ok) return answer(describeKey(result.key, nowMs));
    return result.reason === 'not_found' ? absent('key') : refuse('key_state_conflict');
  },
});

const scheduleKey = defineOperation({
  operationId: 'scheduleKey',
  method: 'PUT',
  path: '/applications/{applicationId}/keys/{keyId}/schedule',
  tag: 'Keys',
  summary: 'Say how often a key is to be rotated',
  description: 'Its team is reminded before each due date. The key goes on working when nobody rotates it.',
  access: 'keys:write',
  params: keyParams,
  query: noQuery,
  body: scheduleKeyBody,
  exampleBody: { rotationIntervalDays: 90 },
  success: { status: 200, description: 'The key.', schema: keySchema },
  refusals: ['not_found', 'key_state_conflict', 'interval_too_long', 'precondition_failed'],
  current: currentKey,
  async handler({ portal, caller, params, body, nowMs }) {
    const { applicationId, keyId } = params;
    const result = await portal.keys.schedule(caller().actor, applicationId, keyId, body.rotationIntervalDays);
    if (result.ok) return answer(describeKey(result.key, nowMs));
    if (result.reason === 'interval_too_long') {
      const { maxDays } = result;
      return refuse(result.reason, `A plan of the application asks for ${maxDays} days at most.`, { maxDays });
    }
    return result.reason === 'not_found' ? absent('key') : refuse('key_state_conflict');
  },
});

const revokeKey = defineOperation({
  operationId: 'revokeKey',
  method: 'POST',
  path: '/applications/{applicationId}/keys/{keyId}/revocation',
  tag: 'Keys',
  summary: 'Revoke a key',
  description: 'It ends for good; the next call with it is refused. Nothing brings it back.',
  access: 'keys:write',
  params: keyParams,
  query: noQuery,
  body: revokeKeyBody,
  exampleBody: { reason: 'Server retired' },
  success: { status: 200, description: 'The key.', schema: keySchema },
  refusals: ['not_found', 'key_state_conflict', 'precondition_failed'],
  repeatable: true,
  current: currentKey,
  async handler({ portal, caller, params, body, nowMs }) {
    const result = await portal.keys.revoke(caller().actor, params.applicationId, params.keyId, body.reason);
    if (result.ok) return answer(describeKey(result.key, nowMs));
    if (result.reason === 'not_found') return absent('key');
    return refuse('key_state_conflict', 'The key was revoked before; time and reason stay as they were.');
  },
});

const resumeDormantKey = defineOperation({
  operationId: 'resumeDormantKey',
  method: 'POST',
  path: '/applications/{applicationId}/keys/{keyId}/resumption',
  tag: 'Keys',
  summary: 'Resume a key that nobody used',
  description:
    'Of those that the portal suspended because nobody called with them for long. Others only owners resume.',
  access: 'keys:write',
  params: keyParams,
  query: noQuery,
  body: null,
  success: { status: 200, description: 'The key.', schema: keySchema },
  refusals: ['not_found', 'key_state_conflict', 'precondition_failed'],
  repeatable: true,
  current: currentKey,
  async handler({ portal, caller, params, nowMs }) {
    const result = await portal.keys.resumeDormant(caller().actor, params.applicationId, params.keyId);
    if (result.ok) return answer(describeKey(result.key, nowMs));
    if (result.reason === 'not_found') return absent('key');
    return refuse('key_state_conflict', 'The key is not suspended for having been unused.');
  },
});

const revokeApplicationKeys = defineOperation({
  operationId: 'revokeApplicationKeys',
  method: 'POST',
  path: '/applications/{applicationId}/revocation',
  tag: 'Keys',
  summary: 'Revoke all keys of an application',
  description: 'In one step. The rest of the team is told by mail.',
  access: 'keys:write',
  params: applicationParams,
  query: noQuery,
  body: revokeKeysBody,
  exampleBody: { reason: 'Laptop lost' },
  success: { status: 200, description: 'The keys that ended now.', schema: revokedKeysSchema },
  refusals: ['not_found'],
  repeatable: true,
  async handler({ portal, caller, params, body, nowMs }) {
    const result = await portal.keys.revokeAllOfApplication(caller().actor, params.applicationId, body.reason);
    return result.ok ? answer({ keys: result.keys.map((key) => describeKey(key, nowMs)) }) : absent('application');
  },
});

const getCallingKey = defineOperation({
  operationId: 'getCallingKey',
  method: 'GET',
  path: '/key',
  tag: 'Keys',
  summary: 'Describe the API key of this call',
  description:
    'Describes the API key with which it is called: which application it belongs to, from where it may call, when it ' +
    'ends, and how much of each quota is used. It counts against no quota. This operation takes an API key; all ' +
    'others take an access token.',
  access: 'api key',
  params: noParams,
  query: noQuery,
  body: null,
  success: { status: 200, description: 'The key, without its secret.', schema: callingKeySchema },
  refusals: ['missing_credential', 'key_not_active'],
  async handler({ portal, headers }) {
    const authorization = headers.get('authorization');
    // Without a credential the challenge names no error (RFC 6750, section 3.1).
    if (authorization === null) return { problem: missingCredential, headers: { 'WWW-Authenticate': CHALLENGE } };
    const token = BEARER.exec(authorization)?.[1];
    const description = token === undefined ? null : await portal.keys.describe(token);
    if (description) return answer(describeCallingKey(description));
    const challenge = `${CHALLENGE}, error="invalid_token"`;
    return { problem: problemOf('key_not_active'), headers: { 'WWW-Authenticate': challenge } };
  },
});

const missingCredential = {
  ...problemOf('key_not_active'),
  code: 'missing_credential',
  title: 'API key missing',
  detail: `The call carried no API key. ${refusals.key_not_active.remedy}`,
};

export const keyOperations = [
  getCallingKey,
  listKeys,
  getKey,
  updateKey,
  scheduleKey,
  revokeKey,
  resumeDormantKey,
  revokeApplicationKeys,
];
