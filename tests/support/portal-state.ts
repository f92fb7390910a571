import { createHash } from 'node:crypto';

import { sql } from 'kysely';

import { openDatabase } from '../../src/database/database.ts';
import type { PortalSchema } from '../../src/database/schema.ts';

/** What stood in each table at one moment: a hash for each. */
export type PortalState = ReadonlyMap<string, string>;

export interface StateReader {
  read(): Promise<PortalState>;
  /** Who may do what: roles, verified addresses, members of teams, owners of applications. Grows with new accounts. */
  rights(): Promise<Rights>;
  /** Everything that stands in the tables, by their names. */
  texts(): Promise<ReadonlyMap<string, string>>;
  /** Of all tables. */
  columnNames: readonly string[];
  close(): Promise<void>;
}

export interface Rights {
  owners: string[];
  verified: string[];
  suspended: string[];
  /** `team account role` */
  members: string[];
  /** `application team` */
  applications: string[];
}

/** Mails and webhooks are written and sent beside requests, and using a session prolongs it: neither is an effect of what is asked. */
const REQUEST_COLUMNS: Readonly<Record<string, string>> = {
  outbox: 'id, kind, payload, created_at_ms',
  one_time_token: 'used_at_ms',
  // Its token is made when the mail is written.
  invitation: 'id, team_id, email, role, expires_at_ms, ended_at_ms',
  session: 'id, account_id, created_at_ms',
  webhook_endpoint: 'id, url, description, event_types, encrypted_secret, previous_encrypted_secret, off_at_ms',
  webhook_delivery: 'id, event_id, endpoint_id, created_at_ms',
  // None of its rows: all are made beside requests.
  webhook_attempt: 'count(*) * 0',
};

/** Reads a running portal's database beside it, without the right to write; states of SQLite only. */
export async function openStateReader(url: string): Promise<StateReader> {
  const database = openDatabase<PortalSchema>({ url, readOnly: true });
  const { kysely } = database;
  const introspected = await kysely.introspection.getTables();
  const tables = introspected.map(({ name }) => name);
  let last: { version: number; state: PortalState } = { version: -1, state: new Map() };
  return {
    columnNames: [...new Set(introspected.flatMap(({ columns }) => columns.map(({ name }) => name)))],
    async read() {
      // Changes whenever another connection has committed.
      const { rows } = await sql<{ data_version: number }>`pragma data_version`.execute(kysely);
      const version = rows[0]?.data_version ?? 0;
      if (version === last.version) return last.state;
      const state = new Map<string, string>();
      for (const table of tables) {
        const columns = REQUEST_COLUMNS[table] ?? '*';
        const used = columns === 'used_at_ms' ? sql` where used_at_ms is not null` : sql``;
        const read = await sql`select ${sql.raw(columns)} from ${sql.table(table)}${used}`.execute(kysely);
        state.set(table, createHash('sha256').update(JSON.stringify(read.rows)).digest('hex'));
      }
      last = { version, state };
      return state;
    },
    async texts() {
      const texts = new Map<string, string>();
      for (const table of tables) {
        const { rows } = await sql<Record<string, unknown>>`select * from ${sql.table(table)}`.execute(kysely);
        const values = rows.flatMap((row) => Object.values(row));
        texts.set(
          table,
          values.map((value) => (value instanceof Uint8Array ? latin1(value) : String(value))).join('\n'),
        );
      }
      return texts;
    },
    async rights() {
      const accounts = await kysely.selectFrom('account').selectAll().orderBy('email').execute();
      const members = await kysely.selectFrom('team_member').selectAll().execute();
      const applications = await kysely.selectFrom('application').select(['id', 'team_id']).execute();
      return {
        owners: accounts.filter(({ role }) => role === 'owner').map(({ email }) => email),
        verified: accounts.filter((account) => account.email_verified_at_ms !== null).map(({ email }) => email),
        suspended: accounts.filter((account) => account.suspended_at_ms !== null).map(({ email }) => email),
        members: members.map((member) => `${member.team_id} ${member.account_id} ${member.role}`),
        applications: applications.map(({ id, team_id: teamId }) => `${id} ${teamId}`),
      };
    },
    close: () => database.close(),
  };
}

const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

/** Names of the tables in which something is not as it was. */
export function changedTables(before: PortalState, after: PortalState): string[] {
  return [...after.keys()].filter((table) => before.get(table) !== after.get(table));
}
