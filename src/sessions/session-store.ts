import type { Selectable, Transaction } from 'kysely';

import { appendAudit } from '../audit/audit-log.ts';
import type { Database } from '../database/database.ts';
import type { PortalSchema } from '../database/schema.ts';
import { type Account, SESSION_ABSOLUTE_MS } from '../accounts/account.ts';
import { toAccount } from '../accounts/account-store.ts';
import { cancelDeletion } from '../accounts/deletion-row.ts';

export type SessionRow = Selectable<PortalSchema['session']>;

export interface SessionStore {
  /** null for an unknown, expired or suspended account's session. */
  find(id: string, nowMs: number): Promise<{ session: SessionRow; account: Account } | null>;
  /** Those that still open something, last used first. */
  listOf(accountId: string, nowMs: number): Promise<readonly SessionRow[]>;
  start(session: SessionRow): Promise<void>;
  /** Never past the absolute lifetime. */
  prolong(id: string, expiresAtMs: number): Promise<void>;
  /** @param hasRested it went unused for so long that owners have to sign in again */
  touch(id: string, nowMs: number, hasRested: boolean): Promise<void>;
  end(id: string, nowMs: number): Promise<void>;
  /** Ends one session of an account, or all but `except`; returns how many there were. */
  endOf(accountId: string, which: { id: string } | { except: string }, nowMs: number): Promise<number>;
  endAllOf(accountId: string, nowMs: number): Promise<void>;
  removeExpired(nowMs: number): Promise<void>;
}

export function createSessionStore({ kysely }: Database<PortalSchema>): SessionStore {
  const endWhere = (column: 'id' | 'account_id', value: string, nowMs: number): Promise<void> =>
    kysely.transaction().execute(async (transaction) => {
      const ended = await transaction.deleteFrom('session').where(column, '=', value).returning('account_id').execute();
      for (const { account_id: accountId } of ended) {
        const entry = { actor: accountId, action: 'account.signed_out', subject: accountId, teamId: null, details: {} };
        await appendAudit(transaction, { ...entry, atMs: nowMs });
      }
    });

  return {
    async find(id, nowMs) {
      const session = await kysely
        .selectFrom('session')
        .selectAll()
        .where('id', '=', id)
        .where('expires_at_ms', '>', nowMs)
        .executeTakeFirst();
      if (!session) return null;
      const account = await kysely
        .selectFrom('account')
        .selectAll()
        .where('id', '=', session.account_id)
        .where('suspended_at_ms', 'is', null)
        .executeTakeFirst();
      return account ? { session, account: toAccount(account) } : null;
    },
    listOf: (accountId, nowMs) =>
      kysely
        .selectFrom('session')
        .selectAll()
        .where('account_id', '=', accountId)
        .where('expires_at_ms', '>', nowMs)
        .orderBy('last_used_at_ms', 'desc')
        .orderBy('id')
        .execute(),
    start: (session) =>
      kysely.transaction().execute(async (transaction) => {
        await transaction.insertInto('session').values(session).execute();
        await cancelDeletion(transaction, session.account_id, session.created_at_ms);
        await appendAudit(transaction, {
          atMs: session.created_at_ms,
          actor: session.account_id,
          action: 'account.signed_in',
          subject: session.account_id,
          teamId: null,
          details: { address: session.address },
        });
      }),
    async prolong(id, expiresAtMs) {
      await kysely
        .updateTable('session')
        .set((expression) => ({
          expires_at_ms: expression
            .case()
            .when('created_at_ms', '<', expiresAtMs - SESSION_ABSOLUTE_MS)
            .then(expression('created_at_ms', '+', SESSION_ABSOLUTE_MS))
            .else(expiresAtMs)
            .end(),
        }))
        .where('id', '=', id)
        .execute();
    },
    async touch(id, nowMs, hasRested) {
      const used = { last_used_at_ms: nowMs, rested: Number(hasRested) };
      await kysely.updateTable('session').set(used).where('id', '=', id).execute();
    },
    end: (id, nowMs) => endWhere('id', id, nowMs),
    endOf: (accountId, which, nowMs) =>
      kysely.transaction().execute(async (transaction) => {
        const own = transaction.deleteFrom('session').where('account_id', '=', accountId);
        const chosen = 'id' in which ? own.where('id', '=', which.id) : own.where('id', '!=', which.except);
        const ended = (await chosen.returning('id').execute()).length;
        if (ended === 0) return 0;
        const entry = { actor: accountId, action: 'account.sessions_ended', subject: accountId, teamId: null };
        await appendAudit(transaction, { ...entry, atMs: nowMs, details: { sessions: ended } });
        return ended;
      }),
    endAllOf: (accountId, nowMs) => endWhere('account_id', accountId, nowMs),
    async removeExpired(nowMs) {
      await kysely.deleteFrom('session').where('expires_at_ms', '<=', nowMs).execute();
    },
  };
}

/** Every session of an account, and every sign-in that waits for its second step, in the caller's transaction. */
export async function endSignIns(transaction: Transaction<PortalSchema>, accountId: string): Promise<number> {
  await transaction.deleteFrom('pending_sign_in').where('account_id', '=', accountId).execute();
  const ended = await transaction.deleteFrom('session').where('account_id', '=', accountId).returning('id').execute();
  return ended.length;
}
