import type { OwnTeam, TeamRole, TooMany } from '../accounts/account.ts';

/** Several accounts acting as one consumer, and how they come together. Rules only; SQL is in the stores. */

export const TEAM_NAME_MAX_LENGTH = 60;
/** Teams that one account can be a member of. */
export const TEAMS_PER_ACCOUNT = 20;
export const MEMBERS_PER_TEAM = 100;
/** Invitations of one team that wait for an answer. */
export const INVITATIONS_PER_TEAM = 20;
export const INVITATION_MS = 7 * 24 * 60 * 60 * 1000;

export const teamRoles = ['admin', 'manager', 'viewer'] as const satisfies readonly TeamRole[];

export interface TeamSummary extends OwnTeam {
  members: number;
  applications: number;
  /** Set while an owner has paused it. */
  suspended: Suspended | null;
}

export interface Suspended {
  atMs: number;
  /** What the owner wrote. */
  message: string;
}

export interface TeamMember {
  accountId: string;
  email: string;
  role: TeamRole;
  joinedAtMs: number;
}

/** One that waits for an answer. */
export interface Invitation {
  id: string;
  email: string;
  role: TeamRole | 'owner';
  invitedBy: string;
  createdAtMs: number;
  expiresAtMs: number;
}

/** What the one who is invited sees. */
export interface InvitationOffer extends Invitation {
  /** null: to become an owner. */
  teamId: string | null;
  teamName: string | null;
}

export interface TeamView {
  team: TeamSummary;
  members: readonly TeamMember[];
  /** For admins; empty for everybody else. */
  invitations: readonly Invitation[];
}

/** Absent, another's, or not allowed by the actor's role: the three look alike here. */
interface NotFound {
  ok: false;
  reason: 'not_found';
}

export type CreateTeamResult = { ok: true; teamId: string } | { ok: false; reason: 'too_many_teams'; limit: number };

export type ChangeTeamResult = { ok: true } | NotFound;

export type DeleteTeamResult =
  | { ok: true }
  | NotFound
  /** It must have no application, and nobody in it but who deletes it. */
  | { ok: false; reason: 'not_empty'; applications: number; members: number };

export type ChangeMemberResult =
  | { ok: true }
  | NotFound
  /** A team always has an admin. */
  | { ok: false; reason: 'last_admin' };

export type InviteResult =
  | { ok: true; invitationId: string }
  | NotFound
  | { ok: false; reason: 'email_not_verified' | 'already_member' | 'already_invited' }
  | { ok: false; reason: 'too_many_invitations'; limit: number }
  | TooMany<'too_many_requests'>;

export type ResendInvitationResult = { ok: true } | NotFound | TooMany<'too_many_requests'>;

export type AnswerInvitationResult =
  /** `teamId` null: an owner now. */
  | { ok: true; teamId: string | null; isAccepted: boolean }
  | { ok: false; reason: 'invalid_or_expired' | 'other_account' }
  | { ok: false; reason: 'too_many_teams' | 'too_many_members'; limit: number };
