import { z } from 'zod';

import { mistakesOf } from '../../policies/draft-policy.form.ts';
import type { DraftPolicyResult } from '../../policies/draft-policy.ts';
import { absentHere, answer, created, refuse } from '../answers.ts';
import { type Answer, type Call, defineOperation } from '../operation.ts';
import { pageOf, pageQuery } from '../page.ts';
import {
  describeOwnerPolicy,
  describePolicyImpact,
  describePolicyReport,
  draftOf,
  draftPolicyBody,
  movePolicyBody,
  ownerPolicyListSchema,
  ownerPolicySchema,
  planPolicyBody,
  policyReportSchema,
  redraftPolicyBody,
  reportQuery,
} from '../schemas/owner-policies.ts';
import { policyParams } from '../schemas/policies.ts';
import { noParams, noQuery } from '../schemas/registry.ts';

const exampleDraft = {
  title: 'Live keys need an allowlist',
  reason: 'A key that leaked is worth nothing elsewhere.',
  api: 'parcels',
  environment: 'live' as const,
  rules: [{ kind: 'allowlist_required' as const }],
};

const changed = { status: 200, description: 'The policy.', schema: ownerPolicySchema } as const;

const listAllPolicies = defineOperation({
  operationId: 'listAllPolicies',
  method: 'GET',
  path: '/owner/policies',
  tag: 'Owners',
  summary: 'List all security policies, and how many keys they hit',
  description: 'By the calls of the last seven days.',
  access: 'owner:read',
  params: noParams,
  query: z.strictObject(pageQuery),
  body: null,
  success: { status: 200, description: 'A page of policies.', schema: ownerPolicyListSchema },
  refusals: [],
  async handler({ portal, caller, query }) {
    const all = await portal.policies.owner.list(caller().actor);
    const { items, nextCursor } = pageOf(all, ({ policy: { createdAtMs: at, id } }) => ({ at, id }), query);
    const policies = items.map(({ policy, impact }) => ({
      policy: describeOwnerPolicy(policy, portal.site.publicUrl),
      impact: describePolicyImpact(impact),
    }));
    return answer({ policies, nextCursor });
  },
});

const draftPolicy = defineOperation({
  operationId: 'draftPolicy',
  method: 'POST',
  path: '/owner/policies',
  tag: 'Owners',
  summary: 'Draft a security policy',
  description: 'Nobody but owners sees it until it is announced.',
  access: 'owner:write',
  params: noParams,
  query: noQuery,
  body: draftPolicyBody,
  exampleBody: exampleDraft,
  success: { status: 201, description: 'The draft.', schema: ownerPolicySchema },
  refusals: ['not_found', 'invalid_body', 'precondition_failed'],
  async handler({ portal, caller, body, nowMs }) {
    const mistakes = dateMistakes(mistakesOf(body.dates, nowMs));
    if (mistakes) return mistakes;
    const result = await portal.policies.owner.draft(caller().actor, draftOf(body));
    if (!result.ok) return draftRefused(result);
    const { policy } = result;
    return created(describeOwnerPolicy(policy, portal.site.publicUrl), `/owner/policies/${policy.slug}`);
  },
});

const getPolicyReport = defineOperation({
  operationId: 'getPolicyReport',
  method: 'GET',
  path: '/owner/policies/{slug}',
  tag: 'Owners',
  summary: 'Get any security policy, and whom it hits',
  access: 'owner:read',
  params: policyParams,
  query: reportQuery,
  body: null,
  success: { status: 200, description: 'The policy, its impact, and what teams did.', schema: policyReportSchema },
  refusals: ['not_found'],
  async handler({ portal, caller, params, query }) {
    const { actor } = caller();
    const policy = await portal.policies.owner.find(actor, params.slug);
    const report = policy && (await portal.policies.owner.report(actor, policy.id, query.days));
    return report ? answer(describePolicyReport(report, portal.site.publicUrl)) : noPolicy();
  },
});

const redraftPolicy = defineOperation({
  operationId: 'redraftPolicy',
  method: 'PUT',
  path: '/owner/policies/{slug}',
  tag: 'Owners',
  summary: 'Change the draft of a security policy',
  description: 'All of it. What was announced is not changed any more: withdraw it and write another.',
  access: 'owner:write',
  params: policyParams,
  query: noQuery,
  body: redraftPolicyBody,
  exampleBody: { ...exampleDraft, revision: 1 },
  success: changed,
  refusals: ['not_found', 'invalid_body', 'precondition_failed'],
  async handler(call) {
    const { portal, caller, params, body, nowMs } = call;
    const { actor } = caller();
    const mistakes = dateMistakes(mistakesOf(body.dates, nowMs));
    if (mistakes) return mistakes;
    const policy = await portal.policies.owner.find(actor, params.slug);
    if (!policy) return noPolicy();
    const request = { draft: draftOf(body), revision: body.revision };
    const result = await portal.policies.owner.redraft(actor, policy.id, request);
    return result.ok ? answerPolicy(call) : draftRefused(result);
  },
});

const planPolicy = defineOperation({
  operationId: 'planPolicy',
  method: 'PUT',
  path: '/owner/policies/{slug}/dates',
  tag: 'Owners',
  summary: 'Set when a security policy moves on',
  description:
    'Of the stages that are to come; the dates of those that began stay. Once a policy was announced, the teams that it ' +
    'hits are mailed when the date of warning or enforcement changes.',
  access: 'owner:write',
  params: policyParams,
  query: noQuery,
  body: planPolicyBody,
  exampleBody: { dates: { announced: '2027-03-01T09:00:00Z', enforced: '2027-06-01T09:00:00Z' }, revision: 1 },
  success: changed,
  refusals: ['not_found', 'invalid_body', 'precondition_failed'],
  async handler(call) {
    const { actor } = call.caller();
    const policy = await call.portal.policies.owner.find(actor, call.params.slug);
    if (!policy) return noPolicy();
    const result = await call.portal.policies.owner.plan(actor, policy.id, call.body);
    if (result.ok) return answerPolicy(call);
    if (result.reason === 'dates_out_of_order') {
      return invalid([[`dates/${result.stage}`, 'This must be in the future, and later than the stages before it.']]);
    }
    return result.reason === 'not_found' ? noPolicy() : changedMeanwhile();
  },
});

const movePolicy = defineOperation({
  operationId: 'movePolicy',
  method: 'PUT',
  path: '/owner/policies/{slug}/stage',
  tag: 'Owners',
  summary: 'Move a security policy to another stage',
  description:
    'At once: on, back to a milder one, or to its end. A draft is announced first; what was withdrawn stays so. Teams whose keys it hits are told by mail.',
  access: 'owner:write',
  params: policyParams,
  query: noQuery,
  body: movePolicyBody,
  exampleBody: { stage: 'announced', revision: 1 },
  success: changed,
  refusals: ['not_found', 'invalid_body', 'precondition_failed'],
  async handler(call) {
    const { actor } = call.caller();
    const policy = await call.portal.policies.owner.find(actor, call.params.slug);
    if (!policy) return noPolicy();
    const { stage: to, revision } = call.body;
    const result = await call.portal.policies.owner.move(actor, policy.id, { to, revision });
    if (result.ok) return answerPolicy(call);
    if (result.reason === 'not_found') return noPolicy();
    if (result.reason === 'changed_meanwhile') return changedMeanwhile();
    return invalid([['stage', `A policy that is ${policy.stage} cannot be moved there.`]]);
  },
});

async function answerPolicy({ portal, caller, params }: Call<{ slug: string }>): Promise<Answer> {
  const policy = await portal.policies.owner.find(caller().actor, params.slug);
  return policy ? answer(describeOwnerPolicy(policy, portal.site.publicUrl)) : noPolicy();
}

function draftRefused({ reason }: Extract<DraftPolicyResult, { ok: false }>): Answer {
  if (reason === 'not_found') return noPolicy();
  if (reason === 'changed_meanwhile') return changedMeanwhile();
  return invalid([['api', 'There is no such API, or it has no such plan.']]);
}

function dateMistakes(mistakes: Readonly<Record<string, string>>): Answer | null {
  const entries = Object.entries(mistakes).map(([stage, detail]): [string, string] => [`dates/${stage}`, detail]);
  return entries.length === 0 ? null : invalid(entries);
}

function invalid(mistakes: readonly [member: string, detail: string][]): Answer {
  const errors = mistakes.map(([member, detail]) => ({ pointer: `#/${member}`, detail }));
  return refuse('invalid_body', undefined, { errors });
}

function changedMeanwhile(): Answer {
  return refuse(
    'precondition_failed',
    'The policy is not as you saw it any more, or no draft any more. Read it again, decide again, and send the new "revision".',
  );
}

function noPolicy(): Answer {
  return absentHere('There is no policy with this slug.');
}

export const ownerPolicyOperations = [
  listAllPolicies,
  draftPolicy,
  getPolicyReport,
  redraftPolicy,
  planPolicy,
  movePolicy,
];
