import { type Transaction, sql } from 'kysely';

import { type AuditRecord, appendAudit } from '../audit/audit-log.ts';
import type { Database } from '../database/database.ts';
import { type Random, systemRandom } from '../platform/random.ts';
import type { PortalSchema } from '../database/schema.ts';
import type { ApiKey } from '../keys/api-key.ts';
import { tellOfKey } from '../keys/key-event-store.ts';
import {
  type NewKey,
  countKeys,
  findByRequest,
  lockApplication,
  notExpiredAt,
  toApiKey,
  toRow,
} from '../keys/key-row.ts';

/** Replaces keys and moves the end of their overlap; each method is one transaction with its audit entries. */
export interface KeyRotationStore {
  /** Of any number of parallel requests for one key, one succeeds: the row decides. */
  replace(rotation: Rotation): Promise<ReplaceOutcome>;
  /** null when the key was not replaced, was revoked, or its overlap is over at `audit.atMs`: what ended stays ended. */
  endOverlapAt(keyId: string, endsAtMs: number, audit: AuditRecord): Promise<ApiKey | null>;
}

export interface Rotation {
  applicationId: string;
  keyId: string;
  requestId: string;
  nowMs: number;
  /** Most keys of one application in their overlap at once. */
  overlapLimit: number;
  /** Made from the row as it is locked, so that what changed a moment ago, such as the allowlist, is carried over. */
  succeed(current: ApiKey): Succession;
}

export interface Succession {
  successor: NewKey;
  oldKeyEndsAtMs: number;
  audits: readonly AuditRecord[];
}

export type ReplaceOutcome =
  | ({ ok: true } & Succession)
  | { ok: false; reason: 'not_found' | 'already_rotated' | 'key_not_active' }
  | { ok: false; reason: 'too_many_overlaps'; limit: number }
  | { ok: false; reason: 'already_issued'; keyId: string };

export function createKeyRotationStore(
  { kysely }: Database<PortalSchema>,
  random: Random = systemRandom,
): KeyRotationStore {
  return {
    replace: (rotation) => kysely.transaction().execute((transaction) => replace(transaction, rotation, random)),
    endOverlapAt: (keyId, endsAtMs, audit) =>
      kysely.transaction().execute(async (transaction) => {
        const row = await transaction
          .updateTable('api_key')
          .set({ expires_at_ms: endsAtMs })
          .where('id', '=', keyId)
          .where('replaced_by_key_id', 'is not', null)
          .where('revoked_at_ms', 'is', null)
          .where(notExpiredAt(audit.atMs))
          .returningAll()
          .executeTakeFirst();
        if (!row) return null;
        await appendAudit(transaction, audit);
        return toApiKey(row);
      }),
  };
}

async function replace(
  transaction: Transaction<PortalSchema>,
  rotation: Rotation,
  random: Random,
): Promise<ReplaceOutcome> {
  const { applicationId, requestId, nowMs, overlapLimit } = rotation;
  if (!(await lockApplication(transaction, applicationId))) return { ok: false, reason: 'not_found' };
  const repeatedKeyId = await findByRequest(transaction, applicationId, requestId);
  if (repeatedKeyId !== null) return { ok: false, reason: 'already_issued', keyId: repeatedKeyId };
  const current = await lockReplaceable(transaction, rotation);
  if (!current) return { ok: false, reason: await whyNot(transaction, rotation) };
  const succession = rotation.succeed(current);
  const { successor, oldKeyEndsAtMs, audits } = succession;
  const overlaps = oldKeyEndsAtMs > nowMs;
  if (overlaps && (await countKeys(transaction, applicationId, 'in_overlap', nowMs)) >= overlapLimit) {
    return { ok: false, reason: 'too_many_overlaps', limit: overlapLimit };
  }
  // Limits per key go on for the successor.
  const lineage = sql<string>`(select coalesce(lineage_id, id) from api_key where id = ${current.id})`;
  await transaction
    .insertInto('api_key')
    .values({ ...toRow(successor), lineage_id: lineage })
    .execute();
  await transaction
    .updateTable('api_key')
    .set({
      replaced_by_key_id: successor.key.id,
      replaced_at_ms: nowMs,
      former_expires_at_ms: current.expiresAtMs,
      expires_at_ms: oldKeyEndsAtMs,
    })
    .where('id', '=', current.id)
    .execute();
  for (const audit of audits) await appendAudit(transaction, audit);
  await tellOfSuccession(transaction, current, succession, nowMs, random);
  return { ok: true, ...succession };
}

async function tellOfSuccession(
  transaction: Transaction<PortalSchema>,
  current: ApiKey,
  { successor, oldKeyEndsAtMs, audits }: Succession,
  nowMs: number,
  random: Random,
): Promise<void> {
  const about = { atMs: nowMs, teamId: audits[0]?.teamId ?? null };
  const rotated = { successorKeyId: successor.key.id, endsAtMs: oldKeyEndsAtMs };
  await tellOfKey(transaction, current, 'key.rotated', rotated, about, random);
  const issued = { expiresAtMs: successor.key.expiresAtMs, replacesKeyId: current.id };
  await tellOfKey(transaction, successor.key, 'key.issued', issued, about, random);
}

/** Changes nothing, but holds the row until the transaction ends: nobody can revoke, restrict or rotate it meanwhile. */
async function lockReplaceable(
  transaction: Transaction<PortalSchema>,
  { applicationId, keyId, nowMs }: Rotation,
): Promise<ApiKey | null> {
  const row = await transaction
    .updateTable('api_key')
    .set({ application_id: applicationId })
    .where('id', '=', keyId)
    .where('application_id', '=', applicationId)
    .where('replaced_by_key_id', 'is', null)
    .where('revoked_at_ms', 'is', null)
    .where('suspended_at_ms', 'is', null)
    .where(notExpiredAt(nowMs))
    .returningAll()
    .executeTakeFirst();
  return row ? toApiKey(row) : null;
}

async function whyNot(
  transaction: Transaction<PortalSchema>,
  { keyId }: Rotation,
): Promise<'already_rotated' | 'key_not_active'> {
  const row = await transaction
    .selectFrom('api_key')
    .select('replaced_by_key_id')
    .where('id', '=', keyId)
    .executeTakeFirst();
  return row && row.replaced_by_key_id !== null ? 'already_rotated' : 'key_not_active';
}
