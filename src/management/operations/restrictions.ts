import type { RestrictKeyResult } from '../../keys/api-key.ts';
import { absent, answer, refuse } from '../answers.ts';
import { type Answer, defineOperation } from '../operation.ts';
import { keySchema } from '../schemas/key-answers.ts';
import { describeKey, keyParams } from '../schemas/keys.ts';
import { noQuery } from '../schemas/registry.ts';
import { replaceAllowlistBody, restrictKeyBody } from '../schemas/restrictions.ts';
import { currentKey } from './keys.ts';

const NARROWING =
  'It counts from the next call on. Narrowing always works; what lets more calls pass than before wants the scope ' +
  '`keys:widen`.';

const refusals = [
  'not_found',
  'key_state_conflict',
  'recent_sign_in_required',
  'precondition_failed',
  'invalid_body',
] as const;

const replaceAllowlist = defineOperation({
  operationId: 'replaceAllowlist',
  method: 'PUT',
  path: '/applications/{applicationId}/keys/{keyId}/allowlist',
  tag: 'Keys',
  summary: 'Say from where a key may be used',
  description: `The whole list, each time; an empty one lets every address in. ${NARROWING}`,
  access: 'keys:write',
  params: keyParams,
  query: noQuery,
  body: replaceAllowlistBody,
  exampleBody: { allowlist: [{ cidr: '203.0.113.0/24', note: 'Office Berlin' }, { cidr: '2001:db8:12::/48' }] },
  success: { status: 200, description: 'The key.', schema: keySchema },
  refusals,
  current: currentKey,
  async handler({ portal, caller, params, body, nowMs }) {
    const result = await portal.keys.restrict(caller().actor, params.applicationId, params.keyId, body);
    return toAnswer(result, nowMs);
  },
});

const restrictKey = defineOperation({
  operationId: 'restrictKey',
  method: 'PATCH',
  path: '/applications/{applicationId}/keys/{keyId}/restrictions',
  tag: 'Keys',
  summary: 'Restrict a key',
  description: `Members that are absent stay as they are; \`[]\` lifts a restriction. ${NARROWING}`,
  access: 'keys:write',
  params: keyParams,
  query: noQuery,
  body: restrictKeyBody,
  exampleBody: { methods: ['GET'], scopes: ['parcels:read'] },
  success: { status: 200, description: 'The key.', schema: keySchema },
  refusals,
  current: currentKey,
  async handler({ portal, caller, params, body, nowMs }) {
    const given = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
    const result = await portal.keys.restrict(caller().actor, params.applicationId, params.keyId, given);
    return toAnswer(result, nowMs);
  },
});

function toAnswer(result: RestrictKeyResult, nowMs: number): Answer {
  if (result.ok) return answer(describeKey(result.key, nowMs));
  const invalid = (pointer: string, detail: string): Answer =>
    refuse('invalid_body', undefined, { errors: [{ pointer, detail }] });
  switch (result.reason) {
    case 'not_found':
      return absent('key');
    case 'key_not_active':
      return refuse('key_state_conflict');
    case 'recent_sign_in_required':
      return refuse('recent_sign_in_required', undefined, { scope: 'keys:widen' });
    case 'whole_internet':
      return invalid(
        '#/allowlist',
        `The entries hold the whole internet (${result.families.join(' and ')}). Send "wholeInternetConfirmed": true if that is meant, or [] for any address.`,
      );
    case 'unknown_scopes':
      return invalid('#/scopes', `No plan of the application has ${result.scopes.join(', ')}.`);
    case 'unknown_operations':
      return invalid(
        '#/operations',
        `The application is subscribed to no API with ${result.operations.map(({ operationId }) => operationId).join(', ')}.`,
      );
  }
}

export const restrictionOperations = [replaceAllowlist, restrictKey];
