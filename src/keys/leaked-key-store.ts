import { type AuditRecord, appendAudit } from '../audit/audit-log.ts';
import type { Database } from '../platform/database.ts';
import type { Random } from '../platform/random.ts';
import type { PortalSchema } from '../platform/schema.ts';
import type { LeakedKeyAction } from './leaked-key.ts';
import { notExpiredAt } from './key-row.ts';
import { mailTeam } from './team-mail-store.ts';

export interface LeakedKeyStore {
  /**
   * Revokes or suspends a key, with its audit entry and a mail to the team. False when there was nothing left to end:
   * it was revoked, has expired, or was to be suspended and is already.
   */
  endIfUsable(leak: Leak, random: Random): Promise<boolean>;
}

export interface Leak {
  keyId: string;
  teamId: string;
  action: LeakedKeyAction;
  reason: string;
  /** Where it was found; '' when that is not known. */
  place: string;
  audit: AuditRecord;
}

export function createLeakedKeyStore({ kysely }: Database<PortalSchema>): LeakedKeyStore {
  return {
    endIfUsable: ({ keyId, teamId, action, reason, place, audit }, random) =>
      kysely.transaction().execute(async (transaction) => {
        const nowMs = audit.atMs;
        const usable = transaction
          .updateTable('api_key')
          .where('id', '=', keyId)
          .where('revoked_at_ms', 'is', null)
          .where(notExpiredAt(nowMs));
        const ended =
          action === 'revoke'
            ? usable.set({ revoked_at_ms: nowMs, revoke_reason: reason })
            : usable.set({ suspended_at_ms: nowMs, suspend_reason: reason }).where('suspended_at_ms', 'is', null);
        if (!(await ended.returning('id').executeTakeFirst())) return false;
        await appendAudit(transaction, audit);
        const past = action === 'revoke' ? ('revoked' as const) : ('suspended' as const);
        const payloadFor = (accountId: string) => ({ accountId, keyId, action: past, place });
        await mailTeam(transaction, { teamId, except: null, kind: 'mail.key_leaked', payloadFor, random, nowMs });
        return true;
      }),
  };
}
