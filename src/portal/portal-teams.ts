import type { Actor, TeamRole } from '../accounts/account.ts';
import type { InvitationProof, PeekedInvitation } from '../teams/answer-invitation.ts';
import type {
  AnswerInvitationResult,
  ChangeMemberResult,
  ChangeTeamResult,
  CreateTeamResult,
  DeleteTeamResult,
  InvitationOffer,
  InviteResult,
  ResendInvitationResult,
  TeamSummary,
  TeamView,
} from '../teams/team.ts';

/** What pages and the management API may ask of teams. Another team, and what a role does not allow, is `not_found`. */
export interface PortalTeams {
  /** The actor's own, oldest first. */
  list(actor: Actor): Promise<readonly TeamSummary[]>;
  view(actor: Actor, teamId: string): Promise<TeamView | null>;
  create(actor: Actor, name: string): Promise<CreateTeamResult>;
  rename(actor: Actor, teamId: string, name: string): Promise<ChangeTeamResult>;
  /** Only one without applications and other members. */
  remove(actor: Actor, teamId: string): Promise<DeleteTeamResult>;
  leave(actor: Actor, teamId: string): Promise<ChangeMemberResult>;
  changeRole(actor: Actor, teamId: string, accountId: string, role: TeamRole): Promise<ChangeMemberResult>;
  removeMember(actor: Actor, teamId: string, accountId: string): Promise<ChangeMemberResult>;
  /** By mail, for seven days; the answer tells nothing about whether the address has an account. */
  invite(actor: Actor, teamId: string, email: string, role: TeamRole): Promise<InviteResult>;
  resendInvitation(actor: Actor, teamId: string, invitationId: string): Promise<ResendInvitationResult>;
  withdrawInvitation(actor: Actor, teamId: string, invitationId: string): Promise<ChangeTeamResult>;
  /** What the link of a mail offers, without using it up; null when it does not work any more. */
  peekInvitation(actor: Actor | null, token: string): Promise<PeekedInvitation | null>;
  /** Those that wait for the actor's confirmed address. */
  invitations(actor: Actor): Promise<readonly InvitationOffer[]>;
  answerInvitation(actor: Actor, proof: InvitationProof, isAccepted: boolean): Promise<AnswerInvitationResult>;
}
