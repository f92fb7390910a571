import type { Database } from '../database/database.ts';
import type { PortalSchema } from '../database/schema.ts';

export interface KeyLineageStore {
  /** First keys of the chains of rotations of an application whose last key was not revoked; at most a hundred. */
  lineagesOf(applicationId: string): Promise<readonly string[]>;
}

const MOST_LINEAGES = 100;

export function createKeyLineageStore({ kysely }: Database<PortalSchema>): KeyLineageStore {
  return {
    async lineagesOf(applicationId) {
      const rows = await kysely
        .selectFrom('api_key')
        .select(({ fn }) => fn.coalesce('lineage_id', 'id').as('lineageId'))
        .where('application_id', '=', applicationId)
        .where('revoked_at_ms', 'is', null)
        .where('replaced_by_key_id', 'is', null)
        .orderBy('created_at_ms', 'desc')
        .limit(MOST_LINEAGES)
        .execute();
      return rows.map(({ lineageId }) => lineageId);
    },
  };
}
