import { type ExpressionBuilder, type Selectable, type Transaction, type Updateable, sql } from 'kysely';

import { type AuditRecord, appendAudit } from '../audit/audit-log.ts';
import { type Database, isUniqueViolation } from '../database/database.ts';
import type { PortalSchema } from '../database/schema.ts';
import type { SubscribableType, WebhookEndpoint } from './webhook.ts';

/** Whose endpoints are meant: those of these teams, or those of the owners. */
export type EndpointScope = { kind: 'teams'; teamIds: readonly string[] } | { kind: 'owner' };

/** Everything takes a scope, so that another team's endpoint cannot be told from an absent one. */
export interface WebhookEndpointStore {
  /** Oldest first. */
  list(scope: EndpointScope): Promise<readonly WebhookEndpoint[]>;
  find(scope: EndpointScope, endpointId: string): Promise<WebhookEndpoint | null>;
  /** Adds it unless its team has `limit` endpoints, or one with this URL. */
  addUnlessFull(
    endpoint: WebhookEndpoint,
    secret: { encrypted: Uint8Array; createdByAccountId: string },
    limit: number,
    audit: AuditRecord,
  ): Promise<'added' | 'too_many' | 'url_taken'>;
  change(
    scope: EndpointScope,
    change: EndpointChange,
    audit: AuditRecord,
  ): Promise<WebhookEndpoint | 'url_taken' | null>;
  /** The secret there is goes on signing until `overlapEndsAtMs`; one from an earlier rotation ends. */
  rotateSecret(
    scope: EndpointScope,
    rotation: { endpointId: string; encrypted: Uint8Array; overlapEndsAtMs: number },
    audit: AuditRecord,
  ): Promise<boolean>;
  endPreviousSecret(scope: EndpointScope, endpointId: string, audit: AuditRecord): Promise<boolean>;
  /** What waited when it is turned off is given up. */
  turn(scope: EndpointScope, endpointId: string, isOn: boolean, audit: AuditRecord): Promise<boolean>;
  /** With its log. */
  remove(scope: EndpointScope, endpointId: string, audit: AuditRecord): Promise<boolean>;
}

export interface EndpointChange {
  endpointId: string;
  url: string;
  description: string;
  eventTypes: readonly SubscribableType[];
}

type Row = Selectable<PortalSchema['webhook_endpoint']>;

export function createWebhookEndpointStore({ kysely }: Database<PortalSchema>): WebhookEndpointStore {
  const inScope = (scope: EndpointScope) => kysely.selectFrom('webhook_endpoint').selectAll().where(isOf(scope));
  const update = (
    scope: EndpointScope,
    endpointId: string,
    values: Updateable<PortalSchema['webhook_endpoint']>,
    audit: AuditRecord,
  ): Promise<boolean> =>
    kysely
      .transaction()
      .execute(async (transaction) => (await updateOne(transaction, scope, endpointId, values, audit)) !== null);
  return {
    async list(scope) {
      const rows = await inScope(scope).orderBy('created_at_ms').orderBy('id').execute();
      return rows.map(toEndpoint);
    },
    async find(scope, endpointId) {
      const row = await inScope(scope).where('id', '=', endpointId).executeTakeFirst();
      return row ? toEndpoint(row) : null;
    },
    addUnlessFull: (endpoint, secret, limit, audit) =>
      unlessTaken(
        kysely.transaction().execute(async (transaction) => {
          if ((await countEndpoints(transaction, endpoint.teamId)) >= limit) return 'too_many';
          await transaction.insertInto('webhook_endpoint').values(toRow(endpoint, secret)).execute();
          await appendAudit(transaction, audit);
          return 'added';
        }),
      ),
    change: (scope, { endpointId, url, description, eventTypes }, audit) => {
      const values = { url, description, event_types: JSON.stringify(eventTypes) };
      return unlessTaken(
        kysely.transaction().execute((transaction) => updateOne(transaction, scope, endpointId, values, audit)),
      );
    },
    rotateSecret: (scope, { endpointId, encrypted, overlapEndsAtMs }, audit) =>
      kysely.transaction().execute(async (transaction) => {
        const values = { previous_secret_ends_at_ms: overlapEndsAtMs };
        const row = await transaction
          .updateTable('webhook_endpoint')
          .set((row) => ({
            ...values,
            previous_encrypted_secret: row.ref('encrypted_secret'),
            encrypted_secret: encrypted,
          }))
          .where('id', '=', endpointId)
          .where(isOf(scope))
          .returning('id')
          .executeTakeFirst();
        if (row) await appendAudit(transaction, audit);
        return row !== undefined;
      }),
    endPreviousSecret: (scope, endpointId, audit) =>
      update(scope, endpointId, { previous_encrypted_secret: null, previous_secret_ends_at_ms: null }, audit),
    turn: (scope, endpointId, isOn, audit) =>
      kysely.transaction().execute(async (transaction) => {
        const off = isOn ? null : ('by_hand' as const);
        const values = { off_at_ms: isOn ? null : audit.atMs, off_reason: off, failing_since_ms: null };
        const changed = await updateOne(transaction, scope, endpointId, values, audit);
        if (changed && !isOn) await giveUpWaiting(transaction, endpointId);
        return changed !== null;
      }),
    remove: (scope, endpointId, audit) =>
      kysely.transaction().execute(async (transaction) => {
        const row = await transaction
          .deleteFrom('webhook_endpoint')
          .where('id', '=', endpointId)
          .where(isOf(scope))
          .returning('id')
          .executeTakeFirst();
        if (row) await appendAudit(transaction, audit);
        return row !== undefined;
      }),
  };
}

/** Nothing is tried any more for an endpoint that is off; what waited can be delivered again by hand. */
export async function giveUpWaiting(transaction: Transaction<PortalSchema>, endpointId: string): Promise<void> {
  await transaction
    .updateTable('webhook_delivery')
    .set({ state: 'failed' })
    .where('endpoint_id', '=', endpointId)
    .where('state', '=', 'waiting')
    .execute();
}

function isOf(scope: EndpointScope) {
  return (row: ExpressionBuilder<PortalSchema, 'webhook_endpoint'>) =>
    scope.kind === 'owner'
      ? row('webhook_endpoint.team_id', 'is', null)
      : row.or(scope.teamIds.map((teamId) => row('webhook_endpoint.team_id', '=', teamId)));
}

async function updateOne(
  transaction: Transaction<PortalSchema>,
  scope: EndpointScope,
  endpointId: string,
  values: Updateable<PortalSchema['webhook_endpoint']>,
  audit: AuditRecord,
): Promise<WebhookEndpoint | null> {
  const row = await transaction
    .updateTable('webhook_endpoint')
    .set(values)
    .where('id', '=', endpointId)
    .where(isOf(scope))
    .returningAll()
    .executeTakeFirst();
  if (!row) return null;
  await appendAudit(transaction, audit);
  return toEndpoint(row);
}

/** A unique index decides which of two that want the same URL at once has it. */
async function unlessTaken<Result>(change: Promise<Result>): Promise<Result | 'url_taken'> {
  try {
    return await change;
  } catch (error) {
    if (isUniqueViolation(error)) return 'url_taken';
    throw error;
  }
}

/** Makes those who add endpoints to one team, or to the owners, take turns, so that the limit is exact in parallel. */
async function countEndpoints(transaction: Transaction<PortalSchema>, teamId: string | null): Promise<number> {
  if (teamId === null) {
    // The owners have no row of their own; the head of the log is what every change locks in the end.
    const head = transaction.updateTable('audit_head').set({ hash: sql.ref('hash') });
    await head.where('id', '=', 1).execute();
  } else {
    const team = transaction.updateTable('team').set({ name: sql.ref('name') });
    await team.where('id', '=', teamId).execute();
  }
  const { count } = await transaction
    .selectFrom('webhook_endpoint')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('team_id', teamId === null ? 'is' : '=', teamId)
    .executeTakeFirstOrThrow();
  return count;
}

export function toEndpoint(row: Row): WebhookEndpoint {
  const { off_at_ms: offAtMs, off_reason: reason } = row;
  return {
    id: row.id,
    teamId: row.team_id,
    url: row.url,
    description: row.description,
    eventTypes: JSON.parse(row.event_types) as SubscribableType[],
    createdAtMs: row.created_at_ms,
    off: offAtMs === null || reason === null ? null : { atMs: offAtMs, reason },
    failingSinceMs: row.failing_since_ms,
    succeededAtMs: row.succeeded_at_ms,
    previousSecretEndsAtMs: row.previous_secret_ends_at_ms,
  };
}

function toRow(
  endpoint: WebhookEndpoint,
  { encrypted, createdByAccountId }: { encrypted: Uint8Array; createdByAccountId: string },
): Row {
  return {
    id: endpoint.id,
    team_id: endpoint.teamId,
    url: endpoint.url,
    description: endpoint.description,
    event_types: JSON.stringify(endpoint.eventTypes),
    encrypted_secret: encrypted,
    previous_encrypted_secret: null,
    previous_secret_ends_at_ms: null,
    created_by_account_id: createdByAccountId,
    created_at_ms: endpoint.createdAtMs,
    off_at_ms: null,
    off_reason: null,
    failing_since_ms: null,
    succeeded_at_ms: null,
  };
}
