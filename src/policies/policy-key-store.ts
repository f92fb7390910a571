import type { Database } from '../database/database.ts';
import { readInChunks } from '../platform/chunks.ts';
import type { PortalSchema } from '../database/schema.ts';
import type { PolicyKey } from './simulate-policy.ts';
import { hasScopes } from './stored-scopes.ts';

/** Keys as policies see them. */
export interface PolicyKeyStore {
  /** Keys that are not revoked, of all teams or of some. */
  list(teamIds: readonly string[] | null): Promise<readonly PolicyKey[]>;
}

export function createPolicyKeyStore({ kysely }: Database<PortalSchema>): PolicyKeyStore {
  const keys = kysely
    .selectFrom('api_key')
    .innerJoin('application', 'application.id', 'api_key.application_id')
    .innerJoin('team', 'team.id', 'application.team_id')
    .select(['api_key.id', 'api_key.name', 'api_key.environment', 'api_key.created_at_ms', 'api_key.expires_at_ms'])
    .select(['api_key.suspended_at_ms', 'api_key.allowlist', 'api_key.restrictions', 'api_key.application_id'])
    .select(['application.name as application_name', 'application.team_id', 'team.name as team_name'])
    .where('api_key.revoked_at_ms', 'is', null)
    .where('application.deleted_at_ms', 'is', null)
    .orderBy('api_key.id');
  const subscriptions = kysely
    .selectFrom('subscription')
    .innerJoin('application', 'application.id', 'subscription.application_id')
    .select(['subscription.application_id', 'subscription.api_slug', 'subscription.plan_slug'])
    .where('subscription.ended_at_ms', 'is', null);
  return {
    async list(teamIds) {
      const rows = teamIds
        ? await readInChunks(teamIds, (ids) => keys.where('application.team_id', 'in', ids).execute())
        : await keys.execute();
      const subscribed = teamIds
        ? await readInChunks(teamIds, (ids) => subscriptions.where('application.team_id', 'in', ids).execute())
        : await subscriptions.execute();
      const plans = new Map<string, Map<string, string>>();
      for (const { application_id, api_slug, plan_slug } of subscribed) {
        const known = plans.get(application_id) ?? new Map<string, string>();
        plans.set(application_id, known.set(api_slug, plan_slug));
      }
      return rows.map((row) => toPolicyKey(row, plans.get(row.application_id) ?? new Map<string, string>()));
    },
  };
}

interface KeyRow {
  id: string;
  name: string;
  environment: 'live' | 'test';
  created_at_ms: number;
  expires_at_ms: number | null;
  suspended_at_ms: number | null;
  allowlist: string;
  restrictions: string;
  application_id: string;
  application_name: string;
  team_id: string;
  team_name: string;
}

function toPolicyKey(row: KeyRow, plans: ReadonlyMap<string, string>): PolicyKey {
  return {
    keyId: row.id,
    keyName: row.name,
    applicationId: row.application_id,
    applicationName: row.application_name,
    teamId: row.team_id,
    teamName: row.team_name,
    facts: {
      environment: row.environment,
      createdAtMs: row.created_at_ms,
      expiresAtMs: row.expires_at_ms,
      hasAllowlist: row.allowlist !== '[]',
      hasScopes: hasScopes(row.restrictions),
    },
    suspendedAtMs: row.suspended_at_ms,
    revokedAtMs: null,
    plans,
  };
}
