import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { type CreateTableBuilder, type Kysely, type RawBuilder, type Transaction, sql } from 'kysely';

import type { Database, DialectName } from './database.ts';

/** What a migration file exports. Forward only; each runs in a transaction of its own. */
export interface Migration {
  up(db: Transaction<unknown>, tools: MigrationTools): Promise<void>;
}

/** The few places where SQLite and PostgreSQL differ, so that one set of migrations serves both. */
export interface MigrationTools {
  /** `integer` on SQLite, `bigint` on PostgreSQL: times in ms, counts, flags as 0/1. */
  integer: 'integer' | 'bigint';
  /** Raw bytes. */
  blob: RawBuilder<unknown>;
  /** `create table`, STRICT on SQLite. */
  createTable: (name: string) => CreateTableBuilder<string>;
  /** `createTable` whose rows stand in the order of the primary key (SQLite): for sums that are read in ranges of it. */
  createClusteredTable: (name: string) => CreateTableBuilder<string>;
}

export class SchemaTooNewError extends Error {}

interface MigrationTable {
  schema_migration: { name: string; applied_at_ms: number };
}

/**
 * Names of all migrations in a folder, oldest first, such as `portal/0001-foundation`: the folder is part of the name
 * because on PostgreSQL both sets live in one database.
 */
export function migrationNames(folder: string): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.ts'))
    .map((file) => `${basename(folder)}/${file.slice(0, -'.ts'.length)}`)
    .sort();
}

/** Names of the migrations of a folder that a database has had, oldest first; none when it is empty. */
export async function appliedMigrations(database: Database<unknown>, folder: string): Promise<string[]> {
  const db = database.kysely as Kysely<MigrationTable>;
  const tables = await db.introspection.getTables();
  if (!tables.some((table) => table.name === 'schema_migration')) return [];
  const rows = await db
    .selectFrom('schema_migration')
    .select('name')
    .where('name', 'like', `${basename(folder)}/%`)
    .orderBy('name')
    .execute();
  return rows.map((row) => row.name);
}

/**
 * Brings the database forward to the newest schema and returns its name.
 * Throws SchemaTooNewError when the database was migrated by a newer program.
 */
export async function migrate(database: Database<unknown>, folder: string, nowMs: number): Promise<string> {
  const known = migrationNames(folder);
  const db = database.kysely as Kysely<MigrationTable>;
  await refuseNewerSchema(database, folder);
  await createMigrationTable(db, database.dialect);
  for (const name of known) await applyOnce(db, database.dialect, folder, name, nowMs);
  return known.at(-1) ?? '';
}

/** Throws SchemaTooNewError when the database has migrations that this program does not know. */
export async function refuseNewerSchema(database: Database<unknown>, folder: string): Promise<void> {
  const known = new Set(migrationNames(folder));
  const unknown = (await appliedMigrations(database, folder)).filter((name) => !known.has(name));
  if (unknown.length > 0) {
    throw new SchemaTooNewError(
      `the database has a newer schema (${unknown.join(', ')}) than this version of Gatehouse knows; start the newer version, or restore a backup`,
    );
  }
}

async function createMigrationTable(db: Kysely<MigrationTable>, dialect: DialectName): Promise<void> {
  const tools = migrationTools(db, dialect);
  await tools
    .createTable('schema_migration')
    .ifNotExists()
    .addColumn('name', 'text', (column) => column.primaryKey().notNull())
    .addColumn('applied_at_ms', tools.integer, (column) => column.notNull())
    .execute();
}

async function applyOnce(
  db: Kysely<MigrationTable>,
  dialect: DialectName,
  folder: string,
  name: string,
  nowMs: number,
): Promise<void> {
  const migration = (await import(pathToFileURL(join(folder, `${basename(name)}.ts`)).href)) as Migration;
  await db.transaction().execute(async (transaction) => {
    // SQLite's transaction is the only writer already; PostgreSQL needs a lock against a second starter.
    if (dialect === 'postgres') await sql`select pg_advisory_xact_lock(4321)`.execute(transaction);
    const done = await transaction
      .selectFrom('schema_migration')
      .select('name')
      .where('name', '=', name)
      .executeTakeFirst();
    if (done) return;
    await migration.up(transaction as unknown as Transaction<unknown>, migrationTools(transaction, dialect));
    await transaction.insertInto('schema_migration').values({ name, applied_at_ms: nowMs }).execute();
  });
}

function migrationTools(db: Kysely<MigrationTable>, dialect: DialectName): MigrationTools {
  return {
    integer: dialect === 'sqlite' ? 'integer' : 'bigint',
    blob: dialect === 'sqlite' ? sql`blob` : sql`bytea`,
    createTable: (name) => {
      const table = db.schema.createTable(name);
      return dialect === 'sqlite' ? table.modifyEnd(sql`strict`) : table;
    },
    createClusteredTable: (name) => {
      const table = db.schema.createTable(name);
      return dialect === 'sqlite' ? table.modifyEnd(sql`strict, without rowid`) : table;
    },
  };
}
