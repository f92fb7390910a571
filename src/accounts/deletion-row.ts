import type { Transaction } from 'kysely';

import { appendAudit } from '../audit/audit-log.ts';
import type { PortalSchema } from '../database/schema.ts';

/** Whoever signs in keeps the account, in whatever way. In the transaction that begins the session. */
export async function cancelDeletion(
  transaction: Transaction<PortalSchema>,
  accountId: string,
  nowMs: number,
): Promise<void> {
  const kept = await transaction
    .updateTable('account')
    .set({ deletion_asked_at_ms: null })
    .where('id', '=', accountId)
    .where('deletion_asked_at_ms', 'is not', null)
    .returning('id')
    .executeTakeFirst();
  if (!kept) return;
  const entry = { actor: accountId, action: 'account.deletion_cancelled', subject: accountId, teamId: null };
  await appendAudit(transaction, { ...entry, atMs: nowMs, details: {} });
}
