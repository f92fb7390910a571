import { randomUUID } from 'node:crypto';
import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { sql } from 'kysely';
import { describe, inject } from 'vitest';

import { type Database, type DialectName, openDatabase } from '../../src/database/database.ts';
import type { PortalSchema, UsageSchema } from '../../src/database/schema.ts';
import type { Template } from './databases.global-setup.ts';
import { howToInstall } from './with-programs.ts';

/** A fresh, migrated database of one test. */
export interface TestDatabase<Schema = PortalSchema> {
  database: Database<Schema>;
  /** To open it once more, in this process or another. */
  url: string;
  /** Closes and removes it. */
  close: () => Promise<void>;
}

/** A fresh portal database. */
export function openTestDatabase(dialect: DialectName): Promise<TestDatabase> {
  return openCopy<PortalSchema>(dialect, 'portal');
}

/** A fresh usage database. */
export function openUsageTestDatabase(dialect: DialectName): Promise<TestDatabase<UsageSchema>> {
  return openCopy<UsageSchema>(dialect, 'usage');
}

/** Runs a suite once on SQLite and once on PostgreSQL; without PostgreSQL its half counts as skipped. */
export function forEachDialect(suite: (dialect: DialectName) => void): void {
  describe('sqlite', () => {
    suite('sqlite');
  });
  const available = inject('postgresUrl') !== null;
  describe.skipIf(!available)(available ? 'postgres' : `postgres (${howToInstall(['postgresql'])})`, () => {
    suite('postgres');
  });
}

function openCopy<Schema>(dialect: DialectName, template: Template): Promise<TestDatabase<Schema>> {
  return dialect === 'sqlite' ? openSqliteCopy(template) : openPostgresCopy(template);
}

async function openSqliteCopy<Schema>(template: Template): Promise<TestDatabase<Schema>> {
  const folder = inject('sqliteFolder');
  const path = join(folder, `${template}-${randomUUID()}.sqlite`);
  copyFileSync(join(folder, `${template}.sqlite`), path);
  const database = openDatabase<Schema>({ url: `sqlite:${path}`, synchronous: 'NORMAL' });
  const close = async (): Promise<void> => {
    await database.close();
    for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
  };
  return Promise.resolve({ database, url: `sqlite:${path}`, close });
}

async function openPostgresCopy<Schema>(template: Template): Promise<TestDatabase<Schema>> {
  const name = `${template}_${randomUUID()}`;
  await onPostgresServer(sql`create database ${sql.id(name)} template ${sql.id(template)}`);
  const url = postgresUrl(name);
  const database = openDatabase<Schema>({ url });
  const close = async (): Promise<void> => {
    await database.close();
    await onPostgresServer(sql`drop database ${sql.id(name)} with (force)`);
  };
  return { database, url, close };
}

async function onPostgresServer(statement: ReturnType<typeof sql>): Promise<void> {
  const server = openDatabase<unknown>({ url: postgresUrl('postgres') });
  try {
    await statement.execute(server.kysely);
  } finally {
    await server.close();
  }
}

function postgresUrl(databaseName: string): string {
  const url = inject('postgresUrl');
  if (url === null) throw new Error('PostgreSQL is not installed; this suite must be inside forEachDialect');
  return url.replace('%DATABASE%', databaseName);
}
