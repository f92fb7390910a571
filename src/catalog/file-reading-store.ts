import type { Kysely } from 'kysely';

import type { PortalSchema } from '../database/schema.ts';
import type { KnownReadings } from './file-reading.ts';

/** Of versions with a document: what nothing came of yet is read whenever it is met. */
export async function readKnownReadings(db: Kysely<PortalSchema>): Promise<KnownReadings> {
  const rows = await db
    .selectFrom('api_version')
    .select(['api_slug', 'version', 'file_reading'])
    .where('published_revision', '>', 0)
    .where('file_sha256', 'is not', null)
    .where('file_reading', 'is not', null)
    .execute();
  return new Map(rows.map((row) => [`${row.api_slug}/${row.version}`, row.file_reading ?? '']));
}
