import type { Actor } from '../accounts/account.ts';
import type { PolicyDraft } from '../policies/draft-policy.form.ts';
import type { DraftPolicyResult } from '../policies/draft-policy.ts';
import type { PlanPolicyResult } from '../policies/plan-policy.ts';
import type { MovePolicyResult } from '../policies/move-policy.ts';
import type { DatedStage, PolicyDates, SecurityPolicy } from '../policies/policy.ts';
import type { OwnPolicy } from '../policies/read-own-policies.ts';
import type { LookBackDays } from '../policies/read-policy-impact.ts';
import type { PolicyReport } from '../policies/read-policy-report.ts';
import type { PolicyImpact } from '../policies/simulate-policy.ts';

/** Security policies: what everybody may read, what concerns one's own keys, and what owners do. */
export interface PortalPolicies {
  /** Those that were announced, the newest first. */
  list(): Promise<readonly SecurityPolicy[]>;
  /** null for a draft too. */
  find(slug: string): Promise<SecurityPolicy | null>;
  /** Those that keys of the actor's teams break. */
  own(actor: Actor): Promise<readonly OwnPolicy[]>;
  owner: {
    /** Owners only, as all of these: for everybody else there is none. */
    list(actor: Actor): Promise<readonly { policy: SecurityPolicy; impact: PolicyImpact }[]>;
    /** Also drafts. */
    find(actor: Actor, slug: string): Promise<SecurityPolicy | null>;
    report(actor: Actor, policyId: string, days: LookBackDays): Promise<PolicyReport | null>;
    draft(actor: Actor, draft: PolicyDraft): Promise<DraftPolicyResult>;
    redraft(
      actor: Actor,
      policyId: string,
      request: { draft: PolicyDraft; revision: number },
    ): Promise<DraftPolicyResult>;
    plan(actor: Actor, policyId: string, request: { dates: PolicyDates; revision: number }): Promise<PlanPolicyResult>;
    move(
      actor: Actor,
      policyId: string,
      request: { to: DatedStage | 'withdrawn'; revision: number },
    ): Promise<MovePolicyResult>;
  };
}
