import { readInChunks } from '../platform/chunks.ts';
import type { Database } from '../database/database.ts';
import type { PortalSchema } from '../database/schema.ts';

/** Whose keys these are. */
export interface KeyOwnerStore {
  /** Key id -> application id; keys that do not exist are missing. */
  applicationsOf(keyIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
}

export function createKeyOwnerStore({ kysely }: Database<PortalSchema>): KeyOwnerStore {
  return {
    async applicationsOf(keyIds) {
      const rows = await readInChunks(keyIds, (ids) =>
        kysely.selectFrom('api_key').select(['id', 'application_id']).where('id', 'in', ids).execute(),
      );
      return new Map(rows.map(({ id, application_id }) => [id, application_id]));
    },
  };
}
