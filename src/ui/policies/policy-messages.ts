import type { FieldErrors } from '../../platform/parsed.ts';
import type { DraftPolicyResult } from '../../policies/draft-policy.ts';
import type { PlanPolicyResult } from '../../policies/plan-policy.ts';
import type { MovePolicyResult } from '../../policies/move-policy.ts';

type Refusal<Result> = Extract<Result, { ok: false }>;

const CHANGED = 'Somebody else has changed this policy meanwhile. Read it again, then decide.';

export function draftRefused({ reason }: Refusal<DraftPolicyResult>): FieldErrors {
  if (reason === 'unknown_scope') return { scope: 'This API or plan is no longer offered. Choose another.' };
  return { '': 'Somebody else has changed or announced this policy meanwhile. Read it again, then decide.' };
}

export function planRefused(refusal: Refusal<PlanPolicyResult>): FieldErrors {
  if (refusal.reason !== 'dates_out_of_order') return { '': CHANGED };
  return { [refusal.stage]: 'Choose a moment in the future that is later than the stages before it.' };
}

export function moveRefused({ reason }: Refusal<MovePolicyResult>): FieldErrors {
  return { '': reason === 'no_such_move' ? 'A policy cannot go from its stage to this one.' : CHANGED };
}
