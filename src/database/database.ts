import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

import BetterSqlite3 from 'better-sqlite3';
import { Kysely, PostgresDialect, SqliteDialect } from 'kysely';
import pg from 'pg';

import { type ParameterType, batchLookups } from './batched-lookup.ts';
import { type InsertRows, type PreparedInsert, insertOnPostgres, insertOnSqlite } from './prepared-insert.ts';

/** Older versions can corrupt a WAL database with two connections (the WAL-reset bug, fixed in 3.51.3). */
const OLDEST_SAFE_SQLITE = [3, 51, 3] as const;

export type DialectName = 'sqlite' | 'postgres';

/**
 * A statement prepared once for the hot path. On SQLite the answer is there when the call returns;
 * on PostgreSQL it is a promise.
 */
export type PointLookup<Row> = (parameters: readonly unknown[]) => Row | undefined | Promise<Row | undefined>;

/** One open database: Kysely for features, prepared look-ups for the verifier. */
export interface Database<Schema> {
  readonly kysely: Kysely<Schema>;
  readonly dialect: DialectName;
  /** Prepares `sql` with `?` placeholders, one for each of `types`; returns the first row. */
  prepareLookup<Row>(sql: string, types: readonly ParameterType[]): PointLookup<Row>;
  /** Prepares an insert of many rows at once, for what is written all the time. */
  prepareInsert<Row, Returned = never>(insert: PreparedInsert): InsertRows<Schema, Row, Returned>;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** `sqlite:<path>`, `sqlite::memory:` or `postgres://...`. */
  url: string;
  /** FULL for what must survive power loss; NORMAL for counters that may lose their last moment. */
  synchronous?: 'FULL' | 'NORMAL';
  /** Opens an existing SQLite file without the right to write. Ignored on PostgreSQL. */
  readOnly?: boolean;
}

/** Opens SQLite or PostgreSQL. Throws with one clear line when the file or the server cannot be used. */
export function openDatabase<Schema>(options: DatabaseOptions): Database<Schema> {
  if (options.url.startsWith('sqlite:')) return openSqlite(options.url.slice('sqlite:'.length), options);
  if (/^postgres(ql)?:\/\//.test(options.url)) return openPostgres(options.url);
  throw new Error(`DATABASE_URL must start with sqlite: or postgres:, not "${options.url.split(':', 1)[0] ?? ''}:"`);
}

function openSqlite<Schema>(path: string, options: DatabaseOptions): Database<Schema> {
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true });
  const sqlite = new BetterSqlite3(path, { readonly: options.readOnly ?? false });
  refuseOldSqlite(sqlite);
  sqlite.pragma('busy_timeout = 5000');
  if (!options.readOnly) {
    sqlite.pragma('journal_mode = WAL');
    sqlite.pragma(`synchronous = ${options.synchronous ?? 'FULL'}`);
  }
  sqlite.pragma('foreign_keys = ON');
  sqlite.pragma('trusted_schema = OFF');
  sqlite.pragma('cell_size_check = ON');
  const kysely = new Kysely<Schema>({ dialect: new SqliteDialect({ database: cacheStatements(sqlite) }) });
  return {
    kysely,
    dialect: 'sqlite',
    prepareLookup<Row>(sql: string): PointLookup<Row> {
      const statement = sqlite.prepare<unknown[], Row>(sql);
      return (parameters) => statement.get(...parameters);
    },
    // Kysely's SQLite driver has one connection, so that whatever runs on it is part of its transaction.
    prepareInsert: (insert) => insertOnSqlite(insert, (sql) => sqlite.prepare(sql)),
    close: async () => {
      await kysely.destroy();
      if (sqlite.open) sqlite.close();
    },
  };
}

function refuseOldSqlite(sqlite: BetterSqlite3.Database): void {
  const version = String(sqlite.prepare('select sqlite_version()').pluck().get());
  const parts = version.split('.').map(Number);
  for (const [index, oldest] of OLDEST_SAFE_SQLITE.entries()) {
    const part = parts[index] ?? 0;
    if (part > oldest) return;
    if (part < oldest) {
      sqlite.close();
      throw new Error(
        `SQLite ${version} can corrupt a database in WAL mode; ${OLDEST_SAFE_SQLITE.join('.')} or later is needed`,
      );
    }
  }
}

/** Instead of a rollback, where SQLite has ended the transaction itself: the reason must not be lost in a second error. */
const NOTHING = 'select 1';

/**
 * Kysely's SQLite dialect prepares every statement anew, which costs most of a point look-up, and begins
 * deferred transactions, which fail with SQLITE_BUSY when they turn into writers. Both are mended here.
 */
function cacheStatements(sqlite: BetterSqlite3.Database) {
  const statements = new Map<string, BetterSqlite3.Statement>();
  return {
    prepare(asked: string): BetterSqlite3.Statement {
      const sql = asked === 'rollback' && !sqlite.inTransaction ? NOTHING : asked;
      let statement = statements.get(sql);
      if (!statement) {
        statement = sqlite.prepare(sql === 'begin' ? 'begin immediate' : sql);
        if (statements.size >= 500) statements.clear();
        // Statements that change the schema are not worth keeping.
        if (/^\s*(select|insert|update|delete|begin|commit|rollback|with)\b/i.test(sql)) statements.set(sql, statement);
      }
      return statement;
    },
    close: () => sqlite.close(),
  };
}

function openPostgres<Schema>(url: string): Database<Schema> {
  pg.types.setTypeParser(pg.types.builtins.INT8, Number);
  const pool = new pg.Pool({ connectionString: url, max: 10 });
  // The server may end an idle connection at any time; the pool replaces it. Unheard, the event would end this process.
  pool.on('error', () => undefined);
  const kysely = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
  return {
    kysely,
    dialect: 'postgres',
    prepareLookup: <Row>(sql: string, types: readonly ParameterType[]) =>
      batchLookups<Row>((query) => pool.query(query), sql, types),
    prepareInsert: (insert) => insertOnPostgres(insert),
    close: () => kysely.destroy(),
  };
}

/**
 * Takes a file for this process until it ends or calls the result; null when another process has it. The lock is
 * SQLite's own, which the system gives up when a process dies, and needs no room on the disk.
 */
export function lockFile(path: string): (() => void) | null {
  const sqlite = new BetterSqlite3(path, { timeout: 0 });
  try {
    sqlite.pragma('journal_mode = memory');
    sqlite.exec('begin exclusive');
    return () => sqlite.close();
  } catch (error) {
    sqlite.close();
    if (error instanceof BetterSqlite3.SqliteError && error.code.startsWith('SQLITE_BUSY')) return null;
    throw error;
  }
}

/** True for "a row with this key exists already" on either database. */
export function isUniqueViolation(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'SQLITE_CONSTRAINT_UNIQUE' || code === 'SQLITE_CONSTRAINT_PRIMARYKEY' || code === '23505';
}
