import type { PolicyCountStore } from './policy-count-store.ts';
import type { PolicyKeyStore } from './policy-key-store.ts';
import type { PolicyScope, SecurityPolicy } from './policy.ts';
import { type PolicyImpact, simulatePolicy } from './simulate-policy.ts';

export interface PolicyImpactDeps {
  keys: PolicyKeyStore;
  counts: Pick<PolicyCountStore, 'manners'>;
}

/** What an estimate can look back on. */
export const LOOK_BACK_DAYS = [7, 30] as const;
export type LookBackDays = (typeof LOOK_BACK_DAYS)[number];

const DAY_MS = 86_400_000;

export type EstimatedPolicy = Pick<SecurityPolicy, 'rules' | 'dates'> & PolicyScope;

/**
 * Whom a policy would hit, from the calls that were recorded in the last so many days: as of now or, when it is
 * enforced later, as of then, since keys become older.
 * @param teamIds null: all teams
 */
export async function readPolicyImpact(
  deps: PolicyImpactDeps,
  policy: EstimatedPolicy,
  { days, teamIds, nowMs }: { days: LookBackDays; teamIds: readonly string[] | null; nowMs: number },
): Promise<PolicyImpact> {
  const [impact] = await readPolicyImpacts(deps, [policy], { days, teamIds, nowMs });
  if (!impact) throw new Error('an impact is missing');
  return impact;
}

/** The same for several policies, which share what is read. */
export async function readPolicyImpacts(
  { keys, counts }: PolicyImpactDeps,
  policies: readonly EstimatedPolicy[],
  { days, teamIds, nowMs }: { days: LookBackDays; teamIds: readonly string[] | null; nowMs: number },
): Promise<readonly PolicyImpact[]> {
  const listed = await keys.list(teamIds);
  const manners = await counts.manners(nowMs - days * DAY_MS, teamIds ? listed.map(({ keyId }) => keyId) : undefined);
  return policies.map((policy) =>
    simulatePolicy(policy, listed, manners, Math.max(nowMs, policy.dates.enforced ?? nowMs)),
  );
}
