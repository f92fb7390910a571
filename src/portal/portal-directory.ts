import type { Actor } from '../accounts/account.ts';
import type {
  AccountDetails,
  AccountLine,
  ApplicationDetails,
  ApplicationLine,
  DirectoryPage,
  DirectorySearch,
  RemoveOwnerResult,
  SuspendResult,
  SuspendableKind,
  TeamDetails,
  TeamLine,
} from '../teams/suspension.ts';
import type { ChangeTeamResult, Invitation, InviteResult, ResendInvitationResult } from '../teams/team.ts';

/** Everybody and everything, for owners: for all others it is null, empty or `not_found`. */
export interface PortalDirectory {
  accounts(actor: Actor, search: DirectorySearch): Promise<DirectoryPage<AccountLine>>;
  account(actor: Actor, accountId: string): Promise<AccountDetails | null>;
  teams(actor: Actor, search: DirectorySearch): Promise<DirectoryPage<TeamLine>>;
  team(actor: Actor, teamId: string): Promise<TeamDetails | null>;
  applications(actor: Actor, search: DirectorySearch): Promise<DirectoryPage<ApplicationLine>>;
  application(actor: Actor, applicationId: string): Promise<ApplicationDetails | null>;
  /** @param message mailed to whom it concerns */
  suspend(actor: Actor, kind: SuspendableKind, id: string, message: string): Promise<SuspendResult>;
  resume(actor: Actor, kind: SuspendableKind, id: string, message: string): Promise<SuspendResult>;
  owners(actor: Actor): Promise<readonly AccountLine[]>;
  removeOwner(actor: Actor, accountId: string): Promise<RemoveOwnerResult>;
  ownerInvitations(actor: Actor): Promise<readonly Invitation[]>;
  inviteOwner(actor: Actor, email: string): Promise<InviteResult>;
  resendOwnerInvitation(actor: Actor, invitationId: string): Promise<ResendInvitationResult>;
  withdrawOwnerInvitation(actor: Actor, invitationId: string): Promise<ChangeTeamResult>;
}
