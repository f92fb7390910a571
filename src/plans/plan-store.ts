import type { Selectable } from 'kysely';

import type { Database } from '../platform/database.ts';
import type { PortalSchema } from '../platform/schema.ts';
import type { Plan } from './plan.ts';

/** Reads plans; the catalog writes them. */
export interface PlanStore {
  /** Plans that an API offers now, in the order of its `api.yaml`. */
  listOffered(apiSlug: string): Promise<readonly Plan[]>;
  /** One plan, offered or not: subscriptions outlive the offer. */
  find(apiSlug: string, planSlug: string): Promise<Plan | null>;
}

export function createPlanStore(database: Database<PortalSchema>): PlanStore {
  const plans = (apiSlug: string) => database.kysely.selectFrom('plan').selectAll().where('api_slug', '=', apiSlug);
  return {
    async listOffered(apiSlug) {
      const rows = await plans(apiSlug)
        .where('removed_at_ms', 'is', null)
        .orderBy('position')
        .orderBy('slug')
        .execute();
      return rows.map(toPlan);
    },
    async find(apiSlug, planSlug) {
      const row = await plans(apiSlug).where('slug', '=', planSlug).executeTakeFirst();
      return row ? toPlan(row) : null;
    },
  };
}

function toPlan(row: Selectable<PortalSchema['plan']>): Plan {
  return {
    apiSlug: row.api_slug,
    slug: row.slug,
    title: row.title,
    summary: row.summary,
    scopes: row.scopes.split(' ').filter((scope) => scope !== ''),
    rateLimit: row.rate_limit,
    rateWindowSeconds: row.rate_window_seconds,
    quota: row.quota,
    quotaPeriod: row.quota_period,
  };
}
