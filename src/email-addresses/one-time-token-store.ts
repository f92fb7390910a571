import type { Transaction } from 'kysely';

import { appendAudit } from '../audit/audit-log.ts';
import type { Database } from '../database/database.ts';
import type { PortalSchema } from '../database/schema.ts';
import type { MailedPurpose, TokenPurpose } from './one-time-token.ts';

export interface NewToken {
  tokenHash: string;
  purpose: TokenPurpose;
  /** null for the first owner, who has no account yet. */
  accountId: string | null;
  /** Where it is mailed to; null for the first owner's, which is printed. */
  email: string | null;
  createdAtMs: number;
  expiresAtMs: number;
}

/** A link that still works: whose it is, and which address following it proves. */
export interface UsableLink {
  accountId: string;
  email: string;
}

export interface OneTimeTokenStore {
  /** Adds a token that is about to be mailed; those made earlier for the same purpose and account end. */
  replace(token: NewToken): Promise<void>;
  /** Adds the token for the first owner, who must not exist yet; false when one does. */
  replaceFirstOwner(token: NewToken): Promise<boolean>;
  /** Looks without using up. */
  isUsable(purpose: TokenPurpose, tokenHash: string, nowMs: number): Promise<boolean>;
  /** The same for a mailed link; null also when its address is not the account's any more, or not wanted any more. */
  findLink(purpose: MailedPurpose, tokenHash: string, nowMs: number): Promise<UsableLink | null>;
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
    async findLink(purpose, tokenHash, nowMs) {
      const link = await kysely
        .selectFrom('one_time_token as token')
        .innerJoin('account', 'account.id', 'token.account_id')
        .leftJoin('email_change', 'email_change.account_id', 'account.id')
        .select(['account.id as accountId', 'token.email'])
        .where('token.token_hash', '=', tokenHash)
        .where('token.purpose', '=', purpose)
        .where('token.used_at_ms', 'is', null)
        .where('token.expires_at_ms', '>', nowMs)
        .where('account.suspended_at_ms', 'is', null)
        .whereRef('token.email', '=', purpose === 'change_email' ? 'email_change.email' : 'account.email')
        .executeTakeFirst();
      return link?.email == null ? null : { ...link, email: link.email };
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
      email: token.email,
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

/**
 * Uses a token up inside the caller's transaction. The row decides: of many at once, one gets it and the others null.
 * @param accountId when only this account may use it
 */
export async function useToken(
  transaction: Transaction<PortalSchema>,
  { purpose, tokenHash, accountId }: { purpose: TokenPurpose; tokenHash: string; accountId?: string },
  nowMs: number,
): Promise<{ accountId: string | null; email: string | null } | null> {
  const unused = transaction
    .updateTable('one_time_token')
    .set({ used_at_ms: nowMs })
    .where('token_hash', '=', tokenHash)
    .where('purpose', '=', purpose)
    .where('used_at_ms', 'is', null)
    .where('expires_at_ms', '>', nowMs);
  const own = accountId === undefined ? unused : unused.where('account_id', '=', accountId);
  const used = await own.returning(['account_id', 'email']).executeTakeFirst();
  return used ? { accountId: used.account_id, email: used.email } : null;
}

export async function hasOwner(transaction: Transaction<PortalSchema>): Promise<boolean> {
  const owner = await transaction.selectFrom('account').select('id').where('role', '=', 'owner').executeTakeFirst();
  return owner !== undefined;
}
