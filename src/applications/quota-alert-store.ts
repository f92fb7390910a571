import type { Transaction } from 'kysely';

import { type AuditRecord, appendAudit } from '../audit/audit-log.ts';
import type { Database } from '../database/database.ts';
import { enqueue } from '../database/outbox.ts';
import type { Random } from '../platform/random.ts';
import type { PortalSchema } from '../database/schema.ts';
import { ownedBy } from './application-store.ts';
import type { AlertPercent, AlertPlace, QuotaAlert, ReachedQuota } from './quota-alert.ts';
import { alerts, isAfter, toAlert } from './quota-alert-row.ts';

/** Who gets mails about which shares; events and pages tell of all of them. */
export interface QuotaMailPolicy {
  teamPercents: readonly AlertPercent[];
  ownerPercents: readonly AlertPercent[];
}

export interface AlertPage {
  before: AlertPlace | null;
  limit: number;
}

export interface QuotaAlertStore {
  /**
   * Tells of shares that were reached, each once for a counter and its window, however often it is called. Of several
   * shares of one quota only the highest is mailed.
   */
  tellOnce(reached: readonly ReachedQuota[], policy: QuotaMailPolicy, random: Random, nowMs: number): Promise<void>;
  /** Those that were told since a moment, newest first. @param page.before last of the page before; null for the newest */
  listSince(sinceMs: number, page: AlertPage): Promise<readonly QuotaAlert[]>;
  /** null when there is none, or its application was deleted. */
  find(alert: Pick<ReachedQuota, 'counter' | 'windowStartMs' | 'percent'>): Promise<QuotaAlert | null>;
  /** Moment of the newest one; 0 when there is none. */
  lastToldAtMs(): Promise<number>;
  /** Whether the team of an application wants mails about quotas; null when it is absent or another team's. */
  isMailed(teamIds: readonly string[], applicationId: string): Promise<boolean | null>;
  /** False when it is absent or another team's. */
  setMailed(teamIds: readonly string[], applicationId: string, isMailed: boolean, audit: AuditRecord): Promise<boolean>;
}

type Db = Transaction<PortalSchema>;

export function createQuotaAlertStore({ kysely }: Database<PortalSchema>): QuotaAlertStore {
  return {
    async tellOnce(reached, policy, random, nowMs) {
      const groups = Map.groupBy(reached, ({ counter, windowStartMs }) => `${counter}@${windowStartMs}`);
      for (const group of groups.values()) {
        await kysely.transaction().execute((transaction) => tellGroup(transaction, group, policy, random, nowMs));
      }
    },
    async listSince(sinceMs, { before, limit }) {
      const recent = alerts(kysely).where('told_at_ms', '>=', sinceMs);
      const rows = await (before ? recent.where(isAfter(before)) : recent)
        .orderBy('told_at_ms', 'desc')
        .orderBy('threshold_percent', 'desc')
        .orderBy('counter')
        .orderBy('window_start_ms')
        .limit(limit)
        .execute();
      return rows.map(toAlert);
    },
    async find({ counter, windowStartMs, percent }) {
      const row = await alerts(kysely)
        .where('counter', '=', counter)
        .where('window_start_ms', '=', windowStartMs)
        .where('threshold_percent', '=', percent)
        .executeTakeFirst();
      return row ? toAlert(row) : null;
    },
    async lastToldAtMs() {
      const row = await kysely
        .selectFrom('quota_alert')
        .select(({ fn }) => fn.max<number | null>('told_at_ms').as('last'))
        .executeTakeFirstOrThrow();
      return row.last ?? 0;
    },
    async isMailed(teamIds, applicationId) {
      const row = await kysely
        .selectFrom('application')
        .select('quota_mail')
        .where('id', '=', applicationId)
        .where('deleted_at_ms', 'is', null)
        .where(ownedBy(teamIds))
        .executeTakeFirst();
      return row ? row.quota_mail === 1 : null;
    },
    setMailed: (teamIds, applicationId, isMailed, audit) =>
      kysely.transaction().execute(async (transaction) => {
        const row = await transaction
          .updateTable('application')
          .set({ quota_mail: isMailed ? 1 : 0 })
          .where('id', '=', applicationId)
          .where('deleted_at_ms', 'is', null)
          .where(ownedBy(teamIds))
          .returning('id')
          .executeTakeFirst();
        if (row) await appendAudit(transaction, audit);
        return row !== undefined;
      }),
  };
}

interface Subscriber {
  application_id: string;
  team_id: string;
  quota_mail: number;
  api_slug: string;
  plan_slug: string;
}

async function tellGroup(
  transaction: Db,
  group: readonly ReachedQuota[],
  policy: QuotaMailPolicy,
  random: Random,
  nowMs: number,
): Promise<void> {
  const [first] = group;
  const subscriber = first && (await findSubscriber(transaction, first.subscriptionId));
  if (!subscriber) return;
  let highest: ReachedQuota | null = null;
  for (const reached of group.toSorted((a, b) => a.percent - b.percent)) {
    if (!(await addAlert(transaction, subscriber, reached, nowMs))) continue;
    highest = reached;
    await enqueue(transaction, { kind: 'event', payload: eventOf(subscriber, reached, nowMs), random, nowMs });
  }
  if (!highest) return;
  for (const accountId of await recipients(transaction, subscriber, highest.percent, policy)) {
    const { counter, windowStartMs, percent } = highest;
    const payload = { accountId, counter, windowStartMs, percent };
    await enqueue(transaction, { kind: 'mail.quota_reached', payload, random, nowMs });
  }
}

async function findSubscriber(transaction: Db, subscriptionId: string): Promise<Subscriber | undefined> {
  return transaction
    .selectFrom('subscription')
    .innerJoin('application', 'application.id', 'subscription.application_id')
    .select(['application_id', 'team_id', 'quota_mail', 'api_slug', 'plan_slug'])
    .where('subscription.id', '=', subscriptionId)
    .where('application.deleted_at_ms', 'is', null)
    .executeTakeFirst();
}

/** False when it was told before. */
async function addAlert(
  transaction: Db,
  subscriber: Subscriber,
  reached: ReachedQuota,
  nowMs: number,
): Promise<boolean> {
  const row = await transaction
    .insertInto('quota_alert')
    .values({
      counter: reached.counter,
      window_start_ms: reached.windowStartMs,
      window_end_ms: reached.windowEndMs,
      threshold_percent: reached.percent,
      application_id: subscriber.application_id,
      api_slug: subscriber.api_slug,
      plan_slug: subscriber.plan_slug,
      quota_name: reached.quotaName,
      operation_id: reached.operationId,
      key_id: reached.keyId,
      used: reached.used,
      quota_calls: reached.limit,
      told_at_ms: nowMs,
    })
    .onConflict((conflict) => conflict.columns(['counter', 'window_start_ms', 'threshold_percent']).doNothing())
    .returning('counter')
    .executeTakeFirst();
  return row !== undefined;
}

function eventOf(subscriber: Subscriber, reached: ReachedQuota, atMs: number) {
  const { percent, used, limit, windowStartMs } = reached;
  const { api_slug: apiSlug, plan_slug: planSlug } = subscriber;
  return {
    type: 'quota.reached' as const,
    teamId: subscriber.team_id,
    applicationId: subscriber.application_id,
    atMs,
    data: { threshold: percent, apiSlug, planSlug, used, limit, periodStartMs: windowStartMs },
  };
}

/** Verified accounts: members of the team who can act on it, unless they switched it off, and owners. */
async function recipients(
  transaction: Db,
  subscriber: Subscriber,
  percent: AlertPercent,
  policy: QuotaMailPolicy,
): Promise<string[]> {
  const accounts = transaction
    .selectFrom('account')
    .select('account.id')
    .where('account.email_verified_at_ms', 'is not', null)
    .where('account.suspended_at_ms', 'is', null);
  const found: { id: string }[] = [];
  if (subscriber.quota_mail === 1 && policy.teamPercents.includes(percent)) {
    const members = accounts
      .innerJoin('team_member', 'team_member.account_id', 'account.id')
      .where('team_member.team_id', '=', subscriber.team_id)
      .where('team_member.role', '!=', 'viewer');
    found.push(...(await members.execute()));
  }
  if (policy.ownerPercents.includes(percent)) found.push(...(await accounts.where('role', '=', 'owner').execute()));
  return [...new Set(found.map(({ id }) => id))].sort();
}
