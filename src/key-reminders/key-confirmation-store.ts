import { type Transaction, sql } from 'kysely';

import { type AuditRecord, appendAudit } from '../audit/audit-log.ts';
import type { Database } from '../database/database.ts';
import type { Random } from '../platform/random.ts';
import type { PortalSchema } from '../database/schema.ts';
import type { ApiKey } from '../keys/api-key.ts';
import { tellOfKey } from '../keys/key-event-store.ts';
import { lockApplication, notExpiredAt, toApiKey } from '../keys/key-row.ts';
import { mailTeam } from './team-mail-store.ts';

/** Keys whose token may never have reached anybody; each method is one transaction with its audit entries. */
export interface KeyConfirmationStore {
  /** null when it was confirmed before or was revoked. */
  confirmIfWaiting(keyId: string, audit: AuditRecord): Promise<ApiKey | null>;
  /** Gives the same key another secret: the former one is unknown from then on. null unless it waits and works. */
  replaceSecretIfWaiting(keyId: string, secret: StoredSecret, audit: AuditRecord): Promise<ApiKey | null>;
  /** Unconfirmed keys that were issued until `untilMs` and have not ended, oldest first. */
  listWaiting(untilMs: number, nowMs: number, limit: number): Promise<readonly WaitingKey[]>;
  /**
   * Revokes a key that still waits. If it was to replace a key that still works, that rotation is undone: the old key
   * gets back the expiry it had, so that nobody is cut off for a token that was lost. False when it waits no more.
   */
  withdrawIfWaiting(withdrawal: Withdrawal, random: Random): Promise<boolean>;
}

export interface StoredSecret {
  tokenHash: Uint8Array;
  pepperId: number;
  firstFour: string;
  lastFour: string;
}

export interface WaitingKey {
  key: ApiKey;
  teamId: string;
}

export interface Withdrawal {
  keyId: string;
  applicationId: string;
  teamId: string;
  reason: string;
  nowMs: number;
}

export function createKeyConfirmationStore({ kysely }: Database<PortalSchema>): KeyConfirmationStore {
  return {
    confirmIfWaiting: (keyId, audit) =>
      kysely.transaction().execute(async (transaction) => {
        const row = await waiting(transaction, keyId)
          .set({ unconfirmed_since_ms: null })
          .returningAll()
          .executeTakeFirst();
        if (!row) return null;
        await appendAudit(transaction, audit);
        return toApiKey(row);
      }),
    replaceSecretIfWaiting: (keyId, { tokenHash, pepperId, firstFour, lastFour }, audit) =>
      kysely.transaction().execute(async (transaction) => {
        const row = await waiting(transaction, keyId)
          .set({
            token_hash: tokenHash,
            pepper_id: pepperId,
            first_four: firstFour,
            last_four: lastFour,
            unconfirmed_since_ms: audit.atMs,
          })
          .where('suspended_at_ms', 'is', null)
          .where('replaced_by_key_id', 'is', null)
          .where(notExpiredAt(audit.atMs))
          .returningAll()
          .executeTakeFirst();
        if (!row) return null;
        await appendAudit(transaction, audit);
        return toApiKey(row);
      }),
    async listWaiting(untilMs, nowMs, limit) {
      const rows = await kysely
        .selectFrom('api_key')
        .innerJoin('application', 'application.id', 'api_key.application_id')
        .selectAll('api_key')
        .select('application.team_id')
        .where('unconfirmed_since_ms', '<=', untilMs)
        .where('revoked_at_ms', 'is', null)
        .where('replaced_by_key_id', 'is', null)
        .where('application.deleted_at_ms', 'is', null)
        .where((row) => row.or([row('expires_at_ms', 'is', null), row('expires_at_ms', '>', nowMs)]))
        .orderBy('unconfirmed_since_ms')
        .orderBy('api_key.id')
        .limit(limit)
        .execute();
      return rows.map((row) => ({ key: toApiKey(row), teamId: row.team_id }));
    },
    withdrawIfWaiting: (withdrawal, random) =>
      kysely.transaction().execute((transaction) => withdraw(transaction, withdrawal, random)),
  };
}

function waiting(transaction: Transaction<PortalSchema>, keyId: string) {
  return transaction
    .updateTable('api_key')
    .where('id', '=', keyId)
    .where('unconfirmed_since_ms', 'is not', null)
    .where('revoked_at_ms', 'is', null);
}

async function withdraw(
  transaction: Transaction<PortalSchema>,
  { keyId, applicationId, teamId, reason, nowMs }: Withdrawal,
  random: Random,
): Promise<boolean> {
  await lockApplication(transaction, applicationId);
  const row = await waiting(transaction, keyId)
    .set({ revoked_at_ms: nowMs, revoke_reason: reason })
    .where('replaced_by_key_id', 'is', null)
    .returningAll()
    .executeTakeFirst();
  if (!row) return false;
  const entry = { atMs: nowMs, actor: 'system', teamId };
  await appendAudit(transaction, { ...entry, action: 'key.revoked', subject: keyId, details: { reason } });
  const restored = await undoRotation(transaction, keyId, nowMs);
  if (restored) {
    const details = { withdrawnKeyId: keyId, expiresAtMs: restored.expiresAtMs };
    await appendAudit(transaction, { ...entry, action: 'key.rotation_undone', subject: restored.id, details });
    await tellOfKey(transaction, restored, 'key.rotation_undone', details, entry, random);
  }
  const restoredKeyId = restored?.id ?? null;
  const payloadFor = (accountId: string) => ({ accountId, keyId, restoredKeyId });
  await mailTeam(transaction, { teamId, except: null, kind: 'mail.key_withdrawn', payloadFor, random, nowMs });
  await tellOfKey(transaction, toApiKey(row), 'key.revoked', { reason }, entry, random);
  return true;
}

/** The key that was replaced by this one goes on as before; null when it has ended: what ended stays ended. */
async function undoRotation(
  transaction: Transaction<PortalSchema>,
  successorId: string,
  nowMs: number,
): Promise<ApiKey | null> {
  const row = await transaction
    .updateTable('api_key')
    .set({
      replaced_by_key_id: null,
      replaced_at_ms: null,
      expires_at_ms: sql.ref('former_expires_at_ms'),
      former_expires_at_ms: null,
    })
    .where('replaced_by_key_id', '=', successorId)
    .where('revoked_at_ms', 'is', null)
    .where(notExpiredAt(nowMs))
    .returningAll()
    .executeTakeFirst();
  return row ? toApiKey(row) : null;
}
