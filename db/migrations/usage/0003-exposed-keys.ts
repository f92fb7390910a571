import { sql } from 'kysely';

import type { Migration } from '../../../src/database/migrate.ts';

export const up: Migration['up'] = async (db) => {
  // Few keys ever are: who looks for them every few seconds must not read all the others.
  await db.schema
    .createIndex('key_activity_exposed')
    .on('key_activity')
    .column('leaked_in_query_at_ms')
    .where(sql.ref('leaked_in_query_at_ms'), 'is not', null)
    .execute();
};
