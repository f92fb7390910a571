import { type ExpressionBuilder, type Insertable, type Selectable, type Transaction, sql } from 'kysely';

import { type AuditRecord, appendAudit } from '../audit/audit-log.ts';
import type { Database } from '../platform/database.ts';
import type { PortalSchema } from '../platform/schema.ts';
import type { Application, Subscription } from './application.ts';

/** Reads take the actor's teams, so that another team's application cannot be told from an absent one. */
export interface ApplicationStore {
  /** By name. */
  list(teamIds: readonly string[]): Promise<readonly Application[]>;
  find(teamIds: readonly string[], applicationId: string): Promise<Application | null>;
  /** Whoever's it is: for callers that proved their right otherwise, by a key. */
  findById(applicationId: string): Promise<Application | null>;
  /** False when the team has `limit` applications already; then nothing is written. */
  addUnlessFull(application: Application, limit: number, audit: AuditRecord): Promise<boolean>;
  /** Those that have not ended, by API. */
  subscriptions(teamIds: readonly string[], applicationId: string): Promise<readonly Subscription[]>;
  subscribe(
    subscription: Subscription,
    audit: AuditRecord,
  ): Promise<'subscribed' | 'unknown_plan' | 'already_subscribed'>;
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
        await lockTeam(transaction, application.teamId);
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
        if (!(await isPlanOffered(transaction, subscription))) return 'unknown_plan';
        const row = await transaction
          .insertInto('subscription')
          .values(toSubscriptionRow(subscription))
          .onConflict((conflict) =>
            conflict.columns(['application_id', 'api_slug']).where('ended_at_ms', 'is', null).doNothing(),
          )
          .returning('id')
          .executeTakeFirst();
        if (!row) return 'already_subscribed';
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

/** Makes writers of one team take turns; SQLite has one writer anyway and no `for update`. */
async function lockTeam(transaction: Transaction<PortalSchema>, teamId: string): Promise<void> {
  await transaction
    .updateTable('team')
    .set({ name: sql.ref('name') })
    .where('id', '=', teamId)
    .execute();
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

async function isPlanOffered(transaction: Transaction<PortalSchema>, subscription: Subscription): Promise<boolean> {
  const row = await transaction
    .selectFrom('plan')
    .innerJoin('api', 'api.slug', 'plan.api_slug')
    .select('plan.slug')
    .where('plan.api_slug', '=', subscription.apiSlug)
    .where('plan.slug', '=', subscription.planSlug)
    .where('plan.removed_at_ms', 'is', null)
    .where('api.removed_at_ms', 'is', null)
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
