import type { Transaction } from 'kysely';

import { chunks } from '../platform/chunks.ts';
import type { Database } from '../database/database.ts';
import { sha256Hex } from '../platform/hash.ts';
import type { PortalEvent } from '../platform/portal-event.ts';
import { type Random, newId } from '../platform/random.ts';
import type { PortalSchema } from '../database/schema.ts';
import { type EventSubject, eventBody } from './event-body.ts';
import { wantsType } from './webhook.ts';
import { toEndpoint } from './webhook-endpoint-store.ts';

/** Turns what happened into messages, each with a delivery for everybody who wants it. */
export interface WebhookEventStore {
  /**
   * Queues deliveries to the endpoints that are on and have chosen the type; none twice, however often it is called.
   * @param itemId of the outbox, which names the event
   * @returns how many endpoints are told
   */
  fanOut(event: PortalEvent, itemId: string, nowMs: number): Promise<number>;
  /** Forgets events with their deliveries and attempts. */
  removeOld(createdBeforeMs: number): Promise<void>;
}

export function createWebhookEventStore(
  { kysely }: Database<PortalSchema>,
  { publicUrl, random }: { publicUrl: string; random: Random },
): WebhookEventStore {
  return {
    fanOut: (event, itemId, nowMs) =>
      kysely.transaction().execute(async (transaction) => {
        const endpointIds = await findEndpoints(transaction, event);
        if (endpointIds.length === 0) return 0;
        const message = { type: event.type, at_ms: event.atMs, created_at_ms: nowMs };
        const id = eventIdOf(event, itemId);
        const body = eventBody(event, await readSubject(transaction, event), publicUrl);
        await addMessage(transaction, { ...message, id, body }, endpointIds, random);
        return endpointIds.length;
      }),
    async removeOld(createdBeforeMs) {
      await kysely.deleteFrom('webhook_event').where('created_at_ms', '<', createdBeforeMs).execute();
    },
  };
}

/** The same for every portion of one event, and for every repetition. */
function eventIdOf({ onceKey }: PortalEvent, itemId: string): string {
  return onceKey === undefined ? `evt_${itemId.replace(/^out_/, '')}` : `evt_${sha256Hex(onceKey).slice(0, 24)}`;
}

/** A message and its deliveries, unless they are there; due at once. Returns the ids of the new deliveries. */
export async function addMessage(
  transaction: Transaction<PortalSchema>,
  message: PortalSchema['webhook_event'],
  endpointIds: readonly string[],
  random: Random,
): Promise<string[]> {
  await transaction
    .insertInto('webhook_event')
    .values(message)
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
  const added: string[] = [];
  for (const some of chunks(endpointIds)) {
    const rows = some.map((endpointId) => ({
      id: newId(random, 'dlv'),
      event_id: message.id,
      endpoint_id: endpointId,
      state: 'waiting' as const,
      created_at_ms: message.created_at_ms,
      attempts: 0,
      tries: 0,
      due_at_ms: message.created_at_ms,
    }));
    const inserted = await transaction
      .insertInto('webhook_delivery')
      .values(rows)
      .onConflict((conflict) => conflict.columns(['endpoint_id', 'event_id']).doNothing())
      .returning('id')
      .execute();
    added.push(...inserted.map(({ id }) => id));
  }
  return added;
}

async function findEndpoints(transaction: Transaction<PortalSchema>, event: PortalEvent): Promise<string[]> {
  const teamIds = [...(event.teamIds ?? []), ...(event.teamId === null ? [] : [event.teamId])];
  const rows = await transaction
    .selectFrom('webhook_endpoint')
    .selectAll()
    .where('off_at_ms', 'is', null)
    .where((row) =>
      row.or([row('team_id', 'is', null), ...(teamIds.length > 0 ? [row('team_id', 'in', teamIds)] : [])]),
    )
    .execute();
  return rows
    .map(toEndpoint)
    .filter((endpoint) => wantsType(endpoint, event.type))
    .map(({ id }) => id);
}

async function readSubject(
  transaction: Transaction<PortalSchema>,
  { teamId, applicationId }: PortalEvent,
): Promise<EventSubject> {
  const team = await transaction
    .selectFrom('team')
    .select('name')
    .where('id', '=', teamId ?? '')
    .executeTakeFirst();
  const application = await transaction
    .selectFrom('application')
    .select('name')
    .where('id', '=', applicationId ?? '')
    .executeTakeFirst();
  return { teamName: team?.name ?? null, applicationName: application?.name ?? null };
}
