import type { PolicyStore } from './policy-store.ts';
import { type SecurityPolicy, isPublic } from './policy.ts';
import { type PolicyImpactDeps, readPolicyImpacts } from './read-policy-impact.ts';
import type { HitKey } from './simulate-policy.ts';

/** A policy, and the keys of one's own teams that break it. */
export interface OwnPolicy {
  policy: SecurityPolicy;
  keys: readonly HitKey[];
}

export interface OwnPoliciesDeps extends PolicyImpactDeps {
  policies: Pick<PolicyStore, 'list'>;
}

/** Announced policies that keys of these teams break, by the calls of the last week; what comes first stands first. */
export async function readOwnPolicies(
  deps: OwnPoliciesDeps,
  teamIds: readonly string[],
  nowMs: number,
): Promise<readonly OwnPolicy[]> {
  const announced = (await deps.policies.list()).filter((policy) => isPublic(policy) && policy.stage !== 'withdrawn');
  if (announced.length === 0 || teamIds.length === 0) return [];
  const impacts = await readPolicyImpacts(deps, announced, { days: 7, teamIds, nowMs });
  return announced
    .map((policy, index) => ({ policy, keys: impacts[index]?.keys ?? [] }))
    .filter(({ keys }) => keys.length > 0)
    .sort((a, b) => (a.policy.dates.enforced ?? Infinity) - (b.policy.dates.enforced ?? Infinity));
}
