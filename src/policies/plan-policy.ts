import type { Actor } from '../accounts/account.ts';
import type { Clock } from '../platform/clock.ts';
import type { Random } from '../platform/random.ts';
import type { PolicyDatesStore } from './policy-dates-store.ts';
import type { PolicyStore } from './policy-store.ts';
import { DATED_STAGES, type DatedStage, type PolicyDates, STAGES, isPublic, stageOutOfOrder } from './policy.ts';
import { type PolicyImpactDeps, readPolicyImpact } from './read-policy-impact.ts';

export type PlanPolicyResult =
  | { ok: true }
  | { ok: false; reason: 'not_found' | 'changed_meanwhile' }
  /** The date of this stage is not after now, or not after that of an earlier one. */
  | { ok: false; reason: 'dates_out_of_order'; stage: DatedStage };

export interface PlanPolicyDeps extends PolicyImpactDeps {
  policies: Pick<PolicyStore, 'find'>;
  dates: PolicyDatesStore;
  clock: Clock;
  random: Random;
}

/** Sets the dates of the stages that are to come. Of a policy that was announced, those it hits are told. */
export async function planPolicy(
  deps: PlanPolicyDeps,
  actor: Actor,
  policyId: string,
  { dates, revision }: { dates: PolicyDates; revision: number },
): Promise<PlanPolicyResult> {
  const policy = await deps.policies.find(policyId);
  if (!policy) return { ok: false, reason: 'not_found' };
  if (policy.revision !== revision || policy.stage === 'withdrawn') return { ok: false, reason: 'changed_meanwhile' };
  const nowMs = deps.clock.nowMs();
  const reached = STAGES.indexOf(policy.stage);
  const planned = Object.fromEntries(
    DATED_STAGES.map((stage, index) => [stage, index < reached ? policy.dates[stage] : dates[stage]]),
  ) as PolicyDates;
  const toCome = DATED_STAGES.slice(reached);
  const wrong = toCome.find((stage) => (planned[stage] ?? Infinity) <= nowMs) ?? outOfOrder(planned, toCome);
  if (wrong) return { ok: false, reason: 'dates_out_of_order', stage: wrong };
  const about = { atMs: nowMs, actor: actor.accountId, action: 'policy.planned', subject: policy.id, teamId: null };
  const audit = { ...about, details: { before: datesText(policy.dates), after: datesText(planned) } };
  const isTold = isPublic(policy) && isOtherForCallers(policy.dates, planned);
  const question = { days: 30, teamIds: null, nowMs } as const;
  const hit = isTold ? (await readPolicyImpact(deps, { ...policy, dates: planned }, question)).keys : null;
  const isDone = await deps.dates.replan({ policy, dates: planned, hit, nowMs }, audit, deps.random);
  return isDone ? { ok: true } : { ok: false, reason: 'changed_meanwhile' };
}

/** That calls are observed earlier or later changes nothing for anybody. */
function isOtherForCallers(before: PolicyDates, after: PolicyDates): boolean {
  return before.warned !== after.warned || before.enforced !== after.enforced;
}

function outOfOrder(dates: PolicyDates, toCome: readonly DatedStage[]): DatedStage | null {
  const own = Object.fromEntries(DATED_STAGES.map((stage) => [stage, toCome.includes(stage) ? dates[stage] : null]));
  return stageOutOfOrder(own as PolicyDates);
}

function datesText(dates: PolicyDates): Record<string, string | null> {
  return Object.fromEntries(
    DATED_STAGES.map((stage) => {
      const atMs = dates[stage];
      return [stage, atMs === null ? null : new Date(atMs).toISOString()];
    }),
  );
}
