import type { Actor } from '../accounts/account.ts';
import type { PlanStore } from '../plans/plan-store.ts';
import { teamsWith } from '../teams/role.ts';
import type { ApiKey, ScheduleRotationResult } from '../keys/api-key.ts';
import { type ChangeKeyDeps, type KeyReference, changeKey } from '../keys/change-key.ts';

export interface ScheduleRotationDeps extends ChangeKeyDeps {
  plans: Pick<PlanStore, 'keyRules'>;
}

/**
 * Sets how often a key is to be rotated; its team is reminded before each due date. Null leaves it to the plans of the
 * application; an interval longer than theirs would have no effect and is refused.
 */
export async function scheduleRotation(
  deps: ScheduleRotationDeps,
  actor: Actor,
  request: KeyReference & { rotationIntervalDays: number | null },
): Promise<ScheduleRotationResult> {
  const { applicationId, keyId, rotationIntervalDays } = request;
  const { rotationIntervalDays: maxDays } = await deps.plans.keyRules(applicationId);
  const what = ({ rotationIntervalDays: formerly }: ApiKey) => ({
    action: 'key.scheduled',
    details: { rotationIntervalDays, before: { rotationIntervalDays: formerly } },
  });
  if (rotationIntervalDays === null || maxDays === null || rotationIntervalDays <= maxDays) {
    return changeKey(deps, actor, request, what, (audit) =>
      deps.keys.scheduleUnlessEnded(keyId, rotationIntervalDays, audit),
    );
  }
  const own = await deps.keys.find(teamsWith(actor, 'manage'), applicationId, keyId);
  return own ? { ok: false, reason: 'interval_too_long', maxDays } : { ok: false, reason: 'not_found' };
}
