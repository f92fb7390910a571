import type { Database } from '../database/database.ts';
import type { PortalSchema } from '../database/schema.ts';
import { toApiKey } from '../keys/key-row.ts';
import { readPlanLimits } from '../plans/plan-limits.ts';
import type { TykKeyFacts, TykSubscription } from './tyk-session.ts';
import type { TykOperation } from './tyk-urls.ts';

export interface TykFactsStore {
  /** What the session of a key is made of, as it is now; null when there is no such key. */
  factsOf(keyId: string): Promise<TykKeyFacts | null>;
}

export function createTykFactsStore({ kysely }: Database<PortalSchema>): TykFactsStore {
  const operationsOf = async (apiSlug: string): Promise<TykOperation[]> => {
    const rows = await kysely
      .selectFrom('operation')
      .innerJoin('api_version', (join) =>
        join
          .onRef('api_version.api_slug', '=', 'operation.api_slug')
          .onRef('api_version.version', '=', 'operation.version'),
      )
      .select(['operation.version', 'operation_id', 'method', 'path', 'scopes'])
      .where('operation.api_slug', '=', apiSlug)
      .where('api_version.lifecycle', '!=', 'retired')
      .where('api_version.removed_at_ms', 'is', null)
      .execute();
    return rows.map(({ operation_id, scopes, ...row }) => ({
      ...row,
      operationId: operation_id,
      scopes: words(scopes),
    }));
  };
  const subscriptionsOf = async (applicationId: string): Promise<TykSubscription[]> => {
    const rows = await kysely
      .selectFrom('subscription')
      .innerJoin('plan', (join) =>
        join.onRef('plan.api_slug', '=', 'subscription.api_slug').onRef('plan.slug', '=', 'subscription.plan_slug'),
      )
      .innerJoin('api', 'api.slug', 'subscription.api_slug')
      .select(['api.slug', 'api.title', 'plan.scopes', 'rate_limit', 'rate_window_seconds', 'quota', 'quota_period'])
      .select('plan.limits')
      .where('application_id', '=', applicationId)
      .where('subscription.ended_at_ms', 'is', null)
      .where('api.removed_at_ms', 'is', null)
      .orderBy('api.slug')
      .execute();
    return Promise.all(
      rows.map(async (row) => ({
        apiSlug: row.slug,
        apiTitle: row.title,
        scopes: words(row.scopes),
        limits: readPlanLimits(row),
        operations: await operationsOf(row.slug),
      })),
    );
  };
  return {
    async factsOf(keyId) {
      const row = await kysely
        .selectFrom('api_key')
        .innerJoin('application', 'application.id', 'api_key.application_id')
        .innerJoin('team', 'team.id', 'application.team_id')
        .selectAll('api_key')
        .select(['application.team_id', 'application.deleted_at_ms'])
        .select(['application.suspended_at_ms as application_paused', 'team.suspended_at_ms as team_paused'])
        .where('api_key.id', '=', keyId)
        .executeTakeFirst();
      if (!row) return null;
      const key = toApiKey(row);
      return {
        // Paused in Tyk, not removed: its token could not be brought there again.
        key: { ...key, suspendedAtMs: key.suspendedAtMs ?? row.application_paused ?? row.team_paused },
        teamId: row.team_id,
        isApplicationDeleted: row.deleted_at_ms !== null,
        subscriptions: await subscriptionsOf(row.application_id),
      };
    },
  };
}

function words(text: string): string[] {
  return text.split(' ').filter((word) => word !== '');
}
