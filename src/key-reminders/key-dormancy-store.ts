import { type Transaction, sql } from 'kysely';

import { appendAudit } from '../audit/audit-log.ts';
import type { Database } from '../database/database.ts';
import type { Random } from '../platform/random.ts';
import type { PortalSchema } from '../database/schema.ts';
import type { DormancyRule } from '../plans/plan.ts';
import { type ApiKey, DAY_MS } from '../keys/api-key.ts';
import { DORMANCY_NOTICE_MS } from './key-dormancy.ts';
import { tellOfKey } from '../keys/key-event-store.ts';
import { notExpiredAt, toApiKey } from '../keys/key-row.ts';
import { mailTeam } from './team-mail-store.ts';

/** Keys that nobody uses; each change is one transaction with its audit entry and mails. */
export interface KeyDormancyStore {
  /**
   * Working keys that are old enough to be dormant, with the rule for them: of several plans the strictest.
   * In the order of their ids. @param defaultDays where no plan says anything; null for no rule
   */
  listCandidates(page: CandidatePage): Promise<readonly DormancyCandidate[]>;
  /** Queues the mails that say so, once for each time it became dormant. */
  remindOnce(dormancy: Dormancy, random: Random): Promise<void>;
  /** Suspends a key whose team was told DORMANCY_NOTICE_MS ago or earlier; false when it was not, or works no more. */
  suspendIfTold(dormancy: Dormancy, random: Random): Promise<boolean>;
  /** Lets a key work again that was suspended because nobody used it; null when it was not. */
  resumeIfDormant(resumption: Resumption, random: Random): Promise<ApiKey | null>;
}

export interface CandidatePage {
  defaultDays: number | null;
  nowMs: number;
  afterKeyId: string;
  limit: number;
}

export interface DormancyCandidate {
  key: ApiKey;
  teamId: string;
  rule: DormancyRule;
}

export interface Dormancy {
  keyId: string;
  teamId: string;
  dormantAtMs: number;
  lastCalledAtMs: number | null;
  /** Whether it is suspended later on: the mail says so. */
  action: DormancyRule['action'];
  nowMs: number;
}

export interface Resumption {
  keyId: string;
  teamId: string;
  actor: string;
  nowMs: number;
}

export function createKeyDormancyStore({ kysely }: Database<PortalSchema>): KeyDormancyStore {
  return {
    async listCandidates({ defaultDays, nowMs, afterKeyId, limit }) {
      const days = sql<number | null>`coalesce(${planRule('min', 'dormant_days')}, ${defaultDays})`;
      const rows = await kysely
        .selectFrom((expression) =>
          expression
            .selectFrom('api_key')
            .innerJoin('application', 'application.id', 'api_key.application_id')
            .selectAll('api_key')
            .select(['application.team_id', days.as('days'), planRule('max', 'dormant_action').as('action')])
            .where('application.deleted_at_ms', 'is', null)
            .where('api_key.revoked_at_ms', 'is', null)
            .where('api_key.suspended_at_ms', 'is', null)
            .where('api_key.replaced_by_key_id', 'is', null)
            .as('idle'),
        )
        .selectAll('idle')
        .$narrowType<{ days: number }>()
        .where('idle.id', '>', afterKeyId)
        .where((row) => row.or([row('idle.expires_at_ms', 'is', null), row('idle.expires_at_ms', '>', nowMs)]))
        .where(
          sql<number>`coalesce(idle.resumed_at_ms, idle.created_at_ms) + idle.days * ${sql.lit(DAY_MS)}`,
          '<=',
          nowMs,
        )
        .orderBy('idle.id')
        .limit(limit)
        .execute();
      return rows.map((row) => ({
        key: toApiKey(row),
        teamId: row.team_id,
        rule: { days: row.days, action: row.action === 'suspend' ? 'suspend' : 'remind' },
      }));
    },
    remindOnce: (dormancy, random) =>
      kysely.transaction().execute((transaction) => remind(transaction, dormancy, random)),
    suspendIfTold: (dormancy, random) =>
      kysely.transaction().execute((transaction) => suspend(transaction, dormancy, random)),
    resumeIfDormant: (resumption, random) =>
      kysely.transaction().execute((transaction) => resume(transaction, resumption, random)),
  };
}

/** What the plans say that the application of a key is subscribed to; null when none says anything. */
function planRule(strictest: 'min' | 'max', column: 'dormant_days' | 'dormant_action') {
  return sql<string | null>`(
    select ${sql.raw(strictest)}(${sql.ref(`plan.${column}`)}) from subscription
    join plan on plan.api_slug = subscription.api_slug and plan.slug = subscription.plan_slug
    where subscription.application_id = api_key.application_id and subscription.ended_at_ms is null
      and plan.dormant_days is not null)`;
}

async function remind(transaction: Transaction<PortalSchema>, dormancy: Dormancy, random: Random): Promise<void> {
  const { keyId, teamId, dormantAtMs, lastCalledAtMs, action, nowMs } = dormancy;
  const told = await transaction
    .insertInto('key_reminder')
    .values({ key_id: keyId, event: 'dormancy', due_at_ms: dormantAtMs, days: 0, sent_at_ms: nowMs })
    .onConflict((conflict) => conflict.columns(['key_id', 'event', 'due_at_ms', 'days']).doNothing())
    .returning('key_id')
    .executeTakeFirst();
  if (!told) return;
  const row = await transaction.selectFrom('api_key').selectAll().where('id', '=', keyId).executeTakeFirstOrThrow();
  const suspendAtMs = action === 'suspend' ? nowMs + DORMANCY_NOTICE_MS : null;
  const payloadFor = (accountId: string) => ({ accountId, keyId, lastCalledAtMs, suspendAtMs });
  await mailTeam(transaction, { teamId, except: null, kind: 'mail.key_dormant', payloadFor, random, nowMs });
  const about = { atMs: nowMs, teamId };
  await tellOfKey(transaction, toApiKey(row), 'key.dormant', { lastCalledAtMs, suspendAtMs }, about, random);
}

async function suspend(transaction: Transaction<PortalSchema>, dormancy: Dormancy, random: Random): Promise<boolean> {
  const { keyId, teamId, dormantAtMs, lastCalledAtMs, nowMs } = dormancy;
  const told = await transaction
    .selectFrom('key_reminder')
    .select('sent_at_ms')
    .where('key_id', '=', keyId)
    .where('event', '=', 'dormancy')
    .where('due_at_ms', '=', dormantAtMs)
    .where('sent_at_ms', '<=', nowMs - DORMANCY_NOTICE_MS)
    .executeTakeFirst();
  if (!told) return false;
  const reason = lastCalledAtMs === null ? 'Never called' : 'Not called for a long time';
  const row = await transaction
    .updateTable('api_key')
    .set({ suspended_at_ms: nowMs, suspend_reason: reason, suspend_cause: 'dormancy' })
    .where('id', '=', keyId)
    .where('revoked_at_ms', 'is', null)
    .where('suspended_at_ms', 'is', null)
    .where('replaced_by_key_id', 'is', null)
    .where(notExpiredAt(nowMs))
    .returningAll()
    .executeTakeFirst();
  if (!row) return false;
  const about = { atMs: nowMs, teamId };
  const details = { reason, lastCalledAtMs };
  await appendAudit(transaction, { ...about, actor: 'system', action: 'key.suspended', subject: keyId, details });
  const payloadFor = (accountId: string) => ({ accountId, keyId, lastCalledAtMs, suspendAtMs: nowMs });
  await mailTeam(transaction, { teamId, except: null, kind: 'mail.key_dormant', payloadFor, random, nowMs });
  await tellOfKey(transaction, toApiKey(row), 'key.suspended', { reason }, about, random);
  return true;
}

async function resume(
  transaction: Transaction<PortalSchema>,
  { keyId, teamId, actor, nowMs }: Resumption,
  random: Random,
): Promise<ApiKey | null> {
  const row = await transaction
    .updateTable('api_key')
    .set({ suspended_at_ms: null, suspend_reason: null, suspend_cause: null, resumed_at_ms: nowMs })
    .where('id', '=', keyId)
    .where('suspend_cause', '=', 'dormancy')
    .where('revoked_at_ms', 'is', null)
    .where(notExpiredAt(nowMs))
    .returningAll()
    .executeTakeFirst();
  if (!row) return null;
  const key = toApiKey(row);
  const about = { atMs: nowMs, teamId };
  const message = 'Still needed';
  await appendAudit(transaction, { ...about, actor, action: 'key.resumed', subject: keyId, details: { message } });
  await tellOfKey(transaction, key, 'key.resumed', { reason: message }, about, random);
  return key;
}
