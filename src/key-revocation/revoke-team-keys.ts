import type { Actor } from '../accounts/account.ts';
import { mayInTeam } from '../teams/role.ts';
import type { RevokeKeysResult } from '../keys/api-key.ts';
import type { RevokeKeysDeps } from './revoke-application-keys.ts';

/** Ends every key of every application of a team for good: one that the actor administers, or any when an owner asks. */
export async function revokeTeamKeys(
  deps: Omit<RevokeKeysDeps, 'applications'>,
  actor: Actor,
  { teamId, reason }: { teamId: string; reason: string },
): Promise<RevokeKeysResult> {
  const nowMs = deps.clock.nowMs();
  if (actor.role !== 'owner' && !mayInTeam(actor, teamId, 'administer')) return { ok: false, reason: 'not_found' };
  const revocation = { teamId, applicationId: null, reason, actor: actor.accountId, nowMs };
  return { ok: true, keys: await deps.revocations.revokeAll(revocation, deps.random) };
}
