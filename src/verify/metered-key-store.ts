import type { Database } from '../database/database.ts';
import type { PortalSchema } from '../database/schema.ts';
import type { Metered } from '../usage/meter.ts';
import { readLimits } from './read-limits.ts';

export interface MeteredKey {
  subscription: Metered;
  /** First key of its chain of rotations. */
  lineageId: string;
}

/** Where costs of a key are counted. */
export interface MeteredKeyStore {
  /** null when there is no such key, or its application has no plan for the API. Also keys that have ended. */
  find(keyId: string, api: string): Promise<MeteredKey | null>;
}

export function createMeteredKeyStore({ kysely }: Database<PortalSchema>): MeteredKeyStore {
  return {
    async find(keyId, api) {
      const row = await kysely
        .selectFrom('api_key')
        .innerJoin('subscription', 'subscription.application_id', 'api_key.application_id')
        .innerJoin('plan', (join) =>
          join.onRef('plan.api_slug', '=', 'subscription.api_slug').onRef('plan.slug', '=', 'subscription.plan_slug'),
        )
        .select(['subscription.id', 'api_key.lineage_id'])
        .select(['rate_limit', 'rate_window_seconds', 'quota', 'quota_period', 'limits'])
        .where('api_key.id', '=', keyId)
        .where('subscription.api_slug', '=', api)
        .where('subscription.ended_at_ms', 'is', null)
        .executeTakeFirst();
      return row ? { subscription: { id: row.id, limits: readLimits(row) }, lineageId: row.lineage_id ?? keyId } : null;
    },
  };
}
