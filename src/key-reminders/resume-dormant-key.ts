import type { Actor } from '../accounts/account.ts';
import type { ApplicationStore } from '../applications/application-store.ts';
import type { Clock } from '../platform/clock.ts';
import type { Random } from '../platform/random.ts';
import { teamsWith } from '../teams/role.ts';
import type { ChangeKeyResult } from '../keys/api-key.ts';
import type { KeyReference } from '../keys/change-key.ts';
import type { KeyDormancyStore } from './key-dormancy-store.ts';
import type { KeyStore } from '../keys/key-store.ts';

export interface ResumeDormantKeyDeps {
  applications: Pick<ApplicationStore, 'find'>;
  keys: Pick<KeyStore, 'find'>;
  dormancies: Pick<KeyDormancyStore, 'resumeIfDormant'>;
  clock: Clock;
  random: Random;
}

/** The developer's own way back for a key that was suspended because nobody used it; what owners suspended stays so. */
export async function resumeDormantKey(
  deps: ResumeDormantKeyDeps,
  actor: Actor,
  { applicationId, keyId }: KeyReference,
): Promise<ChangeKeyResult> {
  const nowMs = deps.clock.nowMs();
  const teamIds = teamsWith(actor, 'manage');
  const application = await deps.applications.find(teamIds, applicationId);
  if (!application || !(await deps.keys.find(teamIds, applicationId, keyId))) {
    return { ok: false, reason: 'not_found' };
  }
  const resumption = { keyId, teamId: application.teamId, actor: actor.accountId, nowMs };
  const key = await deps.dormancies.resumeIfDormant(resumption, deps.random);
  return key ? { ok: true, key } : { ok: false, reason: 'key_not_active' };
}
