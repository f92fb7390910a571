import type { Kysely, Transaction } from 'kysely';

import { type AuditRecord, appendAudit } from '../audit/audit-log.ts';
import type { Database } from '../database/database.ts';
import { enqueue, enqueueAll } from '../database/outbox.ts';
import { type Random, newId } from '../platform/random.ts';
import type { PortalSchema } from '../database/schema.ts';
import { insertSubscription, isPlanOffered, ownedBy } from './application-store.ts';
import type {
  DecideRequestResult,
  DecidedRequest,
  RequestDecision,
  RequestForOwner,
  SubscriptionRequest,
} from './subscription-request.ts';

export interface SubscriptionRequestStore {
  /** Tells the owners. One that waits for each application and API. */
  add(request: SubscriptionRequest, audit: AuditRecord): Promise<'requested' | 'already_requested'>;
  /** Those that wait, of one application, if it is one of these teams'. */
  ofApplication(teamIds: readonly string[], applicationId: string): Promise<readonly SubscriptionRequest[]>;
  /** Those that wait, oldest first. */
  list(): Promise<readonly RequestForOwner[]>;
  /** Decided or not. */
  find(requestId: string): Promise<DecidedRequest | null>;
  /** The subscription, the audit entry of the team, its mails and the event, or nothing. Of parallel decisions one counts. */
  decide(
    requestId: string,
    decision: RequestDecision,
    by: { accountId: string; nowMs: number },
  ): Promise<DecideRequestResult>;
  /** False when it is not that application's, or was decided. */
  withdraw(requestId: string, applicationId: string, audit: AuditRecord): Promise<boolean>;
}

type Db = Transaction<PortalSchema>;

export function createSubscriptionRequestStore(
  { kysely }: Database<PortalSchema>,
  random: Random,
): SubscriptionRequestStore {
  return {
    add: (request, audit) =>
      kysely.transaction().execute(async (transaction) => {
        const row = await transaction
          .insertInto('subscription_request')
          .values({
            id: request.id,
            application_id: request.applicationId,
            api_slug: request.apiSlug,
            plan_slug: request.planSlug,
            created_at_ms: request.createdAtMs,
            decided_at_ms: null,
            decision: null,
          })
          .onConflict((conflict) =>
            conflict.columns(['application_id', 'api_slug']).where('decided_at_ms', 'is', null).doNothing(),
          )
          .returning('id')
          .executeTakeFirst();
        if (!row) return 'already_requested';
        await appendAudit(transaction, audit);
        const owners = await reachable(transaction).where('account.role', '=', 'owner').execute();
        const payloads = owners.map(({ id }) => ({ accountId: id, requestId: request.id }));
        await enqueueAll(transaction, { kind: 'mail.subscription_requested', payloads, random, nowMs: audit.atMs });
        return 'requested';
      }),
    async ofApplication(teamIds, applicationId) {
      const rows = await requests(kysely)
        .where('application.id', '=', applicationId)
        .where(ownedBy(teamIds))
        .where('subscription_request.decided_at_ms', 'is', null)
        .execute();
      return rows.map(toRequest);
    },
    async list() {
      const rows = await requests(kysely).where('subscription_request.decided_at_ms', 'is', null).execute();
      return rows.map(toRequest);
    },
    async find(requestId) {
      const row = await requests(kysely).where('subscription_request.id', '=', requestId).executeTakeFirst();
      return row ? { ...toRequest(row), decision: row.decision, message: row.message } : null;
    },
    decide: (requestId, decision, by) =>
      kysely.transaction().execute((transaction) => decide(transaction, requestId, decision, { ...by, random })),
    withdraw: (requestId, applicationId, audit) =>
      kysely.transaction().execute(async (transaction) => {
        const row = await end(transaction, requestId, { decision: 'withdrawn', message: '', nowMs: audit.atMs })
          .where('application_id', '=', applicationId)
          .returning('id')
          .executeTakeFirst();
        if (row) await appendAudit(transaction, audit);
        return row !== undefined;
      }),
  };
}

function requests(kysely: Kysely<PortalSchema> | Db) {
  return kysely
    .selectFrom('subscription_request')
    .innerJoin('application', 'application.id', 'subscription_request.application_id')
    .innerJoin('team', 'team.id', 'application.team_id')
    .innerJoin('api', 'api.slug', 'subscription_request.api_slug')
    .innerJoin('plan', (join) =>
      join
        .onRef('plan.api_slug', '=', 'subscription_request.api_slug')
        .onRef('plan.slug', '=', 'subscription_request.plan_slug'),
    )
    .selectAll('subscription_request')
    .select(['application.name as application_name', 'team.id as team_id', 'team.name as team_name'])
    .select(['api.title as api_title', 'plan.title as plan_title'])
    .where('application.deleted_at_ms', 'is', null)
    .orderBy('subscription_request.created_at_ms')
    .orderBy('subscription_request.id');
}

function toRequest(row: Awaited<ReturnType<ReturnType<typeof requests>['execute']>>[number]): RequestForOwner {
  return {
    id: row.id,
    applicationId: row.application_id,
    apiSlug: row.api_slug,
    planSlug: row.plan_slug,
    createdAtMs: row.created_at_ms,
    applicationName: row.application_name,
    teamId: row.team_id,
    teamName: row.team_name,
    apiTitle: row.api_title,
    planTitle: row.plan_title,
  };
}

function end(
  transaction: Db,
  requestId: string,
  { decision, message, nowMs }: { decision: 'approved' | 'declined' | 'withdrawn'; message: string; nowMs: number },
) {
  return transaction
    .updateTable('subscription_request')
    .set({ decided_at_ms: nowMs, decision, message })
    .where('id', '=', requestId)
    .where('decided_at_ms', 'is', null);
}

async function decide(
  transaction: Db,
  requestId: string,
  { isApproved, message }: RequestDecision,
  { accountId, nowMs, random }: { accountId: string; nowMs: number; random: Random },
): Promise<DecideRequestResult> {
  const found = await requests(transaction).where('subscription_request.id', '=', requestId).executeTakeFirst();
  if (!found) return { ok: false, reason: 'not_found' };
  const { applicationId, apiSlug, planSlug, teamId } = toRequest(found);
  if (isApproved && !(await isPlanOffered(transaction, { apiSlug, planSlug })))
    return { ok: false, reason: 'plan_gone' };
  const decision = isApproved ? 'approved' : 'declined';
  const row = await end(transaction, requestId, { decision, message, nowMs }).returning('id').executeTakeFirst();
  if (!row) return { ok: false, reason: 'not_waiting' };
  const subscription = { id: newId(random, 'sub'), applicationId, apiSlug, planSlug, createdAtMs: nowMs };
  // Subscribed to another plan meanwhile: the request has ended with that, and nothing is added.
  const isAdded = isApproved && (await insertSubscription(transaction, subscription));
  const details = { apiSlug, planSlug, message, ...(isAdded && { subscriptionId: subscription.id }) };
  const entry = { atMs: nowMs, actor: accountId, subject: applicationId, teamId, details };
  await appendAudit(transaction, { ...entry, action: `application.subscription_${decision}` });
  const members = await reachable(transaction)
    .innerJoin('team_member', 'team_member.account_id', 'account.id')
    .where('team_member.team_id', '=', teamId)
    .where('team_member.role', '!=', 'viewer')
    .execute();
  const payloads = members.map(({ id }) => ({ accountId: id, requestId }));
  await enqueueAll(transaction, { kind: 'mail.subscription_decided', payloads, random, nowMs });
  const data = { requestId, apiSlug, planSlug, message };
  const payload = { type: `subscription.${decision}`, teamId, applicationId, atMs: nowMs, data } as const;
  await enqueue(transaction, { kind: 'event', payload, random, nowMs });
  return { ok: true };
}

/** Accounts that get mails: with a confirmed address, and not suspended. */
function reachable(transaction: Db) {
  return transaction
    .selectFrom('account')
    .select('account.id')
    .where('account.email_verified_at_ms', 'is not', null)
    .where('account.suspended_at_ms', 'is', null)
    .orderBy('account.id');
}
