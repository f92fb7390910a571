import type { Database } from '../database/database.ts';
import type { PortalSchema } from '../database/schema.ts';
import type { RestrictionChoices } from './key-restrictions.ts';

export interface RestrictionChoiceStore {
  choices(applicationId: string): Promise<RestrictionChoices>;
}

export function createRestrictionChoiceStore({ kysely }: Database<PortalSchema>): RestrictionChoiceStore {
  const subscriptions = (applicationId: string) =>
    kysely.selectFrom('subscription').where('application_id', '=', applicationId).where('ended_at_ms', 'is', null);
  return {
    async choices(applicationId) {
      const plans = await subscriptions(applicationId)
        .innerJoin('plan', (join) =>
          join.onRef('plan.api_slug', '=', 'subscription.api_slug').onRef('plan.slug', '=', 'subscription.plan_slug'),
        )
        .select('plan.scopes')
        .execute();
      const rows = await subscriptions(applicationId)
        .innerJoin('api_version as version', 'version.api_slug', 'subscription.api_slug')
        .innerJoin('operation', (join) =>
          join.onRef('operation.api_slug', '=', 'version.api_slug').onRef('operation.version', '=', 'version.version'),
        )
        .where('version.removed_at_ms', 'is', null)
        .where('version.lifecycle', '!=', 'retired')
        .select(['operation.api_slug as api', 'operation.version', 'operation_id as operationId', 'method', 'path'])
        .select(['operation.summary', 'tag'])
        .orderBy('operation.api_slug')
        .orderBy('operation.version', 'desc')
        .orderBy('position')
        .orderBy('path')
        .execute();
      const scopes = plans.flatMap((plan) => plan.scopes.split(' ')).filter((scope) => scope !== '');
      return { scopes: [...new Set(scopes)].sort(), operations: rows };
    },
  };
}
