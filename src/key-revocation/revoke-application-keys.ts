import type { Actor } from '../accounts/account.ts';
import type { ApplicationStore } from '../applications/application-store.ts';
import type { Clock } from '../platform/clock.ts';
import type { Random } from '../platform/random.ts';
import { teamsWith } from '../teams/role.ts';
import type { RevokeKeysResult } from '../keys/api-key.ts';
import type { KeyRevocationStore } from './key-revocation-store.ts';

export interface RevokeKeysDeps {
  applications: Pick<ApplicationStore, 'find' | 'findById'>;
  revocations: KeyRevocationStore;
  clock: Clock;
  random: Random;
}

/** Ends every key of an application for good: the actor's own, or anybody's when an owner asks. */
export async function revokeApplicationKeys(
  deps: RevokeKeysDeps,
  actor: Actor,
  { applicationId, reason }: { applicationId: string; reason: string },
): Promise<RevokeKeysResult> {
  const nowMs = deps.clock.nowMs();
  const application =
    actor.role === 'owner'
      ? await deps.applications.findById(applicationId)
      : await deps.applications.find(teamsWith(actor, 'manage'), applicationId);
  if (!application) return { ok: false, reason: 'not_found' };
  const { teamId } = application;
  const revocation = { teamId, applicationId, reason, actor: actor.accountId, nowMs };
  return { ok: true, keys: await deps.revocations.revokeAll(revocation, deps.random) };
}
