import type { ApiKey } from '../../keys/api-key.ts';
import { absent, created, refuse } from '../answers.ts';
import { type Answer, type Call, defineOperation } from '../operation.ts';
import { applicationParams } from '../schemas/applications.ts';
import { issuedKeySchema, keySchema, rotatedKeySchema } from '../schemas/key-answers.ts';
import { changeOverlapBody, describeKey, issueKeyBody, keyParams, rotateKeyBody } from '../schemas/keys.ts';
import { noQuery, timeText } from '../schemas/registry.ts';
import { answer } from '../answers.ts';
import { currentKey } from './keys.ts';

type AnyCall = Pick<Call, 'portal' | 'caller' | 'nowMs'>;

const issueKey = defineOperation({
  operationId: 'issueKey',
  method: 'POST',
  path: '/applications/{applicationId}/keys',
  tag: 'Keys',
  summary: 'Issue a key',
  description:
    'The answer is the only place where the key stands. Send an `Idempotency-Key`: an answer that was lost can then be ' +
    'asked for again, by sending the same call once more.',
  access: 'keys:write',
  params: applicationParams,
  query: noQuery,
  body: issueKeyBody,
  exampleBody: {
    name: 'Build server',
    environment: 'test',
    expiresAt: '2027-01-31T00:00:00Z',
    allowlist: [{ cidr: '203.0.113.0/24', note: 'Office Berlin' }],
  },
  success: { status: 201, description: 'The key.', schema: issuedKeySchema },
  refusals: ['not_found', 'email_not_verified', 'too_many_keys', 'already_issued', 'invalid_body'],
  repeatable: true,
  async handler({ portal, caller, params: { applicationId }, body, requestId, nowMs }) {
    const { name, environment, expiresAt: expiresAtMs, allowlist } = body;
    if (expiresAtMs !== null && expiresAtMs <= nowMs) return invalid('#/expiresAt', 'This time has passed.');
    const request = { name, environment, expiresAtMs, allowlist, requestId };
    const result = await portal.keys.issue(caller().actor, applicationId, request);
    if (result.ok) return handOver({ portal, caller, nowMs }, result.key, result.token);
    if (result.reason === 'not_found') return absent('application');
    if (result.reason !== 'already_issued') return refuse(result.reason);
    return handOverAgain({ portal, caller, nowMs }, applicationId, result.keyId);
  },
});

const rotateKey = defineOperation({
  operationId: 'rotateKey',
  method: 'POST',
  path: '/applications/{applicationId}/keys/{keyId}/rotation',
  tag: 'Keys',
  summary: 'Rotate a key',
  description:
    'Replaces a key: the successor works at once, the old key until the overlap ends, and never beyond its own expiry. ' +
    'Name, restrictions, quota and rate limit go on. The answer is the only place where the new key stands: send an ' +
    '`Idempotency-Key`, so that an answer that was lost can be asked for again.',
  access: 'keys:write',
  params: keyParams,
  query: noQuery,
  body: rotateKeyBody,
  exampleBody: { overlapSeconds: 3600 },
  success: { status: 201, description: 'The successor.', schema: rotatedKeySchema },
  refusals: [
    'not_found',
    'email_not_verified',
    'already_issued',
    'already_rotated',
    'key_state_conflict',
    'too_many_overlaps',
    'overlap_too_long',
    'precondition_failed',
  ],
  repeatable: true,
  current: currentKey,
  async handler({ portal, caller, params: { applicationId, keyId }, body, requestId, nowMs }) {
    const request = { overlapMs: body.overlapSeconds * 1000, requestId };
    const result = await portal.keys.rotate(caller().actor, applicationId, keyId, request);
    const rotation = { replacedKeyId: keyId };
    if (result.ok) {
      const ends = { ...rotation, oldKeyEndsAt: timeText(result.oldKeyEndsAtMs) };
      return handOver({ portal, caller, nowMs }, result.key, result.token, ends);
    }
    if (result.reason === 'already_issued') {
      const old = await portal.keys.find(caller().actor, applicationId, keyId);
      const ends = { ...rotation, oldKeyEndsAt: timeText(old?.expiresAtMs ?? nowMs) };
      return handOverAgain({ portal, caller, nowMs }, applicationId, result.keyId, ends);
    }
    if (result.reason === 'overlap_too_long') return overlapTooLong(result.maxMs);
    if (result.reason === 'not_found') return absent('key');
    return refuse(result.reason === 'key_not_active' ? 'key_state_conflict' : result.reason);
  },
});

const changeOverlap = defineOperation({
  operationId: 'changeOverlap',
  method: 'PUT',
  path: '/applications/{applicationId}/keys/{keyId}/overlap',
  tag: 'Keys',
  summary: 'End an overlap, or move its end',
  description: 'Of a key that was rotated: 0 ends it at once. It can be extended within the limit of the plans.',
  access: 'keys:write',
  params: keyParams,
  query: noQuery,
  body: changeOverlapBody,
  exampleBody: { overlapSeconds: 0 },
  success: { status: 200, description: 'The old key.', schema: keySchema },
  refusals: ['not_found', 'not_in_overlap', 'overlap_too_long', 'precondition_failed'],
  current: currentKey,
  async handler({ portal, caller, params, body, nowMs }) {
    const { applicationId, keyId } = params;
    const result = await portal.keys.changeOverlap(caller().actor, applicationId, keyId, body.overlapSeconds * 1000);
    // Ended at this moment, and not at that of the call: it has expired already.
    if (result.ok) return answer(describeKey(result.key, portal.nowMs()));
    if (result.reason === 'overlap_too_long') return overlapTooLong(result.latestEndsAtMs - nowMs);
    return result.reason === 'not_found' ? absent('key') : refuse('not_in_overlap');
  },
});

/** Whoever gets the answer has the token: the key need not be confirmed by hand. */
async function handOver(
  { portal, caller, nowMs }: AnyCall,
  { applicationId, id }: Pick<ApiKey, 'applicationId' | 'id'>,
  token: string,
  rotation: object = {},
): Promise<Answer> {
  const confirmed = await portal.keys.confirm(caller().actor, applicationId, id);
  if (!confirmed.ok) return refuse('already_issued', undefined, { keyId: id });
  const body = { key: describeKey(confirmed.key, nowMs), token, ...rotation };
  return created(body, `/applications/${applicationId}/keys/${id}`);
}

/**
 * The same request made a key before, and its answer was never kept: the process ended between the two. Nobody has
 * confirmed or used that key, so that it can have another token; once somebody has, it cannot.
 */
async function handOverAgain(
  call: AnyCall,
  applicationId: string,
  keyId: string,
  rotation: object = {},
): Promise<Answer> {
  const replaced = await call.portal.keys.replaceSecret(call.caller().actor, applicationId, keyId);
  if (replaced.ok) return handOver(call, replaced.key, replaced.token, rotation);
  return refuse('already_issued', undefined, { keyId });
}

function overlapTooLong(maxMs: number): Answer {
  const maxSeconds = Math.floor(maxMs / 1000);
  return refuse('overlap_too_long', `The overlap can be ${maxSeconds} seconds at most.`, { maxSeconds });
}

function invalid(pointer: string, detail: string): Answer {
  return refuse('invalid_body', undefined, { errors: [{ pointer, detail }] });
}

export const issuingOperations = [issueKey, rotateKey, changeOverlap];
