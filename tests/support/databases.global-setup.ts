import { chmodSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { sql } from 'kysely';
import type { TestProject } from 'vitest/node';

import { openDatabase } from '../../src/database/database.ts';
import { migrate } from '../../src/database/migrate.ts';
import { type PostgresServer, startPostgres } from './postgres.ts';

const FOLDER_PREFIX = 'gatehouse-tests-';

/** Sets of migrations; each becomes a migrated template that every test copies. */
export const templates = ['portal', 'usage'] as const;
export type Template = (typeof templates)[number];

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where the SQLite templates and databases of this run are. */
    sqliteFolder: string;
    /** URL with `%DATABASE%` for the name; null when PostgreSQL is not installed. */
    postgresUrl: string | null;
  }
}

/** Once per run: a PostgreSQL server and migrated templates on both dialects, all removed at the end. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  removeLeftovers();
  const folder = mkdtempSync(join(tmpdir(), `${FOLDER_PREFIX}${String(process.pid)}-`));
  chmodSync(folder, 0o711);
  const postgres = await startPostgres(join(folder, 'postgres'));
  const tearDown = async (): Promise<void> => {
    await postgres?.stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
  };
  try {
    for (const template of templates) await makeTemplates(template, folder, postgres);
  } catch (error) {
    await tearDown();
    throw error;
  }
  project.provide('sqliteFolder', folder);
  project.provide('postgresUrl', postgres?.url('%DATABASE%') ?? null);
  return tearDown;
}

async function makeTemplates(template: Template, folder: string, postgres: PostgresServer | null): Promise<void> {
  await migrateAndClose(`sqlite:${join(folder, `${template}.sqlite`)}`, template);
  if (!postgres) return;
  const server = openDatabase<unknown>({ url: postgres.url('postgres') });
  await sql`create database ${sql.id(template)}`.execute(server.kysely);
  await server.close();
  await migrateAndClose(postgres.url(template), template);
}

async function migrateAndClose(url: string, template: Template): Promise<void> {
  const database = openDatabase<unknown>({ url, synchronous: 'NORMAL' });
  await migrate(
    database,
    join(import.meta.dirname, '../../db/migrations', template),
    Date.parse('2026-01-01T00:00:00Z'),
  );
  await database.close();
}

/** A run that was killed could not clean up; its folder names the process, which is gone. Needs Linux to tell. */
function removeLeftovers(): void {
  if (process.platform !== 'linux') return;
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(FOLDER_PREFIX))) {
    const [runner = ''] = name.slice(FOLDER_PREFIX.length).split('-', 1);
    if (commandLine(runner) !== '') continue;
    const folder = join(tmpdir(), name);
    const [server = ''] = textOf(join(folder, 'postgres/data/postmaster.pid')).split('\n', 1);
    if (server !== '' && commandLine(server).includes(folder)) process.kill(Number(server), 'SIGQUIT');
    rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
  }
}

/** Empty when the process is gone, or dead and not yet collected by its parent. */
function commandLine(processId: string): string {
  return textOf(`/proc/${processId}/cmdline`);
}

function textOf(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}
