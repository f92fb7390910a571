import type { Transaction } from 'kysely';

import { sha256Hex } from '../platform/hash.ts';
import { requestAddress } from '../platform/request-address.ts';
import type { PortalSchema } from '../database/schema.ts';

/** Who did what, when, to what. Never holds a secret. */
export interface AuditEntry {
  sequence: number;
  atMs: number;
  /** Account id, or `system`. */
  actor: string;
  /** Past participle: `key.issued`, `key.revoked`, `account.verified`. */
  action: string;
  /** Id of what it was done to. */
  subject: string;
  teamId: string | null;
  details: Readonly<Record<string, unknown>>;
  hash: string;
}

/**
 * `brokenAt`: the first sequence that was edited, removed, moved or added past the head.
 * Someone who may write to the database can forge the chain anew from there: compare `hash` with one kept elsewhere.
 */
export type ChainResult = { ok: true; sequence: number; hash: string } | { ok: false; brokenAt: number };

export type AuditRecord = Omit<AuditEntry, 'sequence' | 'hash'>;

/**
 * Appends to the hash-chained log inside the caller's transaction: no audit row, no change.
 * The update of the head row makes writers take turns on both databases.
 */
export async function appendAudit(transaction: Transaction<PortalSchema>, record: AuditRecord): Promise<void> {
  const head = await transaction
    .updateTable('audit_head')
    .set((expression) => ({ sequence: expression('sequence', '+', 1) }))
    .where('id', '=', 1)
    .returning(['sequence', 'hash'])
    .executeTakeFirstOrThrow();
  const row = {
    sequence: head.sequence,
    at_ms: record.atMs,
    actor: record.actor,
    action: record.action,
    subject: record.subject,
    team_id: record.teamId,
    details: JSON.stringify(withAddress(record.details)),
    previous_hash: head.hash,
  };
  const hash = entryHash(row);
  await transaction
    .insertInto('audit_entry')
    .values({ ...row, hash })
    .execute();
  await transaction.updateTable('audit_head').set({ hash }).where('id', '=', 1).execute();
}

/** From where it was asked for, unless the entry says so by itself; nothing for what the portal does by itself. */
function withAddress(details: AuditRecord['details']): AuditRecord['details'] {
  const address = requestAddress();
  return address === null || 'address' in details ? details : { ...details, address };
}

/** SHA-256 over the previous hash and every column in a fixed order, so that an edit, a swap or a gap is seen. */
export function entryHash(row: Omit<PortalSchema['audit_entry'], 'hash'>): string {
  return sha256Hex(
    JSON.stringify([
      row.previous_hash,
      row.sequence,
      row.at_ms,
      row.actor,
      row.action,
      row.subject,
      row.team_id,
      row.details,
    ]),
  );
}
