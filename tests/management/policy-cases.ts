import { expect } from 'vitest';

import { type OperationCase, absent } from './operation-case.ts';

const SLUG = 'every-key-ends';
const draft = {
  title: 'Every key ends',
  reason: 'Keys that nobody looks after are found by others.',
  api: 'parcels',
  plan: 'free',
  rules: [{ kind: 'expiry_required', days: 365 }, { kind: 'basic_refused' }],
};
const policy = {
  slug: SLUG,
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
const path = `/owner/policies/${SLUG}`;
const NOTHING = '/owner/policies/nothing';

/**
 * The life of one policy: these are tried in the order of the table of operations, which is that of its life, and each
 * finds what the one before has left. What everybody reads comes last.
 */
export const policyCases: Readonly<Record<string, OperationCase>> = {
  listAllPolicies: {
    by: 'olga',
    ok: () => ({ path: '/owner/policies?limit=5' }),
    answers: () => ({ policies: [], nextCursor: null }),
    refused: () => ({ path: '/owner/policies?limit=0', code: 'invalid_parameter' }),
  },
  draftPolicy: {
    by: 'olga',
    ok: () => ({ method: 'POST', path: '/owner/policies', body: draft }),
    answers: () => ({ ...policy, stage: 'draft', revision: 1 }),
    refused: () => ({
      method: 'POST',
      path: '/owner/policies',
      body: { ...draft, api: 'nothing' },
      code: 'invalid_body',
    }),
  },
  redraftPolicy: {
    by: 'olga',
    ok: () => ({ method: 'PUT', path, body: { ...draft, environment: 'test', revision: 1 } }),
    answers: () => ({ ...policy, environment: 'test', stage: 'draft', revision: 2 }),
    refused: () => ({ method: 'PUT', path, body: { ...draft, revision: 1 }, code: 'precondition_failed' }),
  },
  getPolicyReport: {
    by: 'olga',
    ok: () => ({ path: `${path}?days=30` }),
    // The test keys of every scene until now have no end.
    answers: ({ keyId }) => ({
      policy: { slug: SLUG, stage: 'draft' },
      days: 30,
      keys: expect.arrayContaining([expect.objectContaining({ keyId, broken: ['expiry_required'] })]) as unknown,
    }),
    refused: () => absent('GET', NOTHING),
  },
  planPolicy: {
    by: 'olga',
    ok: () => ({ method: 'PUT', path: `${path}/dates`, body: { dates: { enforced }, revision: 2 } }),
    answers: () => ({ dates: { announced: null, enforced }, revision: 3 }),
    refused: () => ({
      method: 'PUT',
      path: `${path}/dates`,
      body: { dates: { announced: enforced, enforced }, revision: 3 },
      code: 'invalid_body',
    }),
  },
  movePolicy: {
    by: 'olga',
    ok: () => ({ method: 'PUT', path: `${path}/stage`, body: { stage: 'announced', revision: 3 } }),
    answers: () => ({ slug: SLUG, stage: 'announced', dates: { enforced }, revision: 4 }),
    refused: () => ({
      method: 'PUT',
      path: `${path}/stage`,
      body: { stage: 'announced', revision: 4 },
      code: 'invalid_body',
    }),
  },
  listPolicies: {
    by: 'nobody',
    ok: () => ({ path: '/policies' }),
    answers: () => ({ policies: [{ slug: SLUG, stage: 'announced' }], nextCursor: null }),
    refused: () => ({ path: '/policies?cursor=x', code: 'invalid_parameter' }),
  },
  getPolicy: {
    by: 'nobody',
    ok: () => ({ path: `/policies/${SLUG}` }),
    answers: () => ({ slug: SLUG, stage: 'announced', dates: { enforced } }),
    refused: () => absent('GET', '/policies/nothing'),
  },
  listOwnPolicies: {
    ok: () => ({ path: '/account/policies' }),
    answers: ({ keyId }) => ({
      policies: [{ policy: { slug: SLUG }, keys: [{ keyId, broken: ['expiry_required'], calls: 0 }] }],
    }),
    refused: () => ({ path: '/account/policies?limit=1', code: 'invalid_parameter' }),
  },
};
