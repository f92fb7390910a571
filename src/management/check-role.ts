import type { Problem } from '../platform/problem.ts';
import { mayInTeam, teamsWith } from '../teams/role.ts';
import type { AnyOperation, Call } from './operation.ts';
import { problemOf } from './refusals.ts';

const CHANGES = /^(applications|keys|webhooks|teams):(write|widen)$/;

/** True for what changes a team, or its applications, keys or webhooks; below `/account/` it is the caller's own place in it. */
export function wantsRole({ access, path }: Pick<AnyOperation, 'access' | 'path'>): boolean {
  if (path.startsWith('/account/')) return false;
  return CHANGES.test(access) && (!access.startsWith('teams:') || path.includes('{teamId}'));
}

/**
 * The refusal of a member whose role does not allow the change, so that programs learn why; null to go on. What is not
 * the caller's team's is not looked at: the operation answers for it as for what does not exist. The use cases refuse
 * by themselves, too.
 */
export async function refuseByRole(operation: AnyOperation, { portal, caller, params }: Call): Promise<Problem | null> {
  if (!wantsRole(operation)) return null;
  const { actor } = caller();
  const { applicationId, webhookId, teamId } = params;
  if (teamId !== undefined) {
    const isBarred = actor.teamIds.includes(teamId) && !mayInTeam(actor, teamId, 'administer');
    return isBarred ? problemOf('role_forbids') : null;
  }
  if (applicationId === undefined && webhookId === undefined) {
    return teamsWith(actor, 'manage').length > 0 ? null : problemOf('role_forbids');
  }
  const object =
    applicationId === undefined
      ? await portal.webhooks.team.find(actor, webhookId ?? '')
      : await portal.applications.find(actor, applicationId);
  if (object?.teamId == null || mayInTeam(actor, object.teamId, 'manage')) return null;
  return problemOf('role_forbids');
}
