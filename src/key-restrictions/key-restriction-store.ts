import type { Transaction } from 'kysely';

import { type AuditRecord, appendAudit } from '../audit/audit-log.ts';
import type { Database } from '../database/database.ts';
import { type Random, systemRandom } from '../platform/random.ts';
import type { PortalSchema } from '../database/schema.ts';
import type { ApiKey } from '../keys/api-key.ts';
import { tellOfKey } from '../keys/key-event-store.ts';
import type { KeyRestrictions, RestrictionKind } from './key-restrictions.ts';
import { notExpiredAt, toApiKey } from '../keys/key-row.ts';
import { restrictionColumns } from './restriction-columns.ts';

/** What is to become of a key, decided from the row as it is locked. */
export type Restricting<Refusal> =
  | { restrictions: KeyRestrictions; changed: readonly RestrictionKind[]; audit: AuditRecord }
  /** It is as it should be: nothing is written. */
  | 'nothing'
  | { refusal: Refusal };

export interface Restriction<Refusal> {
  keyId: string;
  nowMs: number;
  decide: (current: ApiKey) => Restricting<Refusal>;
}

/** Changes restrictions; a change, its audit entry and its event are one transaction. */
export interface KeyRestrictionStore {
  /** Of two changes at once the second decides anew, from what the first has left. null when the key has ended. */
  restrictUnlessEnded<Refusal>(restriction: Restriction<Refusal>): Promise<ApiKey | { refusal: Refusal } | null>;
}

export function createKeyRestrictionStore(
  { kysely }: Database<PortalSchema>,
  random: Random = systemRandom,
): KeyRestrictionStore {
  return {
    restrictUnlessEnded: (restriction) =>
      kysely.transaction().execute((transaction) => restrict(transaction, restriction, random)),
  };
}

async function restrict<Refusal>(
  transaction: Transaction<PortalSchema>,
  { keyId, nowMs, decide }: Restriction<Refusal>,
  random: Random,
): Promise<ApiKey | { refusal: Refusal } | null> {
  const current = await lockUnlessEnded(transaction, keyId, nowMs);
  const decided = current && decide(current);
  if (!decided || decided === 'nothing') return current;
  if ('refusal' in decided) return { refusal: decided.refusal };
  const row = await transaction
    .updateTable('api_key')
    .set(restrictionColumns(decided.restrictions))
    .where('id', '=', keyId)
    .returningAll()
    .executeTakeFirstOrThrow();
  const key = toApiKey(row);
  await appendAudit(transaction, decided.audit);
  await tellOfKey(transaction, key, 'key.restricted', { changed: [...decided.changed] }, decided.audit, random);
  return key;
}

/** Changes nothing, but holds the row: SQLite has no `for update`. */
async function lockUnlessEnded(
  transaction: Transaction<PortalSchema>,
  keyId: string,
  nowMs: number,
): Promise<ApiKey | null> {
  const row = await transaction
    .updateTable('api_key')
    .set((expression) => ({ name: expression.ref('name') }))
    .where('id', '=', keyId)
    .where('revoked_at_ms', 'is', null)
    .where(notExpiredAt(nowMs))
    .returningAll()
    .executeTakeFirst();
  return row ? toApiKey(row) : null;
}
