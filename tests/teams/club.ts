import type { Actor, TeamRole } from '../../src/accounts/account.ts';
import { createAccountStore } from '../../src/accounts/account-store.ts';
import { createApplicationMoveStore } from '../../src/applications/application-move-store.ts';
import { createApplicationStore } from '../../src/applications/application-store.ts';
import type { DialectName } from '../../src/database/database.ts';
import { systemRandom } from '../../src/platform/random.ts';
import { createDirectoryStore } from '../../src/teams/directory-store.ts';
import { createInvitationAnswerStore } from '../../src/teams/invitation-answer-store.ts';
import { createInvitationStore } from '../../src/teams/invitation-store.ts';
import { createMemberStore } from '../../src/teams/member-store.ts';
import { createOwnerStore } from '../../src/teams/owner-store.ts';
import { createSuspensionStore } from '../../src/teams/suspension-store.ts';
import { invitationMail } from '../../src/teams/team-mail.ts';
import { createTeamStore } from '../../src/teams/team-store.ts';
import { addActor } from '../applications/cast.ts';
import { openTestDatabase } from '../support/databases.ts';

export const NOW_MS = Date.UTC(2026, 10, 24, 10);

/** All that the use cases of teams need, on a real database, with a clock that the test turns. */
export async function openClub(dialect: DialectName) {
  const test = await openTestDatabase(dialect);
  const { database } = test;
  const { kysely } = database;
  const time = { nowMs: NOW_MS };
  const accounts = createAccountStore(database, systemRandom);
  const teams = createTeamStore(database);
  const deps = {
    accounts,
    teams,
    members: createMemberStore(database, systemRandom),
    invitations: createInvitationStore(database, systemRandom),
    answers: createInvitationAnswerStore(database, systemRandom),
    suspensions: createSuspensionStore(database, systemRandom),
    owners: createOwnerStore(database, systemRandom),
    directory: createDirectoryStore(database),
    applications: createApplicationStore(database),
    moves: createApplicationMoveStore(database, systemRandom),
    teamName: (teamId: string) => teams.nameOf(teamId),
    clock: { nowMs: () => time.nowMs },
    random: systemRandom,
    sessionSecret: new TextEncoder().encode('a session secret of tests, 32 characters'),
    publicUrl: 'https://developers.example.com',
  };

  /** The same person with the rights of this moment, as each request reads them. */
  async function again(actor: Actor): Promise<Actor> {
    const own = await accounts.teamsOf(actor.accountId);
    const account = await accounts.find(actor.accountId);
    return {
      ...actor,
      role: account?.role ?? 'developer',
      emailVerified: account?.emailVerifiedAtMs != null,
      teamIds: own.map(({ id }) => id),
      teamRoles: new Map(own.map(({ id, role }) => [id, role])),
    };
  }

  /** Puts somebody into a team, and returns them with the rights that they have then. */
  async function join(actor: Actor, teamId: string, role: TeamRole): Promise<Actor> {
    await kysely.insertInto('team_member').values({ team_id: teamId, account_id: actor.accountId, role }).execute();
    return again(actor);
  }

  /** The token in the mail of an invitation. */
  async function mailedToken(invitationId: string): Promise<string> {
    const mail = await invitationMail(deps, { invitationId });
    return /token=([\w-]+)/.exec(mail?.text ?? '')?.[1] ?? '';
  }

  /** Of the outbox, oldest first. */
  async function queued(kind: string): Promise<Record<string, unknown>[]> {
    const rows = await kysely.selectFrom('outbox').select('payload').where('kind', '=', kind).orderBy('id').execute();
    return rows.map(({ payload }) => JSON.parse(payload) as Record<string, unknown>);
  }

  async function actions(teamId: string | null): Promise<string[]> {
    const entries = kysely.selectFrom('audit_entry').select('action').orderBy('sequence');
    const rows = await entries.where('team_id', teamId === null ? 'is' : '=', teamId).execute();
    return rows.map(({ action }) => action);
  }

  const person = (name: string, changes: Partial<Actor> = {}) => addActor(database, name, changes);
  return { test, database, kysely, time, deps, person, again, join, mailedToken, queued, actions };
}

export type Club = Awaited<ReturnType<typeof openClub>>;

/** The only team of somebody who has just signed up. */
export function teamOf(actor: Actor): string {
  const [teamId] = actor.teamIds;
  if (teamId === undefined) throw new Error('no team');
  return teamId;
}
