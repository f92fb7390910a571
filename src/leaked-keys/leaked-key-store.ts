import type { Transaction } from 'kysely';

import { type AuditRecord, appendAudit } from '../audit/audit-log.ts';
import type { Database } from '../database/database.ts';
import type { Random } from '../platform/random.ts';
import type { PortalSchema } from '../database/schema.ts';
import { DAY_MS } from '../keys/api-key.ts';
import { tellOfKey } from '../keys/key-event-store.ts';
import { isNotSuspended, notExpiredAt, toApiKey } from '../keys/key-row.ts';
import { type LeakedKeyAction, QUERY_PLACE } from './leaked-key.ts';
import { mailTeam } from '../key-reminders/team-mail-store.ts';

export interface LeakedKeyStore {
  /**
   * Revokes or suspends a key, with its audit entry and a mail to the team. False when there was nothing left to end:
   * it was revoked, has expired, or was to be suspended and is already.
   */
  endIfUsable(leak: Leak, random: Random): Promise<boolean>;
  /** Tells the team of a key that goes on working; once a day at most, however often it happens. */
  flagIfUsable(exposure: Exposure, random: Random): Promise<boolean>;
}

export interface Exposure {
  keyId: string;
  teamId: string;
  /** When its token was last seen where it must not be. */
  exposedAtMs: number;
  audit: AuditRecord;
}

export interface Leak {
  keyId: string;
  teamId: string;
  action: LeakedKeyAction;
  reason: string;
  /** Where it was found; '' when that is not known. */
  place: string;
  /** When the verifier saw it in a query string; kept with the key, so that each time counts once. */
  exposedAtMs?: number;
  audit: AuditRecord;
}

export function createLeakedKeyStore({ kysely }: Database<PortalSchema>): LeakedKeyStore {
  return {
    flagIfUsable: (exposure, random) =>
      kysely.transaction().execute((transaction) => flag(transaction, exposure, random)),
    endIfUsable: ({ keyId, teamId, action, reason, place, exposedAtMs, audit }, random) =>
      kysely.transaction().execute(async (transaction) => {
        const nowMs = audit.atMs;
        const usable = transaction
          .updateTable('api_key')
          .$if(exposedAtMs !== undefined, (update) => update.set({ exposed_at_ms: exposedAtMs ?? null }))
          .where('id', '=', keyId)
          .where('revoked_at_ms', 'is', null)
          .where(notExpiredAt(nowMs));
        const ended =
          action === 'revoke'
            ? usable.set({ revoked_at_ms: nowMs, revoke_reason: reason })
            : usable.set({ suspended_at_ms: nowMs, suspend_reason: reason, suspend_cause: null }).where(isNotSuspended);
        const row = await ended.returningAll().executeTakeFirst();
        if (!row) return false;
        await appendAudit(transaction, audit);
        const key = toApiKey(row);
        const past = action === 'revoke' ? ('revoked' as const) : ('suspended' as const);
        const payloadFor = (accountId: string) => ({ accountId, keyId, action: past, place });
        await mailTeam(transaction, { teamId, except: null, kind: 'mail.key_leaked', payloadFor, random, nowMs });
        await tellOfKey(transaction, key, 'key.exposed', { action: past, place }, audit, random);
        await tellOfKey(transaction, key, `key.${past}`, { reason }, audit, random);
        return true;
      }),
  };
}

async function flag(
  transaction: Transaction<PortalSchema>,
  { keyId, teamId, exposedAtMs, audit }: Exposure,
  random: Random,
): Promise<boolean> {
  const row = await transaction
    .updateTable('api_key')
    .set({ exposed_at_ms: exposedAtMs })
    .where('id', '=', keyId)
    .where('revoked_at_ms', 'is', null)
    .where(notExpiredAt(audit.atMs))
    .where((key) => key.or([key('exposed_at_ms', 'is', null), key('exposed_at_ms', '<=', exposedAtMs - DAY_MS)]))
    .returningAll()
    .executeTakeFirst();
  if (!row) return false;
  await appendAudit(transaction, audit);
  const payloadFor = (accountId: string) => ({ accountId, keyId, action: 'flagged' as const, place: QUERY_PLACE });
  const nowMs = audit.atMs;
  await mailTeam(transaction, { teamId, except: null, kind: 'mail.key_leaked', payloadFor, random, nowMs });
  await tellOfKey(transaction, toApiKey(row), 'key.exposed', { action: 'flagged', place: QUERY_PLACE }, audit, random);
  return true;
}
