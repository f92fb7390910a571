import { type Kysely, sql } from 'kysely';

import type { Database } from '../database/database.ts';
import type { PortalSchema } from '../database/schema.ts';
import {
  type AccountDetails,
  type AccountLine,
  type ApplicationDetails,
  type ApplicationLine,
  DIRECTORY_LINES,
  type DirectoryPage,
  type DirectorySearch,
  type TeamDetails,
  type TeamLine,
} from './suspension.ts';

/** Everybody and everything, for owners alone. Reads only. */
export interface DirectoryStore {
  accounts(search: DirectorySearch): Promise<DirectoryPage<AccountLine>>;
  account(accountId: string): Promise<AccountDetails | null>;
  teams(search: DirectorySearch): Promise<DirectoryPage<TeamLine>>;
  team(teamId: string): Promise<TeamDetails | null>;
  applications(search: DirectorySearch): Promise<DirectoryPage<ApplicationLine>>;
  application(applicationId: string): Promise<ApplicationDetails | null>;
  owners(): Promise<readonly AccountLine[]>;
}

export function createDirectoryStore({ kysely }: Database<PortalSchema>): DirectoryStore {
  return {
    async accounts({ text, suspendedOnly }) {
      const found = selectAccounts(kysely).$if(suspendedOnly, (all) => all.where('suspended_at_ms', 'is not', null));
      const rows = await found
        .$if(text !== '', (all) =>
          all.where((row) => row.or([row('id', '=', text), contains(sql.ref('email_normalized'), text)])),
        )
        .orderBy('created_at_ms', 'desc')
        .orderBy('id')
        .limit(DIRECTORY_LINES + 1)
        .execute();
      return pageOf(rows.map(toAccountLine));
    },
    async account(accountId) {
      const row = await selectAccounts(kysely).where('id', '=', accountId).executeTakeFirst();
      if (!row) return null;
      const teams = await kysely
        .selectFrom('team_member')
        .innerJoin('team', 'team.id', 'team_member.team_id')
        .select(['team.id', 'team.name', 'team_member.role'])
        .where('team_member.account_id', '=', accountId)
        .orderBy('team.name')
        .execute();
      return { ...toAccountLine(row), teams };
    },
    async teams({ text, suspendedOnly }) {
      const found = selectTeams(kysely).$if(suspendedOnly, (all) => all.where('team.suspended_at_ms', 'is not', null));
      const rows = await found
        .$if(text !== '', (all) =>
          all.where((row) => row.or([row('team.id', '=', text), contains(sql.ref('team.name'), text)])),
        )
        .orderBy('team.created_at_ms', 'desc')
        .orderBy('team.id')
        .limit(DIRECTORY_LINES + 1)
        .execute();
      return pageOf(rows.map(toTeamLine));
    },
    async team(teamId) {
      const row = await selectTeams(kysely).where('team.id', '=', teamId).executeTakeFirst();
      if (!row) return null;
      const people = await kysely
        .selectFrom('team_member')
        .innerJoin('account', 'account.id', 'team_member.account_id')
        .select(['account.id', 'account.email', 'team_member.role'])
        .where('team_member.team_id', '=', teamId)
        .orderBy('account.email_normalized')
        .execute();
      const owned = await selectApplications(kysely).where('application.team_id', '=', teamId).execute();
      return { ...toTeamLine(row), people, owned: owned.map(toApplicationLine) };
    },
    async applications({ text, suspendedOnly }) {
      const found = selectApplications(kysely).$if(suspendedOnly, (all) =>
        all.where('application.suspended_at_ms', 'is not', null),
      );
      const rows = await found
        .$if(text !== '', (all) =>
          all.where((row) => row.or([row('application.id', '=', text), contains(sql.ref('application.name'), text)])),
        )
        .orderBy('application.created_at_ms', 'desc')
        .orderBy('application.id')
        .limit(DIRECTORY_LINES + 1)
        .execute();
      return pageOf(rows.map(toApplicationLine));
    },
    async application(applicationId) {
      const row = await selectApplications(kysely).where('application.id', '=', applicationId).executeTakeFirst();
      if (!row) return null;
      const liveKeys = await kysely
        .selectFrom('api_key')
        .select(['id', 'name'])
        .where('application_id', '=', applicationId)
        .where('revoked_at_ms', 'is', null)
        .orderBy('created_at_ms', 'desc')
        .execute();
      return { ...toApplicationLine(row), liveKeys };
    },
    async owners() {
      const rows = await selectAccounts(kysely).where('role', '=', 'owner').orderBy('email_normalized').execute();
      return rows.map(toAccountLine);
    },
  };
}

type Db = Kysely<PortalSchema>;

function selectAccounts(kysely: Db) {
  return kysely
    .selectFrom('account')
    .select(['id', 'email', 'role', 'email_verified_at_ms', 'created_at_ms', 'suspended_at_ms', 'suspend_message']);
}

function selectTeams(kysely: Db) {
  return kysely
    .selectFrom('team')
    .select(['team.id', 'team.name', 'team.created_at_ms', 'team.suspended_at_ms', 'team.suspend_message'])
    .select((row) => [
      row
        .selectFrom('team_member')
        .select((count) => count.fn.countAll<number>().as('count'))
        .whereRef('team_member.team_id', '=', 'team.id')
        .as('members'),
      row
        .selectFrom('application')
        .select((count) => count.fn.countAll<number>().as('count'))
        .whereRef('application.team_id', '=', 'team.id')
        .where('application.deleted_at_ms', 'is', null)
        .as('applications'),
    ])
    .where('team.deleted_at_ms', 'is', null);
}

function selectApplications(kysely: Db) {
  return kysely
    .selectFrom('application')
    .innerJoin('team', 'team.id', 'application.team_id')
    .select(['application.id', 'application.name', 'application.created_at_ms', 'application.suspended_at_ms'])
    .select(['application.suspend_message', 'team.id as team_id', 'team.name as team_name'])
    .select((row) =>
      row
        .selectFrom('api_key')
        .select((count) => count.fn.countAll<number>().as('count'))
        .whereRef('api_key.application_id', '=', 'application.id')
        .where('api_key.revoked_at_ms', 'is', null)
        .as('keys'),
    )
    .where('application.deleted_at_ms', 'is', null);
}

/** The same on both databases, and without meaning in `%` and `_`. */
function contains(column: ReturnType<typeof sql.ref>, text: string) {
  const pattern = `%${text.toLowerCase().replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
  return sql<boolean>`lower(${column}) like ${pattern} escape '\\'`;
}

function pageOf<Line>(lines: readonly Line[]): DirectoryPage<Line> {
  return { lines: lines.slice(0, DIRECTORY_LINES), hasMore: lines.length > DIRECTORY_LINES };
}

interface SuspendableRow {
  id: string;
  created_at_ms: number;
  suspended_at_ms: number | null;
  suspend_message: string | null;
}

function lineOf({ id, created_at_ms: createdAtMs, suspended_at_ms: atMs, suspend_message: message }: SuspendableRow) {
  return { id, createdAtMs, suspended: atMs === null ? null : { atMs, message: message ?? '' } };
}

function toAccountLine(row: Awaited<ReturnType<ReturnType<typeof selectAccounts>['execute']>>[number]): AccountLine {
  return { ...lineOf(row), email: row.email, role: row.role, isVerified: row.email_verified_at_ms !== null };
}

function toTeamLine(row: Awaited<ReturnType<ReturnType<typeof selectTeams>['execute']>>[number]): TeamLine {
  return { ...lineOf(row), name: row.name, members: Number(row.members), applications: Number(row.applications) };
}

function toApplicationLine(
  row: Awaited<ReturnType<ReturnType<typeof selectApplications>['execute']>>[number],
): ApplicationLine {
  return { ...lineOf(row), name: row.name, teamId: row.team_id, teamName: row.team_name, keys: Number(row.keys) };
}
