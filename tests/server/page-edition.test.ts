import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { type Databases, openMigratedDatabases } from '../../src/composition/databases.ts';
import { createPageEdition } from '../../src/composition/page-edition.ts';
import type { Notice } from '../../src/notices/notice.ts';
import type { Edition } from '../../src/server/answer-memory.ts';
import { testConfig } from './front.ts';

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-edition-'));
const config = testConfig({ DATA_DIR: folder });
let own: Databases;
let other: Databases;
let edition: Edition;
let nowMs = Date.UTC(2026, 0, 1);
let canSave = true;
let notices: Notice[] = [];

beforeAll(async () => {
  own = await openMigratedDatabases(config);
  other = await openMigratedDatabases(config);
  edition = createPageEdition({
    databases: own,
    clock: { nowMs: () => nowMs },
    notices: { list: () => [...notices] },
    canSave: () => canSave,
  });
});
afterAll(async () => {
  await own.close();
  await other.close();
  rmSync(folder, { recursive: true });
});

/** SQLite writes nothing when the row is as it was. */
let written = 0;
const write = ({ portal }: Databases) =>
  sql`update write_probe set tried_at_ms = ${(written += 1)}`.execute(portal.kysely);
const notice = (): Notice => ({}) as Notice;

test.each<[string, () => unknown]>([
  ['this process writes', () => write(own)],
  ['another process writes', () => write(other)],
  ['a notice is published', () => (notices = [notice()])],
  ['a notice is changed', () => (notices = [notice()])],
  ['a notice is withdrawn', () => (notices = [])],
  ['a minute has passed', () => (nowMs += 60_000)],
  ['nothing can be saved any more', () => (canSave = false)],
])('the edition of the pages is another one as soon as %s, and then stays', async (_what, change) => {
  const before = edition();
  expect(edition()).toBe(before);
  await change();
  const after = edition();
  expect(after).not.toBe(before);
  expect(edition()).toBe(after);
});

test('on PostgreSQL there is none', () => {
  const databases = { ...own, portal: { ...own.portal, dialect: 'postgres' as const } };
  const deps = { databases, clock: { nowMs: () => nowMs }, notices: { list: () => [] }, canSave: () => true };
  expect(createPageEdition(deps)()).toBeNull();
});
