import { type ExpressionBuilder, type Insertable, type Selectable, type Transaction } from 'kysely';

import { type AuditRecord, appendAudit } from '../audit/audit-log.ts';
import type { Database } from '../database/database.ts';
import type { PortalSchema } from '../database/schema.ts';
import { lockTeam } from '../teams/team-row.ts';
import type { Application, Subscription } from './application.ts';

/** Reads take the actor's teams, so that another team's application cannot be told from an absent one. */
export interface ApplicationStore {
  /** By name. */
  list(teamIds: readonly string[]): Promise<readonly Application[]>;
  find(teamIds: readonly string[], applicationId: string): Promise<Application | null>;
  /** Whoever's it is: for callers that proved their right otherwise, by a key. */
  findById(applicationId: string): Promise<Application | null>;
  /** False when the team has `limit` applications already, or is gone; then nothing is written. */
  addUnlessFull(application: Application, limit: number, audit: AuditRecord): Promise<boolean>;
  /** Those that have not ended, by API. */
  subscriptions(teamIds: readonly string[], applicationId: string): Promise<readonly Subscription[]>;
  subscribe(
    subscription: Subscription,
    audit: AuditRecord,
    /** `approval_required`: nothing was added, an owner has to be asked. */
  ): Promise<'subscribed' | 'unknown_plan' | 'already_subscribed' | 'approval_required'>;
}

type Row<Table extends keyof PortalSchema> = Selectable<PortalSchema[Table]>;

export function createApplicationStore(database: Database<PortalSchema>): ApplicationStore {
  const { kysely } = database;
  const applications = () =>
    kysely.selectFrom('application').selectAll().where('application.deleted_at_ms', 'is', null);
  return {
    async list(teamIds) {
      const rows = await applications().where(ownedBy(teamIds)).orderBy('name').orderBy('id').execute();
      return rows.map(toApplication);
    },
    async find(teamIds, applicationId) {
      const row = await applications().where(ownedBy(teamIds)).where('id', '=', applicationId).executeTakeFirst();
      return row ? toApplication(row) : null;
    },
    async findById(applicationId) {
      const row = await applications().where('id', '=', applicationId).executeTakeFirst();
      return row ? toApplication(row) : null;
    },
    addUnlessFull: (application, limit, audit) =>
      kysely.transaction().execute(async (transaction) => {
        if (!(await lockTeam(transaction, application.teamId))) return false;
        if ((await countApplications(transaction, application.teamId)) >= limit) return false;
        await transaction.insertInto('application').values(toApplicationRow(application)).execute();
        await appendAudit(transaction, audit);
        return true;
      }),
    async subscriptions(teamIds, applicationId) {
      const rows = await kysely
        .selectFrom('subscription')
        .innerJoin('application', 'application.id', 'subscription.application_id')
        .selectAll('subscription')
        .where(ownedBy(teamIds))
        .where('application.deleted_at_ms', 'is', null)
        .where('application_id', '=', applicationId)
        .where('ended_at_ms', 'is', null)
        .orderBy('api_slug')
        .execute();
      return rows.map(toSubscription);
    },
    subscribe: (subscription, audit) =>
      kysely.transaction().execute(async (transaction) => {
        const offered = await isPlanOffered(transaction, subscription);
        if (!offered) return 'unknown_plan';
        if (offered === 'with_approval') {
          return (await isSubscribed(transaction, subscription)) ? 'already_subscribed' : 'approval_required';
        }
        if (!(await insertSubscription(transaction, subscription))) return 'already_subscribed';
        await appendAudit(transaction, audit);
        return 'subscribed';
      }),
  };
}

/** Matches rows of any of these teams; of none when there are none. */
export function ownedBy(teamIds: readonly string[]) {
  return (expression: ExpressionBuilder<PortalSchema, 'application'>) =>
    expression.or(teamIds.map((teamId) => expression('application.team_id', '=', teamId)));
}

async function countApplications(transaction: Transaction<PortalSchema>, teamId: string): Promise<number> {
  const row = await transaction
    .selectFrom('application')
    .select((expression) => expression.fn.countAll<number>().as('count'))
    .where('team_id', '=', teamId)
    .where('deleted_at_ms', 'is', null)
    .executeTakeFirstOrThrow();
  return row.count;
}

/** false when the API does not offer it now. */
export async function isPlanOffered(
  transaction: Transaction<PortalSchema>,
  { apiSlug, planSlug }: Pick<Subscription, 'apiSlug' | 'planSlug'>,
): Promise<'at_once' | 'with_approval' | false> {
  const row = await transaction
    .selectFrom('plan')
    .innerJoin('api', 'api.slug', 'plan.api_slug')
    .select('plan.approval_required')
    .where('plan.api_slug', '=', apiSlug)
    .where('plan.slug', '=', planSlug)
    .where('plan.removed_at_ms', 'is', null)
    .where('api.removed_at_ms', 'is', null)
    .executeTakeFirst();
  if (!row) return false;
  return row.approval_required === 1 ? 'with_approval' : 'at_once';
}

/** False when the application has a plan on this API. */
export async function insertSubscription(
  transaction: Transaction<PortalSchema>,
  subscription: Subscription,
): Promise<boolean> {
  const row = await transaction
    .insertInto('subscription')
    .values(toSubscriptionRow(subscription))
    .onConflict((conflict) =>
      conflict.columns(['application_id', 'api_slug']).where('ended_at_ms', 'is', null).doNothing(),
    )
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

async function isSubscribed(
  transaction: Transaction<PortalSchema>,
  { applicationId, apiSlug }: Subscription,
): Promise<boolean> {
  const row = await transaction
    .selectFrom('subscription')
    .select('id')
    .where('application_id', '=', applicationId)
    .where('api_slug', '=', apiSlug)
    .where('ended_at_ms', 'is', null)
    .executeTakeFirst();
  return row !== undefined;
}

function toApplication(row: Row<'application'>): Application {
  return {
    id: row.id,
    teamId: row.team_id,
    name: row.name,
    description: row.description,
    createdAtMs: row.created_at_ms,
    ...(row.suspended_at_ms !== null && {
      suspended: { atMs: row.suspended_at_ms, message: row.suspend_message ?? '' },
    }),
  };
}

function toApplicationRow(application: Application): Insertable<PortalSchema['application']> {
  return {
    id: application.id,
    team_id: application.teamId,
    name: application.name,
    description: application.description,
    created_at_ms: application.createdAtMs,
    deleted_at_ms: null,
  };
}

function toSubscription(row: Row<'subscription'>): Subscription {
  return {
    id: row.id,
    applicationId: row.application_id,
    apiSlug: row.api_slug,
    planSlug: row.plan_slug,
    createdAtMs: row.created_at_ms,
  };
}

function toSubscriptionRow(subscription: Subscription): Insertable<PortalSchema['subscription']> {
  return {
    id: subscription.id,
    application_id: subscription.applicationId,
    api_slug: subscription.apiSlug,
    plan_slug: subscription.planSlug,
    created_at_ms: subscription.createdAtMs,
    ended_at_ms: null,
  };
}
