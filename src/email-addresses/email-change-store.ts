import type { Transaction } from 'kysely';

import { appendAudit } from '../audit/audit-log.ts';
import { type Database, isUniqueViolation } from '../database/database.ts';
import { enqueue } from '../database/outbox.ts';
import type { Random } from '../platform/random.ts';
import type { PortalSchema } from '../database/schema.ts';
import { normalizeEmail } from '../accounts/account.ts';
import type { Allowance } from '../accounts/allowance.ts';
import { takeAllowances } from '../accounts/allowance-store.ts';
import { endTokens, useToken } from './one-time-token-store.ts';
import type { Change } from '../second-step/second-factor-store.ts';
import { endSignIns } from '../sessions/session-store.ts';

export interface EmailChange {
  email: string;
  requestedAtMs: number;
}

export interface EmailChangeStore {
  find(accountId: string): Promise<EmailChange | null>;
  /** Replaces an earlier request and tells both addresses. Returns 0, or the milliseconds to wait. */
  request(change: Change, email: string, allowances: readonly Allowance[]): Promise<number>;
  /** Uses the token up and ends every session; only the account that asked can. Both addresses are told. */
  confirm(change: Change, tokenHash: string): Promise<'changed' | 'invalid_or_expired' | 'email_taken'>;
  removeOld(requestedBeforeMs: number): Promise<void>;
}

export function createEmailChangeStore({ kysely }: Database<PortalSchema>, random: Random): EmailChangeStore {
  return {
    async find(accountId) {
      const changes = kysely.selectFrom('email_change').select(['email', 'requested_at_ms as requestedAtMs']);
      return (await changes.where('account_id', '=', accountId).executeTakeFirst()) ?? null;
    },
    request: ({ accountId, address, nowMs }, email, allowances) =>
      kysely.transaction().execute(async (transaction) => {
        const wait = await takeAllowances(transaction, allowances, nowMs);
        if (wait > 0) return wait;
        const requested = { email, requested_at_ms: nowMs };
        await transaction
          .insertInto('email_change')
          .values({ account_id: accountId, ...requested })
          .onConflict((conflict) => conflict.column('account_id').doUpdateSet(requested))
          .execute();
        await endTokens(transaction, 'change_email', accountId);
        const entry = { actor: accountId, action: 'account.email_change_requested', subject: accountId, teamId: null };
        await appendAudit(transaction, { ...entry, atMs: nowMs, details: { address } });
        const payload = { accountId, address, atMs: nowMs };
        await enqueue(transaction, { kind: 'mail.email_change_requested', payload, random, nowMs });
        await enqueue(transaction, { kind: 'mail.confirm_new_email', payload: { accountId }, random, nowMs });
        return 0;
      }),
    async confirm(change, tokenHash) {
      try {
        const changed = await kysely.transaction().execute((tx) => confirmEmail(tx, change, tokenHash, random));
        return changed ? 'changed' : 'invalid_or_expired';
      } catch (error) {
        if (isUniqueViolation(error)) return 'email_taken';
        throw error;
      }
    },
    async removeOld(requestedBeforeMs) {
      await kysely.deleteFrom('email_change').where('requested_at_ms', '<', requestedBeforeMs).execute();
    },
  };
}

async function confirmEmail(
  transaction: Transaction<PortalSchema>,
  { accountId, address, nowMs }: Change,
  tokenHash: string,
  random: Random,
): Promise<boolean> {
  const used = await useToken(transaction, { purpose: 'change_email', tokenHash, accountId }, nowMs);
  const wanted = await transaction
    .deleteFrom('email_change')
    .where('account_id', '=', accountId)
    .where('email', '=', used?.email ?? '')
    .returning('email')
    .executeTakeFirst();
  if (!used || !wanted) return false;
  const { email: former } = await transaction
    .selectFrom('account')
    .select('email')
    .where('id', '=', accountId)
    .executeTakeFirstOrThrow();
  const changed = { email: wanted.email, email_normalized: normalizeEmail(wanted.email), email_verified_at_ms: nowMs };
  await transaction.updateTable('account').set(changed).where('id', '=', accountId).execute();
  const details = { address, endedSessions: await endSignIns(transaction, accountId) };
  const entry = { actor: accountId, action: 'account.email_changed', subject: accountId, teamId: null };
  await appendAudit(transaction, { ...entry, atMs: nowMs, details });
  for (const to of [former, wanted.email]) {
    await enqueue(transaction, { kind: 'mail.email_changed', payload: { to, address, atMs: nowMs }, random, nowMs });
  }
  return true;
}
