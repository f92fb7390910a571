import { fileURLToPath } from 'node:url';

import { systemClock } from '../platform/clock.ts';
import type { Config } from '../settings/config.ts';
import { type Database, openDatabase } from '../database/database.ts';
import { appliedMigrations, migrate, migrationNames, refuseNewerSchema } from '../database/migrate.ts';
import type { PortalSchema, UsageSchema } from '../database/schema.ts';
import { requireWholeCounts } from '../usage/count-seal.ts';

const PORTAL_MIGRATIONS = fileURLToPath(new URL('../../db/migrations/portal', import.meta.url));
const USAGE_MIGRATIONS = fileURLToPath(new URL('../../db/migrations/usage', import.meta.url));

export interface Databases {
  portal: Database<PortalSchema>;
  usage: Database<UsageSchema>;
  /** Name of the newest migration, for `/healthz`. */
  schema: string;
  close(): Promise<void>;
}

/** For the portal process, which starts first: opens both databases and brings them forward. */
export async function openMigratedDatabases(config: Config): Promise<Databases> {
  const databases = openDatabases(config);
  try {
    await migrate(databases.portal as Database<unknown>, PORTAL_MIGRATIONS, systemClock.nowMs());
    await migrate(databases.usage as Database<unknown>, USAGE_MIGRATIONS, systemClock.nowMs());
    return databases;
  } catch (error) {
    await databases.close();
    throw error;
  }
}

/** For the verifier, which writes nothing to the portal's database and changes no schema. */
export async function openCheckedDatabases(config: Config): Promise<Databases> {
  const databases = openDatabases(config, { readOnly: true });
  try {
    await requireSchema(databases.portal as Database<unknown>, PORTAL_MIGRATIONS);
    await requireSchema(databases.usage as Database<unknown>, USAGE_MIGRATIONS);
    await requireWholeCounts(databases.usage);
    return databases;
  } catch (error) {
    await databases.close();
    throw error;
  }
}

async function requireSchema(database: Database<unknown>, folder: string): Promise<void> {
  await refuseNewerSchema(database, folder);
  const applied = new Set(await appliedMigrations(database, folder));
  const missing = migrationNames(folder).filter((name) => !applied.has(name));
  if (missing.length > 0) throw new Error(`the database lacks ${missing.join(', ')}: start the portal first`);
}

function openDatabases(config: Config, portalOptions: { readOnly?: boolean } = {}): Databases {
  const portal = openDatabase<PortalSchema>({ url: config.databaseUrl, ...portalOptions });
  const usage = openDatabase<UsageSchema>({ url: config.usageDatabaseUrl, synchronous: 'NORMAL' });
  return {
    portal,
    usage,
    schema: migrationNames(PORTAL_MIGRATIONS).at(-1) ?? '',
    close: async () => {
      await usage.close();
      await portal.close();
    },
  };
}
