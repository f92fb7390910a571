import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { sql } from 'kysely';
import { expect, test } from 'vitest';

import type { Database } from '../../src/database/database.ts';
import { migrate } from '../../src/database/migrate.ts';
import { createApiUsageStore } from '../../src/usage/api-usage-store.ts';
import { createUsageReadingStore } from '../../src/usage/usage-reading-store.ts';
import { forEachDialect, openUsageTestDatabase } from '../support/databases.ts';

const FOLDER = join(import.meta.dirname, '../../db/migrations/usage');
const HOUR_MS = 3_600_000;
const DAY_MS = Date.UTC(2026, 2, 3);

/** A folder with the first migration only, as the first release had it. */
function firstMigration(): { folder: string; remove: () => void } {
  const place = mkdtempSync(join(tmpdir(), 'gatehouse-migration-'));
  const folder = join(place, 'usage');
  mkdirSync(folder);
  symlinkSync(join(FOLDER, '0001-counters.ts'), join(folder, '0001-counters.ts'));
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
  test('what the first release counted is still there, by hour, day, month and API', async () => {
    const opened = await openUsageTestDatabase(dialect);
    const first = firstMigration();
    const database = opened.database as unknown as Database<unknown>;
    try {
      await empty(database);
      await migrate(database, first.folder, 1);
      const row = (atMs: number, key: string, verdict: string, calls: number) =>
        sql`insert into call_count (hour_start_ms, application_id, key_id, api_slug, version, operation_id, verdict, calls)
          values (${atMs}, 'app_1', ${key}, 'parcels', 'v2', 'listParcels', ${verdict}, ${calls})`.execute(
          database.kysely,
        );
      await row(DAY_MS, 'key_1', 'allowed', 1);
      await row(DAY_MS + HOUR_MS, 'key_1', 'allowed', 2);
      await row(DAY_MS + HOUR_MS, 'key_2', 'rate_limited', 4);
      await row(DAY_MS - 10 * 24 * HOUR_MS, 'key_1', 'allowed', 8);
      await sql`insert into key_activity
        (key_id, application_id, last_called_at_ms, last_address, last_verdict, leaked_in_query_at_ms)
        values ('key_1', 'app_1', ${DAY_MS + HOUR_MS + 5}, '', 'allowed', null),
          ('key_2', 'app_1', ${DAY_MS + HOUR_MS + 5}, '', 'rate_limited', null)`.execute(database.kysely);
      await migrate(database, FOLDER, 2);

      const reading = createUsageReadingStore(opened.database);
      const scope = { of: 'application', applicationId: 'app_1' } as const;
      const calls = async (grain: 'hour' | 'day' | 'month') =>
        (await reading.slots({ scope, grain, sinceMs: 0 })).map((slot) => [slot.startMs, slot.calls]).sort();
      expect(await calls('hour')).toHaveLength(4);
      expect(await calls('day')).toContainEqual([DAY_MS, 3]);
      expect(await calls('month')).toEqual([
        [Date.UTC(2026, 1), 8],
        [Date.UTC(2026, 2), 3],
        [Date.UTC(2026, 2), 4],
      ]);
      const parcels = await reading.slots({ scope: { of: 'api', apiSlug: 'parcels' }, grain: 'day', sinceMs: DAY_MS });
      expect(parcels.map((slot) => [slot.verdict, slot.calls]).sort()).toEqual([
        ['allowed', 3],
        ['rate_limited', 4],
      ]);
      const everything = { apiSlug: 'parcels', versions: [], operations: [], applicationIds: null };
      const times = {
        sinceMs: DAY_MS - 90 * 24 * HOUR_MS,
        untilMs: DAY_MS + 1,
        weekStartMs: DAY_MS - 6 * 24 * HOUR_MS,
      };
      expect(await createApiUsageStore(opened.database).callsByKey({ ...everything, ...times })).toEqual([
        { applicationId: 'app_1', keyId: 'key_1', named: 11, namedThisWeek: 3, namedWeekBefore: 8, any: 11 },
      ]);
      const [one, two] = (await reading.keyActivities('app_1')).toSorted((a, b) => a.keyId.localeCompare(b.keyId));
      expect(one).toMatchObject({
        firstCalledAtMs: DAY_MS - 10 * 24 * HOUR_MS,
        lastAllowedAtMs: DAY_MS + HOUR_MS,
      });
      expect(two).toMatchObject({ firstCalledAtMs: DAY_MS + HOUR_MS, lastAllowedAtMs: null });
    } finally {
      first.remove();
      await opened.close();
    }
  });
});
