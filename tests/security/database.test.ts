import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { type Database, openDatabase } from '../../src/database/database.ts';
import { migrate } from '../../src/database/migrate.ts';
import type { PortalSchema } from '../../src/database/schema.ts';
import { compareVersions } from '../support/lock-file.ts';
import { repositoryRoot } from './read-lists.ts';

/** The WAL-reset fault is mended in it, and CVE-2025-6965 and CVE-2025-7709 before. */
const SAFE_SQLITE = '3.51.3';

let folder: string;
let writing: Database<PortalSchema>;
let reading: Database<PortalSchema>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-rights-'));
  const url = `sqlite:${join(folder, 'portal.sqlite')}`;
  writing = openDatabase<PortalSchema>({ url, synchronous: 'NORMAL' });
  await migrate(writing as Database<unknown>, join(repositoryRoot, 'db/migrations/portal'), Date.UTC(2026, 0, 1));
  reading = openDatabase<PortalSchema>({ url, readOnly: true });
});
afterAll(async () => {
  await reading.close();
  await writing.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('the SQLite that comes along', () => {
  test('is one without the faults that are known', async () => {
    const { rows } = await sql<{ version: string }>`select sqlite_version() as version`.execute(writing.kysely);
    expect(compareVersions(rows[0]?.version ?? '0', SAFE_SQLITE)).toBeGreaterThanOrEqual(0);
  });

  test('believes nothing that a damaged or hostile file says', async () => {
    for (const [name, value] of [
      ['trusted_schema', 0],
      ['cell_size_check', 1],
      ['foreign_keys', 1],
    ] as const) {
      const { rows } = await sql<Record<string, number>>`pragma ${sql.raw(name)}`.execute(writing.kysely);
      expect(rows).toEqual([{ [name]: value }]);
    }
  });
});

test('the verifier cannot write to the database of accounts and keys', async () => {
  const team = { id: 'team_of_nobody', name: 'Nobody', created_at_ms: 0 };
  await expect(reading.kysely.insertInto('team').values(team).execute()).rejects.toThrow(/readonly/i);
  await expect(reading.kysely.deleteFrom('api_key').execute()).rejects.toThrow(/readonly/i);
  expect(await reading.kysely.selectFrom('team').selectAll().execute()).toEqual([]);
});
