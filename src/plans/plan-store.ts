import type { Selectable } from 'kysely';

import type { Database } from '../database/database.ts';
import type { PortalSchema } from '../database/schema.ts';
import { type KeyRules, OVERLAP_MAX_DAYS_DEFAULT, type Plan } from './plan.ts';
import { readPlanLimits } from './plan-limits.ts';

/** Reads plans; the catalog writes them. */
export interface PlanStore {
  /** Plans that an API offers now, in the order of its `api.yaml`. */
  listOffered(apiSlug: string): Promise<readonly Plan[]>;
  /** One plan, offered or not: subscriptions outlive the offer. */
  find(apiSlug: string, planSlug: string): Promise<Plan | null>;
  /** What an application's subscriptions that have not ended ask of its keys. */
  keyRules(applicationId: string): Promise<KeyRules>;
}

const DAY_MS = 24 * 60 * 60 * 1000;

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
    async keyRules(applicationId) {
      const strictest = await database.kysely
        .selectFrom('subscription')
        .innerJoin('plan', (join) =>
          join.onRef('plan.api_slug', '=', 'subscription.api_slug').onRef('plan.slug', '=', 'subscription.plan_slug'),
        )
        .select(({ fn }) => [
          fn.min<number | null>('plan.overlap_max_days').as('overlapMaxDays'),
          fn.min<number | null>('plan.rotation_interval_days').as('rotationIntervalDays'),
          fn.min<number | null>('plan.max_lifetime_days').as('maxLifetimeDays'),
        ])
        .where('subscription.application_id', '=', applicationId)
        .where('subscription.ended_at_ms', 'is', null)
        .executeTakeFirstOrThrow();
      const { overlapMaxDays, ...rules } = strictest;
      return { overlapMaxMs: (overlapMaxDays ?? OVERLAP_MAX_DAYS_DEFAULT) * DAY_MS, ...rules };
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
    limits: readPlanLimits(row),
    overlapMaxDays: row.overlap_max_days,
    rotationIntervalDays: row.rotation_interval_days,
    maxLifetimeDays: row.max_lifetime_days,
    dormancy: row.dormant_days === null ? null : { days: row.dormant_days, action: row.dormant_action },
    ...(row.approval_required === 1 && { approval: 'required' as const }),
  };
}
