import type { Transaction } from 'kysely';

import { appendAudit } from '../audit/audit-log.ts';
import type { Database } from '../platform/database.ts';
import type { PortalSchema } from '../platform/schema.ts';
import type { TokenPurpose } from './one-time-token.ts';

export interface NewToken {
  tokenHash: string;
  purpose: TokenPurpose;
  /** null for the first owner, who has no account yet. */
  accountId: string | null;
  createdAtMs: number;
  expiresAtMs: number;
}

export interface OneTimeTokenStore {
  /** Adds a token; those made earlier for the same purpose and account end. */
  replace(token: NewToken): Promise<void>;
  /** Adds the token for the first owner, who must not exist yet; false when one does. */
  replaceFirstOwner(token: NewToken): Promise<boolean>;
  /** Looks without using up. */
  isUsable(purpose: TokenPurpose, tokenHash: string, nowMs: number): Promise<boolean>;
  removeExpired(nowMs: number): Promise<void>;
}

export function createOneTimeTokenStore({ kysely }: Database<PortalSchema>): OneTimeTokenStore {
  return {
    replace: (token) => kysely.transaction().execute((transaction) => replaceToken(transaction, token)),
    replaceFirstOwner: (token) =>
      kysely.transaction().execute(async (transaction) => {
        if (await hasOwner(transaction)) return false;
        await replaceToken(transaction, token);
        const entry = {
          actor: 'system',
          action: 'owner_link.issued',
          subject: 'first_owner',
          teamId: null,
          details: {},
        };
        await appendAudit(transaction, { ...entry, atMs: token.createdAtMs });
        return true;
      }),
    async isUsable(purpose, tokenHash, nowMs) {
      const row = await kysely
        .selectFrom('one_time_token')
        .select('token_hash')
        .where('token_hash', '=', tokenHash)
        .where('purpose', '=', purpose)
        .where('used_at_ms', 'is', null)
        .where('expires_at_ms', '>', nowMs)
        .executeTakeFirst();
      return row !== undefined;
    },
    async removeExpired(nowMs) {
      await kysely.deleteFrom('one_time_token').where('expires_at_ms', '<=', nowMs).execute();
    },
  };
}

async function replaceToken(transaction: Transaction<PortalSchema>, token: NewToken): Promise<void> {
  await endTokens(transaction, token.purpose, token.accountId);
  await transaction
    .insertInto('one_time_token')
    .values({
      token_hash: token.tokenHash,
      purpose: token.purpose,
      account_id: token.accountId,
      created_at_ms: token.createdAtMs,
      expires_at_ms: token.expiresAtMs,
      used_at_ms: null,
    })
    .execute();
}

/** Ends every token of a purpose and account. */
export async function endTokens(
  transaction: Transaction<PortalSchema>,
  purpose: TokenPurpose,
  accountId: string | null,
): Promise<void> {
  await transaction
    .deleteFrom('one_time_token')
    .where('purpose', '=', purpose)
    .where('account_id', accountId === null ? 'is' : '=', accountId)
    .execute();
}

/** Uses a token up inside the caller's transaction. The row decides: of many at once, one gets it and the others null. */
export async function useToken(
  transaction: Transaction<PortalSchema>,
  purpose: TokenPurpose,
  tokenHash: string,
  nowMs: number,
): Promise<{ accountId: string | null } | null> {
  const used = await transaction
    .updateTable('one_time_token')
    .set({ used_at_ms: nowMs })
    .where('token_hash', '=', tokenHash)
    .where('purpose', '=', purpose)
    .where('used_at_ms', 'is', null)
    .where('expires_at_ms', '>', nowMs)
    .returning('account_id')
    .executeTakeFirst();
  return used ? { accountId: used.account_id } : null;
}

export async function hasOwner(transaction: Transaction<PortalSchema>): Promise<boolean> {
  const owner = await transaction.selectFrom('account').select('id').where('role', '=', 'owner').executeTakeFirst();
  return owner !== undefined;
}
