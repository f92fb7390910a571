import { appendAudit } from '../audit/audit-log.ts';
import type { Database } from '../database/database.ts';
import { enqueue } from '../database/outbox.ts';
import type { Random } from '../platform/random.ts';
import type { PortalSchema } from '../database/schema.ts';
import { countOwners, lockOwners } from './owner-row.ts';
import type { RemoveOwnerResult } from './suspension.ts';

export interface OwnerStore {
  /** Makes an owner a developer; of parallel ones the last owner that can act stays. */
  remove(change: { accountId: string; byAccountId: string; nowMs: number }): Promise<RemoveOwnerResult>;
}

export function createOwnerStore({ kysely }: Database<PortalSchema>, random: Random): OwnerStore {
  return {
    remove: ({ accountId, byAccountId, nowMs }) =>
      kysely.transaction().execute(async (transaction) => {
        await lockOwners(transaction);
        const rows = await transaction
          .selectFrom('account')
          .select(['id', 'email'])
          .where('role', '=', 'owner')
          .execute();
        const owner = rows.find(({ id }) => id === accountId);
        if (!owner || !rows.some(({ id }) => id === byAccountId)) return { ok: false, reason: 'not_found' };
        if ((await countOwners(transaction, accountId)) === 0) return { ok: false, reason: 'last_owner' };
        await transaction.updateTable('account').set({ role: 'developer' }).where('id', '=', accountId).execute();
        const entry = { atMs: nowMs, actor: byAccountId, action: 'owner.removed', subject: accountId, teamId: null };
        await appendAudit(transaction, { ...entry, details: { email: owner.email } });
        const payload = { accountId, teamId: null, role: null };
        await enqueue(transaction, { kind: 'mail.membership_changed', payload, random, nowMs });
        return { ok: true };
      }),
  };
}
