import type { Actor } from '../accounts/account.ts';
import type { Clock } from '../platform/clock.ts';
import { type Random, newId } from '../platform/random.ts';
import { mayInTeam } from './role.ts';
import {
  type ChangeTeamResult,
  type CreateTeamResult,
  type DeleteTeamResult,
  TEAMS_PER_ACCOUNT,
  type TeamView,
} from './team.ts';
import type { InvitationStore } from './invitation-store.ts';
import type { MemberStore } from './member-store.ts';
import type { TeamStore } from './team-store.ts';

export interface ChangeTeamDeps {
  teams: TeamStore;
  clock: Clock;
  random: Random;
}

/** A team with the actor as its only member, and admin. */
export async function createTeam(deps: ChangeTeamDeps, actor: Actor, name: string): Promise<CreateTeamResult> {
  const id = newId(deps.random, 'team');
  const entry = { atMs: deps.clock.nowMs(), actor: actor.accountId, action: 'team.created', subject: id, teamId: id };
  const created = await deps.teams.createUnlessFull({ id, name }, TEAMS_PER_ACCOUNT, { ...entry, details: { name } });
  return created ? { ok: true, teamId: id } : { ok: false, reason: 'too_many_teams', limit: TEAMS_PER_ACCOUNT };
}

export async function renameTeam(
  deps: ChangeTeamDeps,
  actor: Actor,
  { teamId, name }: { teamId: string; name: string },
): Promise<ChangeTeamResult> {
  if (!mayInTeam(actor, teamId, 'administer')) return { ok: false, reason: 'not_found' };
  const former = (await deps.teams.list(actor.accountId)).find(({ id }) => id === teamId)?.name;
  const entry = { atMs: deps.clock.nowMs(), actor: actor.accountId, action: 'team.renamed', subject: teamId, teamId };
  const renamed = await deps.teams.rename(teamId, name, { ...entry, details: { name, before: { name: former } } });
  return renamed ? { ok: true } : { ok: false, reason: 'not_found' };
}

/** Only one that has no application, and nobody in it beside the actor. Its audit entries stay. */
export async function deleteTeam(deps: ChangeTeamDeps, actor: Actor, teamId: string): Promise<DeleteTeamResult> {
  if (!mayInTeam(actor, teamId, 'administer')) return { ok: false, reason: 'not_found' };
  const entry = { atMs: deps.clock.nowMs(), actor: actor.accountId, action: 'team.deleted', subject: teamId, teamId };
  return deps.teams.deleteIfEmpty(teamId, { ...entry, details: {} });
}

/** null when it is absent or another's. */
export async function viewTeam(
  deps: { teams: TeamStore; members: MemberStore; invitations: InvitationStore; clock: Clock },
  actor: Actor,
  teamId: string,
): Promise<TeamView | null> {
  const team = (await deps.teams.list(actor.accountId)).find(({ id }) => id === teamId);
  if (!team) return null;
  const mayInvite = mayInTeam(actor, teamId, 'administer');
  return {
    team,
    members: await deps.members.list(teamId),
    invitations: mayInvite ? await deps.invitations.listOpen(teamId, deps.clock.nowMs()) : [],
  };
}
