import { createAuditStore } from '../audit/audit-store.ts';
import { startPolicies } from '../jobs/advance-policies.ts';
import type { MailWriters } from '../jobs/deliver-outbox.ts';
import { draftPolicy, redraftPolicy } from '../policies/draft-policy.ts';
import { movePolicy } from '../policies/move-policy.ts';
import { planPolicy } from '../policies/plan-policy.ts';
import { createPolicyCountStore } from '../policies/policy-count-store.ts';
import { policyDatesMail } from '../policies/policy-dates-mail.ts';
import { createPolicyDatesStore } from '../policies/policy-dates-store.ts';
import { createPolicyKeyStore } from '../policies/policy-key-store.ts';
import { policyStageMail } from '../policies/policy-mail.ts';
import { createPolicyScopeStore } from '../policies/policy-scope-store.ts';
import { createPolicyStageStore } from '../policies/policy-stage-store.ts';
import { createPolicyStore } from '../policies/policy-store.ts';
import { isPublic } from '../policies/policy.ts';
import { readOwnPolicies } from '../policies/read-own-policies.ts';
import { readPolicyImpacts } from '../policies/read-policy-impact.ts';
import { readPolicyReport } from '../policies/read-policy-report.ts';
import type { AccountParts } from './bind-accounts.ts';
import type { Foundation } from './foundation.ts';
import type { PortalPolicies } from '../portal/portal-policies.ts';

function createPolicyParts({ databases, clock, random }: Foundation) {
  return {
    policies: createPolicyStore(databases.portal),
    scopes: createPolicyScopeStore(databases.portal),
    stages: createPolicyStageStore(databases.portal),
    dates: createPolicyDatesStore(databases.portal),
    keys: createPolicyKeyStore(databases.portal),
    counts: createPolicyCountStore(databases.usage),
    audit: createAuditStore(databases.portal),
    clock,
    random,
  };
}

const absent = { ok: false, reason: 'not_found' } as const;

export function bindPolicies(foundation: Foundation): PortalPolicies {
  const parts = createPolicyParts(foundation);
  const { policies, clock } = parts;
  return {
    list: async () => (await policies.list()).filter(isPublic),
    async find(slug) {
      const policy = await policies.findBySlug(slug);
      return policy && isPublic(policy) ? policy : null;
    },
    own: (actor) => readOwnPolicies(parts, actor.teamIds, clock.nowMs()),
    owner: {
      async list({ role }) {
        if (role !== 'owner') return [];
        const all = await policies.list();
        const impacts = await readPolicyImpacts(parts, all, { days: 7, teamIds: null, nowMs: clock.nowMs() });
        return all.flatMap((policy, index) => (impacts[index] ? [{ policy, impact: impacts[index] }] : []));
      },
      find: async ({ role }, slug) => (role === 'owner' ? policies.findBySlug(slug) : null),
      async report({ role }, policyId, days) {
        const policy = role === 'owner' ? await policies.find(policyId) : null;
        return policy && readPolicyReport(parts, policy, days, clock.nowMs());
      },
      draft: async (actor, draft) => (actor.role === 'owner' ? draftPolicy(parts, actor, draft) : absent),
      redraft: async (actor, policyId, request) =>
        actor.role === 'owner' ? redraftPolicy(parts, actor, policyId, request) : absent,
      plan: async (actor, policyId, request) =>
        actor.role === 'owner' ? planPolicy(parts, actor, policyId, request) : absent,
      move: async (actor, policyId, request) =>
        actor.role === 'owner' ? movePolicy(parts, actor, policyId, request) : absent,
    },
  };
}

export function startPolicyJobs(foundation: Foundation): { stop(): Promise<void> } {
  return startPolicies({ ...createPolicyParts(foundation), log: foundation.log });
}

export function policyMailWriters(foundation: Foundation, { accounts, publicUrl }: AccountParts) {
  const deps = { ...createPolicyParts(foundation), accounts, publicUrl };
  return {
    'mail.policy_stage': (payload) => policyStageMail(deps, payload),
    'mail.policy_dates': (payload) => policyDatesMail(deps, payload),
  } satisfies Partial<MailWriters>;
}
