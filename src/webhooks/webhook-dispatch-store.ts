import { type ExpressionBuilder, type Transaction, sql } from 'kysely';

import { appendAudit } from '../audit/audit-log.ts';
import type { Database } from '../database/database.ts';
import { enqueue } from '../database/outbox.ts';
import type { Random } from '../platform/random.ts';
import type { PortalSchema } from '../database/schema.ts';
import { type OffReason, type WebhookAttempt, offReasonAfter, retryAtMs } from './webhook.ts';
import { giveUpWaiting } from './webhook-endpoint-store.ts';

/** What delivers: which endpoints have something due, taking it, and noting what came of it. */
export interface WebhookDispatchStore {
  /** Endpoints that are on and have deliveries due, the one that waited longest first. */
  dueEndpoints(nowMs: number): Promise<readonly DueEndpoint[]>;
  /** Takes deliveries of an endpoint, oldest first; who dies with one loses nothing, it is due again after `leaseMs`. */
  claim(request: {
    endpointId: string;
    limit: number;
    nowMs: number;
    leaseMs: number;
  }): Promise<readonly ClaimedDelivery[]>;
  /** Writes the attempt down, and what follows: delivered, again later, given up, or the endpoint turned off. */
  finish(delivery: ClaimedDelivery, attempt: FinishedAttempt, random: Random): Promise<void>;
  /** Gives back what was not tried to its end; it is due at once. */
  release(deliveryId: string, nowMs: number): Promise<void>;
}

export interface DueEndpoint {
  id: string;
  teamId: string | null;
  /** Its last attempt succeeded. */
  isProven: boolean;
}

export interface ClaimedDelivery {
  id: string;
  endpointId: string;
  eventId: string;
  body: string;
  url: string;
  encryptedSecret: Uint8Array;
  /** null once its overlap is over. */
  previousEncryptedSecret: Uint8Array | null;
  /** Number of this attempt. */
  attempts: number;
  /** Since it was queued, or queued again by hand; this one included. */
  tries: number;
}

export interface FinishedAttempt extends Omit<WebhookAttempt, 'number'> {
  retryAfterMs: number;
  /** When it ended. */
  nowMs: number;
}

export function createWebhookDispatchStore({ kysely }: Database<PortalSchema>): WebhookDispatchStore {
  return {
    async dueEndpoints(nowMs) {
      const rows = await kysely
        .selectFrom('webhook_delivery')
        .innerJoin('webhook_endpoint', 'webhook_endpoint.id', 'webhook_delivery.endpoint_id')
        .select(['webhook_endpoint.id', 'team_id', 'failing_since_ms', 'succeeded_at_ms'])
        .select(({ fn }) => fn.min('due_at_ms').as('since_ms'))
        .where('state', '=', sql.lit('waiting'))
        .where('due_at_ms', '<=', nowMs)
        .where('off_at_ms', 'is', null)
        .groupBy(['webhook_endpoint.id', 'team_id', 'failing_since_ms', 'succeeded_at_ms'])
        .orderBy('since_ms')
        .execute();
      return rows.map((row) => ({
        id: row.id,
        teamId: row.team_id,
        isProven: row.succeeded_at_ms !== null && row.failing_since_ms === null,
      }));
    },
    claim: (request) => kysely.transaction().execute((transaction) => claim(transaction, request)),
    finish: (delivery, attempt, random) =>
      kysely.transaction().execute((transaction) => finish(transaction, delivery, attempt, random)),
    async release(deliveryId, nowMs) {
      const waiting = kysely.updateTable('webhook_delivery').set({ due_at_ms: nowMs }).where('state', '=', 'waiting');
      await waiting.where('id', '=', deliveryId).execute();
    },
  };
}

async function claim(
  transaction: Transaction<PortalSchema>,
  { endpointId, limit, nowMs, leaseMs }: Parameters<WebhookDispatchStore['claim']>[0],
): Promise<ClaimedDelivery[]> {
  const due = transaction
    .selectFrom('webhook_delivery')
    .select('id')
    .where('endpoint_id', '=', endpointId)
    .where('state', '=', sql.lit('waiting'))
    .where('due_at_ms', '<=', nowMs)
    .orderBy('due_at_ms')
    .limit(limit);
  const claimed = await transaction
    .updateTable('webhook_delivery')
    .set((row) => ({
      due_at_ms: nowMs + leaseMs,
      attempts: row('attempts', '+', 1),
      tries: row('tries', '+', 1),
    }))
    .where('id', 'in', due)
    // Once more for PostgreSQL: a second claimer that waited for the row sees here that it is taken.
    .where('state', '=', sql.lit('waiting'))
    .where('due_at_ms', '<=', nowMs)
    .returning('id')
    .execute();
  if (claimed.length === 0) return [];
  const ids = claimed.map(({ id }) => id);
  const rows = await transaction
    .selectFrom('webhook_delivery')
    .innerJoin('webhook_event', 'webhook_event.id', 'webhook_delivery.event_id')
    .innerJoin('webhook_endpoint', 'webhook_endpoint.id', 'webhook_delivery.endpoint_id')
    .select(['webhook_delivery.id', 'endpoint_id', 'event_id', 'body', 'url', 'encrypted_secret', 'attempts', 'tries'])
    .select(['previous_encrypted_secret', 'previous_secret_ends_at_ms'])
    .where('webhook_delivery.id', 'in', ids)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    endpointId: row.endpoint_id,
    eventId: row.event_id,
    body: row.body,
    url: row.url,
    encryptedSecret: row.encrypted_secret,
    previousEncryptedSecret: (row.previous_secret_ends_at_ms ?? 0) > nowMs ? row.previous_encrypted_secret : null,
    attempts: row.attempts,
    tries: row.tries,
  }));
}

async function finish(
  transaction: Transaction<PortalSchema>,
  delivery: ClaimedDelivery,
  attempt: FinishedAttempt,
  random: Random,
): Promise<void> {
  const { atMs, latencyMs, status, failure, answer, nowMs } = attempt;
  // The endpoint first: whoever turns it off takes it before its deliveries too.
  const endpoint = await noteOutcome(transaction, delivery.endpointId, failure === null, nowMs);
  // It was removed meanwhile, and its log with it.
  if (!endpoint) return;
  await transaction
    .insertInto('webhook_attempt')
    .values({
      delivery_id: delivery.id,
      number: delivery.attempts,
      at_ms: atMs,
      latency_ms: latencyMs,
      status,
      failure,
      answer,
    })
    .onConflict((conflict) => conflict.columns(['delivery_id', 'number']).doNothing())
    .execute();
  const againAtMs =
    endpoint.off_at_ms === null ? retryAtMs(delivery.tries, nowMs, jitter(random), attempt.retryAfterMs) : null;
  const next =
    failure === null
      ? { state: 'delivered' as const }
      : againAtMs === null
        ? { state: 'failed' as const }
        : { state: 'waiting' as const, due_at_ms: againAtMs };
  await transaction.updateTable('webhook_delivery').set(next).where('id', '=', delivery.id).execute();
  if (failure === null || endpoint.off_at_ms !== null) return;
  const reason = offReasonAfter({ status, failingSinceMs: endpoint.failing_since_ms ?? nowMs }, nowMs);
  if (reason) await turnOff(transaction, { id: delivery.endpointId, teamId: endpoint.team_id }, reason, nowMs, random);
}

async function noteOutcome(
  transaction: Transaction<PortalSchema>,
  endpointId: string,
  hasSucceeded: boolean,
  nowMs: number,
) {
  const endpoint = transaction.updateTable('webhook_endpoint').where('id', '=', endpointId);
  const changed = hasSucceeded
    ? endpoint.set({ failing_since_ms: null, succeeded_at_ms: nowMs })
    : endpoint.set((row) => ({ failing_since_ms: row.fn.coalesce('failing_since_ms', row.val(nowMs)) }));
  return changed.returning(['off_at_ms', 'failing_since_ms', 'team_id']).executeTakeFirst();
}

async function turnOff(
  transaction: Transaction<PortalSchema>,
  { id, teamId }: { id: string; teamId: string | null },
  reason: OffReason,
  nowMs: number,
  random: Random,
): Promise<void> {
  const off = { off_at_ms: nowMs, off_reason: reason };
  await transaction.updateTable('webhook_endpoint').set(off).where('id', '=', id).execute();
  await giveUpWaiting(transaction, id);
  const entry = { atMs: nowMs, actor: 'system', action: 'webhook.turned_off', subject: id, teamId };
  await appendAudit(transaction, { ...entry, details: { reason } });
  for (const accountId of await findRecipients(transaction, teamId)) {
    await enqueue(transaction, { kind: 'mail.webhook_off', payload: { accountId, endpointId: id }, random, nowMs });
  }
}

/** Members who can act, or the owners; whose address is verified: another may be somebody else's. */
async function findRecipients(transaction: Transaction<PortalSchema>, teamId: string | null): Promise<string[]> {
  const accounts = transaction
    .selectFrom('account')
    .select('account.id')
    .where('email_verified_at_ms', 'is not', null)
    .where('suspended_at_ms', 'is', null);
  const members = (team: string) => (row: ExpressionBuilder<PortalSchema, 'account'>) =>
    row.exists(
      row
        .selectFrom('team_member')
        .select('account_id')
        .whereRef('account_id', '=', 'account.id')
        .where('team_id', '=', team)
        .where('team_member.role', '!=', 'viewer'),
    );
  const found = teamId === null ? accounts.where('role', '=', 'owner') : accounts.where(members(teamId));
  return (await found.orderBy('account.id').execute()).map(({ id }) => id);
}

/** 0 to 1. */
function jitter(random: Random): number {
  return (random.bytes(1)[0] ?? 0) / 255;
}
