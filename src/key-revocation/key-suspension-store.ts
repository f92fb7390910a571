import type { Transaction } from 'kysely';

import { type AuditRecord, appendAudit } from '../audit/audit-log.ts';
import type { Database } from '../database/database.ts';
import type { Random } from '../platform/random.ts';
import type { PortalSchema } from '../database/schema.ts';
import type { ApiKey } from '../keys/api-key.ts';
import { tellOfKey } from '../keys/key-event-store.ts';
import { isNotSuspended, notExpiredAt, toApiKey } from '../keys/key-row.ts';
import { mailTeam } from '../key-reminders/team-mail-store.ts';

/** Pauses and resumes keys; each step with its audit entry and a mail to the team. null when the state forbids it. */
export interface KeySuspensionStore {
  suspendIfActive(suspension: Suspension, random: Random): Promise<ApiKey | null>;
  resumeIfSuspended(suspension: Suspension, random: Random): Promise<ApiKey | null>;
}

export interface Suspension {
  keyId: string;
  teamId: string;
  /** To the team; kept with the key while it is suspended. */
  message: string;
  audit: AuditRecord;
}

export function createKeySuspensionStore({ kysely }: Database<PortalSchema>): KeySuspensionStore {
  return {
    suspendIfActive: (suspension, random) =>
      kysely.transaction().execute(async (transaction) => {
        const { message, audit } = suspension;
        const row = await unended(transaction, suspension)
          .set({ suspended_at_ms: audit.atMs, suspend_reason: message, suspend_cause: null })
          .where(isNotSuspended)
          .returningAll()
          .executeTakeFirst();
        if (!row) return null;
        await record(transaction, suspension, 'mail.key_suspended', random);
        const key = toApiKey(row);
        await tellOfKey(transaction, key, 'key.suspended', { reason: message }, audit, random);
        return key;
      }),
    resumeIfSuspended: (suspension, random) =>
      kysely.transaction().execute(async (transaction) => {
        const { message, audit } = suspension;
        const row = await unended(transaction, suspension)
          .set({ suspended_at_ms: null, suspend_reason: null, suspend_cause: null, resumed_at_ms: audit.atMs })
          .where('suspended_at_ms', 'is not', null)
          .returningAll()
          .executeTakeFirst();
        if (!row) return null;
        await record(transaction, suspension, 'mail.key_resumed', random);
        const key = toApiKey(row);
        await tellOfKey(transaction, key, 'key.resumed', { reason: message }, audit, random);
        return key;
      }),
  };
}

function unended(transaction: Transaction<PortalSchema>, { keyId, audit }: Suspension) {
  return transaction
    .updateTable('api_key')
    .where('id', '=', keyId)
    .where('revoked_at_ms', 'is', null)
    .where(notExpiredAt(audit.atMs));
}

async function record(
  transaction: Transaction<PortalSchema>,
  { keyId, teamId, message, audit }: Suspension,
  kind: 'mail.key_suspended' | 'mail.key_resumed',
  random: Random,
): Promise<void> {
  await appendAudit(transaction, audit);
  const payloadFor = (accountId: string) => ({ accountId, keyId, message });
  await mailTeam(transaction, { teamId, except: null, kind, payloadFor, random, nowMs: audit.atMs });
}
