import type { Actor } from '../accounts/account.ts';
import type { Clock } from '../platform/clock.ts';
import type { Random } from '../platform/random.ts';
import type { PolicyStageStore } from './policy-stage-store.ts';
import type { PolicyStore } from './policy-store.ts';
import { type DatedStage, type PolicyStage, type SecurityPolicy, canMove, datesAfterMove, dueStage } from './policy.ts';
import { type PolicyImpactDeps, readPolicyImpact } from './read-policy-impact.ts';

export type MovePolicyResult = { ok: true } | { ok: false; reason: 'not_found' | 'changed_meanwhile' | 'no_such_move' };

export interface MovePolicyDeps extends PolicyImpactDeps {
  policies: Pick<PolicyStore, 'find' | 'listDatedBefore'>;
  stages: Pick<PolicyStageStore, 'move'>;
  clock: Clock;
  random: Random;
}

/**
 * Moves a policy to another stage at once: on, back to a milder one, or to its end.
 * @param revision of the policy that its owner has seen
 */
export async function movePolicy(
  deps: MovePolicyDeps,
  actor: Actor,
  policyId: string,
  { to, revision }: { to: DatedStage | 'withdrawn'; revision: number },
): Promise<MovePolicyResult> {
  const policy = await deps.policies.find(policyId);
  if (!policy) return { ok: false, reason: 'not_found' };
  if (policy.revision !== revision) return { ok: false, reason: 'changed_meanwhile' };
  if (!canMove(policy.stage, to)) return { ok: false, reason: 'no_such_move' };
  const isMoved = await move(deps, policy, to, actor.accountId);
  return isMoved ? { ok: true } : { ok: false, reason: 'changed_meanwhile' };
}

/** Moves every policy on whose date has come, one stage at a time; returns how often that was. */
export async function advancePolicies(deps: MovePolicyDeps): Promise<number> {
  let moves = 0;
  for (const { id } of await deps.policies.listDatedBefore(deps.clock.nowMs())) {
    for (;;) {
      const policy = await deps.policies.find(id);
      const due = policy && dueStage(policy, deps.clock.nowMs());
      // Another process may have been first: then its move is the one that counts.
      if (!policy || !due || !(await move(deps, policy, due, 'system'))) break;
      moves += 1;
    }
  }
  return moves;
}

async function move(deps: MovePolicyDeps, policy: SecurityPolicy, to: PolicyStage, actor: string): Promise<boolean> {
  const nowMs = deps.clock.nowMs();
  const dates = datesAfterMove(policy, to, nowMs);
  const about = { days: 30, teamIds: null, nowMs } as const;
  const { keys: hit } = await readPolicyImpact(deps, { ...policy, dates }, about);
  return deps.stages.move({ policy, to, dates, hit, actor, nowMs }, deps.random);
}
