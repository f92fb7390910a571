import { sql } from 'kysely';
import { expect, test } from 'vitest';

import { forEachDialect, openTestDatabase, openUsageTestDatabase } from './databases.ts';

forEachDialect((dialect) => {
  test('two test databases never see each other', async () => {
    const [one, other] = await Promise.all([openTestDatabase(dialect), openTestDatabase(dialect)]);
    await one.database.kysely.insertInto('team').values({ id: 'team_1', name: 'One', created_at_ms: 0 }).execute();
    expect(await one.database.kysely.selectFrom('team').selectAll().execute()).toHaveLength(1);
    expect(await other.database.kysely.selectFrom('team').selectAll().execute()).toHaveLength(0);
    await Promise.all([one.close(), other.close()]);
  });

  test('the usage database has its own tables and the dialect that was asked for', async () => {
    const { database, close } = await openUsageTestDatabase(dialect);
    expect(await database.kysely.selectFrom('quota_count').selectAll().execute()).toHaveLength(0);
    const version = sql<{
      version: string;
    }>`select ${sql.raw(dialect === 'sqlite' ? 'sqlite_version()' : 'version()')} as version`;
    const rows = (await version.execute(database.kysely)).rows;
    expect(rows[0]?.version).toMatch(dialect === 'sqlite' ? /^3\./ : /^PostgreSQL/);
    await close();
  });
});
