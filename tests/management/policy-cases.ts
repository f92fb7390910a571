import { expect } from 'vitest';

import { type OperationCase, type Scene, absent } from './operation-case.ts';

const draft = {
  title: 'Every key ends',
  reason: 'Keys that nobody looks after are found by others.',
  api: 'parcels',
  plan: 'free',
  rules: [{ kind: 'expiry_required', days: 365 }, { kind: 'basic_refused' }],
};
const policy = {
  title: draft.title,
  api: 'parcels',
  plan: 'free',
  environment: 'all',
  rules: [
    { kind: 'basic_refused', days: null },
    { kind: 'expiry_required', days: 365 },
  ],
};
const enforced = '2100-03-01T09:00:00.000Z';
const pathOf = ({ policySlug }: Scene, rest = ''): string => `/owner/policies/${policySlug}${rest}`;
const NOTHING = '/owner/policies/nothing';

/** Each has a draft of the first revision; what everybody may read was announced before. */
export const policyCases: Readonly<Record<string, OperationCase>> = {
  listAllPolicies: {
    by: 'olga',
    ok: () => ({ path: '/owner/policies?limit=5' }),
    answers: ({ policySlug }) => ({ policies: [{ policy: { slug: policySlug, stage: 'draft' } }], nextCursor: null }),
    refused: () => ({ path: '/owner/policies?limit=0', code: 'invalid_parameter' }),
  },
  draftPolicy: {
    by: 'olga',
    ok: () => ({ method: 'POST', path: '/owner/policies', body: { ...draft, title: 'Another' } }),
    answers: () => ({ ...policy, title: 'Another', slug: 'another', stage: 'draft', revision: 1 }),
    refused: () => ({
      method: 'POST',
      path: '/owner/policies',
      body: { ...draft, api: 'nothing' },
      code: 'invalid_body',
    }),
  },
  redraftPolicy: {
    by: 'olga',
    ok: (scene) => ({ method: 'PUT', path: pathOf(scene), body: { ...draft, environment: 'test', revision: 1 } }),
    answers: ({ policySlug }) => ({ ...policy, slug: policySlug, environment: 'test', stage: 'draft', revision: 2 }),
    refused: (scene) => ({
      method: 'PUT',
      path: pathOf(scene),
      body: { ...draft, revision: 2 },
      code: 'precondition_failed',
    }),
  },
  getPolicyReport: {
    by: 'olga',
    ok: (scene) => ({ path: `${pathOf(scene)}?days=30` }),
    answers: ({ keyId, policySlug }) => ({
      policy: { slug: policySlug, stage: 'draft' },
      days: 30,
      keys: expect.arrayContaining([expect.objectContaining({ keyId, broken: ['expiry_required'] })]) as unknown,
    }),
    refused: () => absent('GET', NOTHING),
  },
  planPolicy: {
    by: 'olga',
    ok: (scene) => ({ method: 'PUT', path: pathOf(scene, '/dates'), body: { dates: { enforced }, revision: 1 } }),
    answers: () => ({ dates: { announced: null, enforced }, revision: 2 }),
    refused: (scene) => ({
      method: 'PUT',
      path: pathOf(scene, '/dates'),
      body: { dates: { announced: enforced, enforced }, revision: 1 },
      code: 'invalid_body',
    }),
  },
  movePolicy: {
    by: 'olga',
    ok: (scene) => ({ method: 'PUT', path: pathOf(scene, '/stage'), body: { stage: 'announced', revision: 1 } }),
    answers: ({ policySlug }) => ({ slug: policySlug, stage: 'announced', revision: 2 }),
    refused: (scene) => ({
      method: 'PUT',
      path: pathOf(scene, '/stage'),
      body: { stage: 'enforced', revision: 1 },
      code: 'invalid_body',
    }),
  },
  listPolicies: {
    by: 'nobody',
    ok: () => ({ path: '/policies' }),
    answers: ({ policySlug }) => ({ policies: [{ slug: policySlug, stage: 'announced' }], nextCursor: null }),
    refused: () => ({ path: '/policies?cursor=x', code: 'invalid_parameter' }),
  },
  getPolicy: {
    by: 'nobody',
    ok: ({ policySlug }) => ({ path: `/policies/${policySlug}` }),
    answers: ({ policySlug }) => ({ slug: policySlug, stage: 'announced' }),
    refused: () => absent('GET', '/policies/nothing'),
  },
  listOwnPolicies: {
    ok: () => ({ path: '/account/policies' }),
    answers: ({ keyId, policySlug }) => ({
      policies: [{ policy: { slug: policySlug }, keys: [{ keyId, broken: ['expiry_required'], calls: 0 }] }],
    }),
    refused: () => ({ path: '/account/policies?limit=1', code: 'invalid_parameter' }),
  },
};
