import { type ExpressionBuilder, type Insertable, type Selectable, type Transaction, sql } from 'kysely';

import type { PortalSchema } from '../database/schema.ts';
import type { ApiKey } from './api-key.ts';
import { readRestrictions, restrictionColumns } from '../key-restrictions/restriction-columns.ts';

/** What the stores of keys share: a row and a record, and the conditions that several statements have. */

export interface NewKey {
  key: ApiKey;
  tokenHash: Uint8Array;
  pepperId: number;
  requestId: string;
  createdByAccountId: string;
}

export type KeyRow = Selectable<PortalSchema['api_key']>;

export function toApiKey(row: KeyRow): ApiKey {
  return {
    id: row.id,
    applicationId: row.application_id,
    name: row.name,
    environment: row.environment,
    firstFour: row.first_four,
    lastFour: row.last_four,
    ...readRestrictions(row),
    createdAtMs: row.created_at_ms,
    expiresAtMs: row.expires_at_ms,
    suspendedAtMs: row.suspended_at_ms,
    revokedAtMs: row.revoked_at_ms,
    revokeReason: row.revoke_reason,
    suspendReason: row.suspend_reason,
    replaced: replacementOf(row),
    rotationIntervalDays: row.rotation_interval_days,
    unconfirmedSinceMs: row.unconfirmed_since_ms,
    suspendCause: row.suspend_cause,
    resumedAtMs: row.resumed_at_ms,
    exposedAtMs: row.exposed_at_ms,
  };
}

function replacementOf(row: KeyRow): ApiKey['replaced'] {
  if (row.replaced_by_key_id === null || row.replaced_at_ms === null) return null;
  return { byKeyId: row.replaced_by_key_id, atMs: row.replaced_at_ms, formerExpiresAtMs: row.former_expires_at_ms };
}

/** A key that was just made: nothing has happened to it yet. */
export function toRow({
  key,
  tokenHash,
  pepperId,
  requestId,
  createdByAccountId,
}: NewKey): Insertable<PortalSchema['api_key']> {
  return {
    id: key.id,
    application_id: key.applicationId,
    name: key.name,
    environment: key.environment,
    token_hash: tokenHash,
    pepper_id: pepperId,
    first_four: key.firstFour,
    last_four: key.lastFour,
    ...restrictionColumns(key),
    request_id: requestId,
    created_by_account_id: createdByAccountId,
    created_at_ms: key.createdAtMs,
    expires_at_ms: key.expiresAtMs,
    rotation_interval_days: key.rotationIntervalDays,
    unconfirmed_since_ms: key.unconfirmedSinceMs,
  };
}

export function notExpiredAt(nowMs: number) {
  return (expression: ExpressionBuilder<PortalSchema, 'api_key'>) =>
    expression.or([expression('expires_at_ms', 'is', null), expression('expires_at_ms', '>', nowMs)]);
}

/** Nor by an owner: what was suspended only because nobody used it can still be suspended for a graver reason. */
export function isNotSuspended(expression: ExpressionBuilder<PortalSchema, 'api_key'>) {
  return expression.or([expression('suspended_at_ms', 'is', null), expression('suspend_cause', '=', 'dormancy')]);
}

/**
 * Makes writers of one application take turns; SQLite has one writer anyway and no `for update`. Whoever takes several
 * locks takes them in this order: team, application, key, audit log.
 * @returns false when the application is gone
 */
export async function lockApplication(transaction: Transaction<PortalSchema>, applicationId: string): Promise<boolean> {
  const row = await transaction
    .updateTable('application')
    .set({ name: sql.ref('name') })
    .where('id', '=', applicationId)
    .where('deleted_at_ms', 'is', null)
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** The key that a request made before: a form that is sent twice makes one key. */
export async function findByRequest(
  transaction: Transaction<PortalSchema>,
  applicationId: string,
  requestId: string,
): Promise<string | null> {
  const row = await transaction
    .selectFrom('api_key')
    .select('id')
    .where('application_id', '=', applicationId)
    .where('request_id', '=', requestId)
    .executeTakeFirst();
  return row?.id ?? null;
}

/** Keys of an application that have not ended: those without a successor, or those in their overlap. */
export async function countKeys(
  transaction: Transaction<PortalSchema>,
  applicationId: string,
  which: 'unreplaced' | 'in_overlap',
  nowMs: number,
): Promise<number> {
  const { count } = await transaction
    .selectFrom('api_key')
    .select((expression) => expression.fn.countAll<number>().as('count'))
    .where('application_id', '=', applicationId)
    .where('revoked_at_ms', 'is', null)
    .where(notExpiredAt(nowMs))
    .where('replaced_by_key_id', which === 'unreplaced' ? 'is' : 'is not', null)
    .executeTakeFirstOrThrow();
  return count;
}
