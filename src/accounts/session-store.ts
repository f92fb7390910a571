import { appendAudit } from '../audit/audit-log.ts';
import type { Database } from '../platform/database.ts';
import type { PortalSchema } from '../platform/schema.ts';
import { type Account, SESSION_ABSOLUTE_MS } from './account.ts';
import { toAccount } from './account-store.ts';

export type SessionRow = PortalSchema['session'];

export interface SessionStore {
  /** null for an unknown, expired or suspended account's session. */
  find(id: string, nowMs: number): Promise<{ session: SessionRow; account: Account } | null>;
  listOf(accountId: string): Promise<readonly SessionRow[]>;
  start(session: SessionRow): Promise<void>;
  /** Never past the absolute lifetime. */
  prolong(id: string, expiresAtMs: number): Promise<void>;
  end(id: string, nowMs: number): Promise<void>;
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
    listOf: (accountId) => kysely.selectFrom('session').selectAll().where('account_id', '=', accountId).execute(),
    start: (session) =>
      kysely.transaction().execute(async (transaction) => {
        await transaction.insertInto('session').values(session).execute();
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
    end: (id, nowMs) => endWhere('id', id, nowMs),
    endAllOf: (accountId, nowMs) => endWhere('account_id', accountId, nowMs),
    async removeExpired(nowMs) {
      await kysely.deleteFrom('session').where('expires_at_ms', '<=', nowMs).execute();
    },
  };
}
