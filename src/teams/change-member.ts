import type { Actor, TeamRole } from '../accounts/account.ts';
import type { Clock } from '../platform/clock.ts';
import type { MemberStore } from './member-store.ts';
import { mayInTeam } from './role.ts';
import type { ChangeMemberResult } from './team.ts';

export interface ChangeMemberDeps {
  members: MemberStore;
  clock: Clock;
}

export interface MemberReference {
  teamId: string;
  accountId: string;
}

/** Admins only; the store looks at their role once more under its lock, since it may have changed a moment ago. */
export async function changeMemberRole(
  deps: ChangeMemberDeps,
  actor: Actor,
  { teamId, accountId, role }: MemberReference & { role: TeamRole },
): Promise<ChangeMemberResult> {
  if (!mayInTeam(actor, teamId, 'administer')) return { ok: false, reason: 'not_found' };
  const byAccountId = actor.accountId;
  return deps.members.changeRole({ teamId, accountId, role, byAccountId, nowMs: deps.clock.nowMs() });
}

/** From the next request on the team is not there for who was removed: rights are read with each request. */
export async function removeMember(
  deps: ChangeMemberDeps,
  actor: Actor,
  { teamId, accountId }: MemberReference,
): Promise<ChangeMemberResult> {
  if (!mayInTeam(actor, teamId, 'administer')) return { ok: false, reason: 'not_found' };
  return deps.members.remove({ teamId, accountId, byAccountId: actor.accountId, nowMs: deps.clock.nowMs() });
}

/** Every member may; the last admin makes somebody else admin first, or deletes the team. */
export async function leaveTeam(deps: ChangeMemberDeps, actor: Actor, teamId: string): Promise<ChangeMemberResult> {
  if (!mayInTeam(actor, teamId, 'read')) return { ok: false, reason: 'not_found' };
  const { accountId } = actor;
  return deps.members.remove({ teamId, accountId, byAccountId: accountId, nowMs: deps.clock.nowMs() });
}
