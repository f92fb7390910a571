import type { DialectName } from '../../src/database/database.ts';
import { openTestDatabase } from '../support/databases.ts';
import { type World, createWorld } from './world.ts';

/** A world on SQLite files, or on a PostgreSQL database of its own that ends with it. */
export async function createWorldOn(dialect: DialectName, settings: Record<string, string> = {}): Promise<World> {
  if (dialect === 'sqlite') return createWorld(settings);
  const database = await openTestDatabase(dialect);
  const world = await createWorld({ ...settings, DATABASE_URL: database.url });
  return {
    ...world,
    close: async () => {
      await world.close();
      await database.close();
    },
  };
}
