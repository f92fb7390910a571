import type { DatedStage, PolicyScope, PolicyStage, SecurityPolicy } from './policy.ts';
import { covers, isInForce } from './policy.ts';
import {
  type PolicyCallFacts,
  type PolicyCheck,
  type PolicyKeyFacts,
  type PolicyRuleKind,
  prepareChecks,
  violates,
} from './policy-rule.ts';

/** A policy that a call breaks, and the first of its rules that it breaks. */
export interface Violation {
  policyId: string;
  slug: string;
  title: string;
  rule: PolicyRuleKind;
  stage: Exclude<DatedStage, 'announced'>;
  /** Since when calls are refused, or when that begins; null while that is not decided. */
  enforcedAtMs: number | null;
}

/** What verifiers know of the policies in force. */
export interface PolicyBook {
  /** All that a call breaks; null for nothing, which is found without allocating anything. */
  judge(
    key: PolicyKeyFacts,
    call: PolicyCallFacts,
    /** '' when the call names none. */
    api: string,
    /** null without a subscription. */
    plan: string | null,
    nowMs: number,
  ): readonly Violation[] | null;
}

/** A policy as it is stored, as far as verifiers need it. */
export type ActivePolicy = Pick<SecurityPolicy, 'id' | 'slug' | 'title' | 'stage' | 'rules' | 'dates'> & PolicyScope;

interface Page {
  scope: PolicyScope;
  checks: readonly PolicyCheck[];
  /** One for each check, made beforehand. */
  violations: readonly Violation[];
}

/** Prepares policies once for all calls until the next change; null when none is in force. */
export function writePolicyBook(policies: readonly ActivePolicy[]): PolicyBook | null {
  const pages = policies.flatMap((policy) => (isInForce(policy.stage) ? [pageOf(policy)] : []));
  if (pages.length === 0) return null;
  return {
    judge(key, call, api, plan, nowMs) {
      let found: Violation[] | null = null;
      for (const { scope, checks, violations } of pages) {
        if (!covers(scope, key.environment, api, plan)) continue;
        const broken = firstViolated(checks, key, call, nowMs);
        const violation = broken === -1 ? undefined : violations[broken];
        if (violation) (found ??= []).push(violation);
      }
      return found;
    },
  };
}

/** Which of these rules is broken first; -1 for none. */
export function firstViolated(
  checks: readonly PolicyCheck[],
  key: PolicyKeyFacts,
  call: PolicyCallFacts | null,
  nowMs: number,
): number {
  for (let index = 0; index < checks.length; index += 1) {
    const check = checks[index];
    if (check && violates(check, key, call, nowMs)) return index;
  }
  return -1;
}

function pageOf(policy: ActivePolicy): Page {
  const { id: policyId, slug, title, dates } = policy;
  const checks = prepareChecks(policy.rules);
  const shared = { policyId, slug, title, stage: stageInForce(policy.stage), enforcedAtMs: dates.enforced };
  return { scope: policy, checks, violations: checks.map(({ rule }) => ({ ...shared, rule: rule.kind })) };
}

function stageInForce(stage: PolicyStage): Violation['stage'] {
  return stage === 'enforced' || stage === 'warned' ? stage : 'observed';
}
