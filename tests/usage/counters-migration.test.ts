import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { sql } from 'kysely';
import { expect, test } from 'vitest';

import type { Database } from '../../src/database/database.ts';
import { migrate } from '../../src/database/migrate.ts';
import { createUsageStore } from '../../src/usage/usage-store.ts';
import { forEachDialect, openUsageTestDatabase } from '../support/databases.ts';

const FOLDER = join(import.meta.dirname, '../../db/migrations/usage');

/** The migrations before the one of the counters. */
function earlier(): { folder: string; remove: () => void } {
  const place = mkdtempSync(join(tmpdir(), 'gatehouse-migration-'));
  const folder = join(place, 'usage');
  mkdirSync(folder);
  for (const file of readdirSync(FOLDER)) if (file < '0004') symlinkSync(join(FOLDER, file), join(folder, file));
  return { folder, remove: () => rmSync(place, { recursive: true }) };
}

async function empty({ kysely, dialect }: Database<unknown>): Promise<void> {
  if (dialect === 'postgres') {
    await sql`drop schema public cascade`.execute(kysely);
    await sql`create schema public`.execute(kysely);
    return;
  }
  for (const { name } of await kysely.introspection.getTables()) await kysely.schema.dropTable(name).execute();
}

forEachDialect((dialect) => {
  test('what was used of daily and monthly quotas before is still used', async () => {
    const opened = await openUsageTestDatabase(dialect);
    const before = earlier();
    const database = opened.database as unknown as Database<unknown>;
    try {
      await empty(database);
      await migrate(database, before.folder, 1);
      const day = Date.UTC(2026, 2, 3);
      const month = Date.UTC(2026, 2, 1);
      await sql`insert into quota_usage (subscription_id, window_start_ms, used)
        values ('sub_1', ${day}, 7), ('sub_2', ${month}, 9)`.execute(database.kysely);
      await migrate(database, FOLDER, 2);
      const store = createUsageStore(opened.database);
      expect(await store.findQuotaUsed('sub_1 cost day UTC', day)).toBe(7);
      expect(await store.findQuotaUsed('sub_2 cost month UTC', month)).toBe(9);
    } finally {
      before.remove();
      await opened.close();
    }
  });
});
