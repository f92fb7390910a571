import type { Kysely, Transaction } from 'kysely';

import type { PortalSchema } from '../database/schema.ts';
import type { DeletionState, Obstacles } from './deletion.ts';

type Db = Kysely<PortalSchema> | Transaction<PortalSchema>;

interface OwnTeam {
  id: string;
  name: string;
  role: string;
  members: number;
  admins: number;
}

/** Who would be left without an admin or an owner. Inside a transaction when something follows from it. */
export async function findObstacles(db: Db, accountId: string): Promise<Obstacles> {
  const teams = await teamsOf(db, accountId);
  const account = await db.selectFrom('account').select('role').where('id', '=', accountId).executeTakeFirst();
  return {
    teams: teams
      .filter(({ role, members, admins }) => role === 'admin' && members > 1 && admins === 1)
      .map(({ id, name }) => ({ id, name })),
    isLastOwner: account?.role === 'owner' && (await countOtherOwners(db, accountId)) === 0,
  };
}

/** Teams in which nobody else is, with what is in them. */
export async function findOwnTeams(db: Db, accountId: string): Promise<DeletionState['ownTeams']> {
  const alone = (await teamsOf(db, accountId)).filter(({ members }) => members === 1);
  return Promise.all(alone.map(async ({ id, name }) => ({ id, name, ...(await contentOf(db, id)) })));
}

async function contentOf(db: Db, teamId: string): Promise<{ applications: number; keys: number }> {
  const applications = await db
    .selectFrom('application')
    .select('id')
    .where('team_id', '=', teamId)
    .where('deleted_at_ms', 'is', null)
    .execute();
  const ids = applications.map(({ id }) => id);
  const keys = await db
    .selectFrom('api_key')
    .select((expression) => expression.fn.countAll<number | string>().as('count'))
    .where('application_id', 'in', ids.length > 0 ? ids : [''])
    .where('revoked_at_ms', 'is', null)
    .executeTakeFirstOrThrow();
  return { applications: ids.length, keys: Number(keys.count) };
}

async function teamsOf(db: Db, accountId: string): Promise<OwnTeam[]> {
  const own = await db
    .selectFrom('team_member')
    .innerJoin('team', 'team.id', 'team_member.team_id')
    .select(['team.id', 'team.name', 'team_member.role'])
    .where('team_member.account_id', '=', accountId)
    .where('team.deleted_at_ms', 'is', null)
    .orderBy('team.id')
    .execute();
  const members = await db
    .selectFrom('team_member')
    .select(['team_id', 'role'])
    .where('team_id', 'in', own.length > 0 ? own.map(({ id }) => id) : [''])
    .execute();
  return own.map((team) => {
    const inIt = members.filter(({ team_id }) => team_id === team.id);
    return { ...team, members: inIt.length, admins: inIt.filter(({ role }) => role === 'admin').length };
  });
}

async function countOtherOwners(db: Db, accountId: string): Promise<number> {
  const owners = await db
    .selectFrom('account')
    .select('id')
    .where('role', '=', 'owner')
    .where('suspended_at_ms', 'is', null)
    .where('id', '!=', accountId)
    .execute();
  return owners.length;
}
