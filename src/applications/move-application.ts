import type { Actor } from '../accounts/account.ts';
import type { Clock } from '../platform/clock.ts';
import { teamsWith } from '../teams/role.ts';
import { APPLICATIONS_PER_TEAM, type MoveApplicationResult } from './application.ts';
import type { ApplicationStore } from './application-store.ts';
import type { ApplicationMoveStore } from './application-move-store.ts';

export interface MoveApplicationDeps {
  applications: Pick<ApplicationStore, 'find'>;
  moves: ApplicationMoveStore;
  clock: Clock;
}

/**
 * Gives an application to another team of the actor, who must manage things in both. Keys go on working and quotas are
 * counted on: both belong to the application and its subscriptions. From now on only the new team sees it.
 */
export async function moveApplication(
  deps: MoveApplicationDeps,
  actor: Actor,
  { applicationId, teamId }: { applicationId: string; teamId: string },
): Promise<MoveApplicationResult> {
  const teamIds = teamsWith(actor, 'manage');
  const application = await deps.applications.find(teamIds, applicationId);
  if (!application) return { ok: false, reason: 'not_found' };
  if (!teamIds.includes(teamId) || teamId === application.teamId) return { ok: false, reason: 'unknown_team' };
  const outcome = await deps.moves.move({
    applicationId,
    name: application.name,
    fromTeamId: application.teamId,
    toTeamId: teamId,
    limit: APPLICATIONS_PER_TEAM,
    byAccountId: actor.accountId,
    nowMs: deps.clock.nowMs(),
  });
  if (outcome === 'moved') return { ok: true };
  if (outcome === 'full') return { ok: false, reason: 'too_many_applications', limit: APPLICATIONS_PER_TEAM };
  return { ok: false, reason: 'not_found' };
}
