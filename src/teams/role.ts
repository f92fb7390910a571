import type { Actor, TeamRole } from '../accounts/account.ts';

/** Longer than any id that we make. */
export const TEAM_ID_MAX_LENGTH = 64;

/**
 * What a member may do in a team. `read`: see all that it has. `manage`: change its applications, keys, subscriptions
 * and webhooks. `administer`: also its name, its members, and what ends everything at once.
 */
export type TeamRight = 'read' | 'manage' | 'administer';

const rightsOf: Readonly<Record<TeamRole, readonly TeamRight[]>> = {
  admin: ['read', 'manage', 'administer'],
  manager: ['read', 'manage'],
  viewer: ['read'],
};

/** The one rule about roles. Without a role there is no right. */
export function allows(role: TeamRole | undefined, right: TeamRight): boolean {
  return role !== undefined && rightsOf[role].includes(right);
}

export function mayInTeam(actor: Pick<Actor, 'teamRoles'>, teamId: string, right: TeamRight): boolean {
  return allows(actor.teamRoles.get(teamId), right);
}

/** The actor's teams in which a right is theirs: what use cases look in, so that everything else is not there for them. */
export function teamsWith(actor: Pick<Actor, 'teamIds' | 'teamRoles'>, right: TeamRight): readonly string[] {
  return actor.teamIds.filter((teamId) => mayInTeam(actor, teamId, right));
}
