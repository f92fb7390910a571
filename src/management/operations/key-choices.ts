import { previewAllowlist } from '../../key-restrictions/allowlist-preview.ts';
import { DAY_MS } from '../../keys/api-key.ts';
import { absent, answer } from '../answers.ts';
import { defineOperation } from '../operation.ts';
import { applicationParams } from '../schemas/applications.ts';
import {
  allowlistPreviewSchema,
  describeChoices,
  describePreviewed,
  describeTested,
  keyChoicesSchema,
  previewAllowlistBody,
} from '../schemas/key-choices.ts';
import { keyParams } from '../schemas/keys.ts';
import { noQuery } from '../schemas/registry.ts';

/** How far back a preview looks. */
const RECENT_MS = 30 * DAY_MS;

const getKeyChoices = defineOperation({
  operationId: 'getKeyChoices',
  method: 'GET',
  path: '/applications/{applicationId}/key-choices',
  tag: 'Keys',
  summary: 'See what keys of an application can be limited to',
  description: 'Scopes and operations of its plans, and what the plans ask of its keys.',
  access: 'keys:read',
  params: applicationParams,
  query: noQuery,
  body: null,
  success: { status: 200, description: 'What there is to choose from.', schema: keyChoicesSchema },
  refusals: ['not_found'],
  async handler({ portal, caller, params: { applicationId } }) {
    const { actor } = caller();
    const choices = await portal.keys.restrictionChoices(actor, applicationId);
    const rules = choices && (await portal.keys.rules(actor, applicationId));
    return rules ? answer(describeChoices(choices, rules)) : absent('application');
  },
});

const previewKeyAllowlist = defineOperation({
  operationId: 'previewAllowlist',
  method: 'POST',
  path: '/applications/{applicationId}/keys/{keyId}/allowlist/preview',
  tag: 'Keys',
  summary: 'See whom an allowlist would refuse',
  description: 'Changes nothing.',
  access: 'usage:read',
  params: keyParams,
  query: noQuery,
  body: previewAllowlistBody,
  exampleBody: { allowlist: [{ cidr: '203.0.113.0/24' }], address: '203.0.113.7' },
  success: { status: 200, description: 'What becomes of recent callers.', schema: allowlistPreviewSchema },
  refusals: ['not_found'],
  repeatable: true,
  async handler({ portal, caller, params: { applicationId, keyId }, body: { allowlist, address }, nowMs }) {
    const { actor } = caller();
    if (!(await portal.keys.find(actor, applicationId, keyId))) return absent('key');
    const seen = (await portal.usage.addresses(actor, applicationId, keyId)) ?? [];
    const recent = seen.filter(({ lastSeenAtMs }) => lastSeenAtMs > nowMs - RECENT_MS);
    return answer({
      allowlist,
      addresses: previewAllowlist(allowlist, recent).map(describePreviewed),
      tested: describeTested(allowlist, address),
    });
  },
});

export const keyChoiceOperations = [getKeyChoices, previewKeyAllowlist];
