import { type Kysely, type Selectable, type Transaction, sql } from 'kysely';

import type { Database } from '../database/database.ts';
import { type Random, newId } from '../platform/random.ts';
import type { PortalSchema } from '../database/schema.ts';
import type { AttemptFailure, DeliveryDetails, DeliveryPage, WebhookAttempt, WebhookDelivery } from './webhook.ts';
import { addMessage } from './webhook-event-store.ts';

/** What was delivered to an endpoint, for people; and sending by hand. The endpoint was found within a scope before. */
export interface WebhookLogStore {
  /** @param after `next` of the page before; anything else starts at the newest */
  list(endpointId: string, after: string | null, limit: number): Promise<DeliveryPage>;
  find(endpointId: string, deliveryId: string): Promise<DeliveryDetails | null>;
  /** Makes a delivery due now, with all its tries; the event keeps its id. False when there is none. */
  queueAgain(endpointId: string, deliveryId: string, nowMs: number): Promise<boolean>;
  /** Queues one event for this endpoint alone; returns the id of its delivery. */
  queueTest(endpointId: string, test: TestEvent, random: Random): Promise<string>;
}

export interface TestEvent {
  /** null for an endpoint of the owners. */
  bodyFor: (teamName: string | null) => string;
  nowMs: number;
}

export function createWebhookLogStore({ kysely }: Database<PortalSchema>): WebhookLogStore {
  return {
    async list(endpointId, after, limit) {
      const [, atMs, id] = /^(\d{1,15})\.(dlv_\w{20})$/.exec(after ?? '') ?? [];
      const newest = deliveries(kysely).where('endpoint_id', '=', endpointId);
      const page =
        atMs === undefined || id === undefined
          ? newest
          : newest.where((row) =>
              row.or([
                row('webhook_delivery.created_at_ms', '<', Number(atMs)),
                row.and([
                  row('webhook_delivery.created_at_ms', '=', Number(atMs)),
                  row('webhook_delivery.id', '<', id),
                ]),
              ]),
            );
      const rows = await page
        .orderBy('webhook_delivery.created_at_ms', 'desc')
        .orderBy('webhook_delivery.id', 'desc')
        .limit(limit + 1)
        .execute();
      const shown = rows.slice(0, limit);
      const last = shown.at(-1);
      const next = last && rows.length > limit ? `${last.created_at_ms}.${last.id}` : null;
      return { deliveries: shown.map(toDelivery), next };
    },
    async find(endpointId, deliveryId) {
      const row = await deliveries(kysely)
        .select('body')
        .where('endpoint_id', '=', endpointId)
        .where('webhook_delivery.id', '=', deliveryId)
        .executeTakeFirst();
      if (!row) return null;
      const attempts = await kysely
        .selectFrom('webhook_attempt')
        .selectAll()
        .where('delivery_id', '=', deliveryId)
        .orderBy('number', 'desc')
        .execute();
      return { delivery: toDelivery(row), body: row.body, attempts: attempts.map(toAttempt) };
    },
    async queueAgain(endpointId, deliveryId, nowMs) {
      const changed = await kysely
        .updateTable('webhook_delivery')
        .set({ state: 'waiting', due_at_ms: nowMs, tries: 0 })
        .where('endpoint_id', '=', endpointId)
        .where('id', '=', deliveryId)
        .executeTakeFirst();
      return Number(changed.numUpdatedRows) > 0;
    },
    queueTest: (endpointId, { bodyFor, nowMs }, random) =>
      kysely.transaction().execute(async (transaction) => {
        const id = newId(random, 'evt');
        const body = bodyFor(await readTeamName(transaction, endpointId));
        const message = { id, type: 'webhook.test', body, at_ms: nowMs, created_at_ms: nowMs };
        const [deliveryId = ''] = await addMessage(transaction, message, [endpointId], random);
        return deliveryId;
      }),
  };
}

async function readTeamName(transaction: Transaction<PortalSchema>, endpointId: string): Promise<string | null> {
  const team = await transaction
    .selectFrom('webhook_endpoint')
    .innerJoin('team', 'team.id', 'webhook_endpoint.team_id')
    .select('team.name')
    .where('webhook_endpoint.id', '=', endpointId)
    .executeTakeFirst();
  return team?.name ?? null;
}

function deliveries(kysely: Kysely<PortalSchema>) {
  return kysely
    .selectFrom('webhook_delivery')
    .innerJoin('webhook_event', 'webhook_event.id', 'webhook_delivery.event_id')
    .leftJoin('webhook_attempt', (join) =>
      join
        .onRef('webhook_attempt.delivery_id', '=', 'webhook_delivery.id')
        .on(
          'webhook_attempt.number',
          '=',
          sql<number>`(select max(number) from webhook_attempt where delivery_id = webhook_delivery.id)`,
        ),
    )
    .selectAll('webhook_delivery')
    .select([
      'webhook_event.type',
      'webhook_attempt.number',
      'webhook_attempt.at_ms',
      'latency_ms',
      'status',
      'failure',
    ]);
}

type DeliveryRow = Selectable<PortalSchema['webhook_delivery']> & { type: string } & {
  [Column in 'number' | 'at_ms' | 'latency_ms' | 'status' | 'failure']: PortalSchema['webhook_attempt'][Column] | null;
};

function toDelivery(row: DeliveryRow): WebhookDelivery {
  const { number, at_ms: atMs, latency_ms: latencyMs } = row;
  const attempt = { status: row.status, failure: row.failure as AttemptFailure | null, answer: '' };
  return {
    id: row.id,
    endpointId: row.endpoint_id,
    eventId: row.event_id,
    eventType: row.type,
    state: row.state,
    createdAtMs: row.created_at_ms,
    attempts: row.attempts,
    nextAttemptAtMs: row.state === 'waiting' ? row.due_at_ms : null,
    last: number === null || atMs === null ? null : { number, atMs, latencyMs: latencyMs ?? 0, ...attempt },
  };
}

function toAttempt(row: Selectable<PortalSchema['webhook_attempt']>): WebhookAttempt {
  const { number, at_ms: atMs, latency_ms: latencyMs, status, answer } = row;
  return { number, atMs, latencyMs, status, failure: row.failure as AttemptFailure | null, answer };
}
