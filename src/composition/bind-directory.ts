import { createDirectoryStore } from '../teams/directory-store.ts';
import { invite, resendInvitation, withdrawInvitation } from '../teams/invite.ts';
import { createOwnerStore } from '../teams/owner-store.ts';
import { removeOwner, resume, suspend } from '../teams/suspend.ts';
import { createSuspensionStore } from '../teams/suspension-store.ts';
import { createTeamParts } from './bind-teams.ts';
import type { Foundation } from './foundation.ts';
import type { PortalDirectory } from '../portal/portal-directory.ts';

const NOTHING = { lines: [], hasMore: false } as const;

export function bindDirectory(foundation: Foundation): PortalDirectory {
  const { databases, clock, random } = foundation;
  const directory = createDirectoryStore(databases.portal);
  const suspensions = { suspensions: createSuspensionStore(databases.portal, random), clock };
  const owners = { owners: createOwnerStore(databases.portal, random), clock };
  const teams = createTeamParts(foundation);
  return {
    accounts: async ({ role }, search) => (role === 'owner' ? directory.accounts(search) : NOTHING),
    account: async ({ role }, accountId) => (role === 'owner' ? directory.account(accountId) : null),
    teams: async ({ role }, search) => (role === 'owner' ? directory.teams(search) : NOTHING),
    team: async ({ role }, teamId) => (role === 'owner' ? directory.team(teamId) : null),
    applications: async ({ role }, search) => (role === 'owner' ? directory.applications(search) : NOTHING),
    application: async ({ role }, applicationId) => (role === 'owner' ? directory.application(applicationId) : null),
    suspend: (actor, kind, id, message) => suspend(suspensions, actor, { kind, id, message }),
    resume: (actor, kind, id, message) => resume(suspensions, actor, { kind, id, message }),
    owners: async ({ role }) => (role === 'owner' ? directory.owners() : []),
    removeOwner: (actor, accountId) => removeOwner(owners, actor, accountId),
    ownerInvitations: async ({ role }) => (role === 'owner' ? teams.invitations.listOpen(null, clock.nowMs()) : []),
    inviteOwner: (actor, email) => invite(teams, actor, { teamId: null, email, role: 'owner' }),
    resendOwnerInvitation: (actor, invitationId) => resendInvitation(teams, actor, { teamId: null, invitationId }),
    withdrawOwnerInvitation: (actor, invitationId) => withdrawInvitation(teams, actor, { teamId: null, invitationId }),
  };
}
