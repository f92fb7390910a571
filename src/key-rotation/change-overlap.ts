import type { Actor } from '../accounts/account.ts';
import type { ApplicationStore } from '../applications/application-store.ts';
import type { PlanStore } from '../plans/plan-store.ts';
import type { Clock } from '../platform/clock.ts';
import { teamsWith } from '../teams/role.ts';
import { type ChangeOverlapResult, isInOverlap, overlapEndsAtMs } from '../keys/api-key.ts';
import type { KeyReference } from '../keys/change-key.ts';
import type { KeyRotationStore } from './key-rotation-store.ts';
import type { KeyStore } from '../keys/key-store.ts';

export interface ChangeOverlapDeps {
  applications: Pick<ApplicationStore, 'find'>;
  keys: Pick<KeyStore, 'find'>;
  rotations: Pick<KeyRotationStore, 'endOverlapAt'>;
  plans: Pick<PlanStore, 'keyRules'>;
  clock: Clock;
}

/**
 * Lets a replaced key end earlier, at once with `overlapMs` 0, or later: within the plan's limit, which counts from
 * the rotation, and never beyond the expiry the key had before. An overlap that is over cannot be begun again.
 */
export async function changeOverlap(
  deps: ChangeOverlapDeps,
  actor: Actor,
  request: KeyReference & { /** From now. */ overlapMs: number },
): Promise<ChangeOverlapResult> {
  const nowMs = deps.clock.nowMs();
  const { applicationId, keyId, overlapMs } = request;
  const teamIds = teamsWith(actor, 'manage');
  const application = await deps.applications.find(teamIds, applicationId);
  const key = await deps.keys.find(teamIds, applicationId, keyId);
  if (!application || !key) return { ok: false, reason: 'not_found' };
  if (!key.replaced || !isInOverlap(key, nowMs)) return { ok: false, reason: 'not_in_overlap' };
  const endsAtMs = overlapEndsAtMs(key, overlapMs, nowMs);
  const { overlapMaxMs } = await deps.plans.keyRules(applicationId);
  const latestEndsAtMs = overlapEndsAtMs(key, overlapMaxMs, key.replaced.atMs);
  const isLater = endsAtMs > (key.expiresAtMs ?? Infinity);
  if (isLater && endsAtMs > latestEndsAtMs) return { ok: false, reason: 'overlap_too_long', latestEndsAtMs };
  const changed = await deps.rotations.endOverlapAt(keyId, endsAtMs, {
    atMs: nowMs,
    actor: actor.accountId,
    action: 'key.overlap_changed',
    subject: keyId,
    teamId: application.teamId,
    details: { endsAtMs, formerlyAtMs: key.expiresAtMs },
  });
  return changed ? { ok: true, key: changed } : { ok: false, reason: 'not_in_overlap' };
}
