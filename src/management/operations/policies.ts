import { z } from 'zod';

import { absentHere, answer } from '../answers.ts';
import { defineOperation } from '../operation.ts';
import { pageOf, pageQuery } from '../page.ts';
import {
  describeOwnPolicy,
  describePolicy,
  ownPolicyListSchema,
  policyListSchema,
  policyParams,
  policySchema,
} from '../schemas/policies.ts';
import { noParams, noQuery } from '../schemas/registry.ts';

const listPolicies = defineOperation({
  operationId: 'listPolicies',
  method: 'GET',
  path: '/policies',
  tag: 'Policies',
  summary: 'List the security policies',
  description: 'All that were announced, also those that were withdrawn since.',
  access: 'public',
  params: noParams,
  query: z.strictObject(pageQuery),
  body: null,
  success: { status: 200, description: 'A page of policies.', schema: policyListSchema },
  refusals: [],
  cacheable: true,
  async handler({ portal, query }) {
    const policies = await portal.policies.list();
    const { items, nextCursor } = pageOf(policies, ({ createdAtMs: at, id }) => ({ at, id }), query);
    return answer({ policies: items.map((policy) => describePolicy(policy, portal.site.publicUrl)), nextCursor });
  },
});

const getPolicy = defineOperation({
  operationId: 'getPolicy',
  method: 'GET',
  path: '/policies/{slug}',
  tag: 'Policies',
  summary: 'Get a security policy',
  access: 'public',
  params: policyParams,
  query: noQuery,
  body: null,
  success: { status: 200, description: 'What it asks for, and from when.', schema: policySchema },
  refusals: ['not_found'],
  cacheable: true,
  async handler({ portal, params }) {
    const policy = await portal.policies.find(params.slug);
    return policy
      ? answer(describePolicy(policy, portal.site.publicUrl))
      : absentHere('No policy with this slug was announced.');
  },
});

const listOwnPolicies = defineOperation({
  operationId: 'listOwnPolicies',
  method: 'GET',
  path: '/account/policies',
  tag: 'Policies',
  summary: 'List the security policies that your keys break',
  description: 'With what is wrong with each key, by the calls of the last seven days.',
  access: 'notices:read',
  params: noParams,
  query: noQuery,
  body: null,
  success: { status: 200, description: 'The policies and the keys.', schema: ownPolicyListSchema },
  refusals: [],
  async handler({ portal, caller }) {
    const own = await portal.policies.own(caller().actor);
    return answer({ policies: own.map((one) => describeOwnPolicy(one, portal.site.publicUrl)) });
  },
});

export const policyOperations = [listPolicies, getPolicy, listOwnPolicies];
