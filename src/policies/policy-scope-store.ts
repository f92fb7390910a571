import type { Database } from '../database/database.ts';
import type { PortalSchema } from '../database/schema.ts';
import type { PolicyScope } from './policy.ts';

/** What a policy can be about. */
export interface PolicyScopeStore {
  /** Whether the API and the plan that a scope names are offered. */
  exists(scope: PolicyScope): Promise<boolean>;
}

export function createPolicyScopeStore({ kysely }: Database<PortalSchema>): PolicyScopeStore {
  return {
    async exists({ apiSlug, planSlug }) {
      if (apiSlug === null) return true;
      const api = await kysely
        .selectFrom('api')
        .select('slug')
        .where('slug', '=', apiSlug)
        .where('removed_at_ms', 'is', null)
        .executeTakeFirst();
      if (!api || planSlug === null) return api !== undefined;
      const plan = await kysely
        .selectFrom('plan')
        .select('slug')
        .where('api_slug', '=', apiSlug)
        .where('slug', '=', planSlug)
        .executeTakeFirst();
      return plan !== undefined;
    },
  };
}
