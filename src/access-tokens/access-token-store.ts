import type { Insertable, Selectable, Transaction } from 'kysely';

import { type AuditRecord, appendAudit } from '../audit/audit-log.ts';
import type { Database } from '../database/database.ts';
import { enqueue } from '../database/outbox.ts';
import type { Random } from '../platform/random.ts';
import type { PortalSchema } from '../database/schema.ts';
import type { AccessScope, AccessToken } from './access-token.ts';
import { toAccount } from '../accounts/account-store.ts';
import { withdrawCommandLineGrants } from '../command-line/command-line-store.ts';
import type { Account } from '../accounts/account.ts';

export interface NewAccessToken {
  accessToken: AccessToken;
  accountId: string;
  tokenHash: string;
  requestId: string;
  /** From where it was made; told by mail. */
  address: string;
}

export type AddAccessTokenOutcome =
  { ok: true } | { ok: false; reason: 'too_many_tokens' } | { ok: false; reason: 'already_issued'; tokenId: string };

/** Each change is one transaction with its audit entry and the mail about it. */
export interface AccessTokenStore {
  /** Newest first. */
  list(accountId: string): Promise<readonly AccessToken[]>;
  /** Whatever its state; null for an account that is suspended or gone. */
  findByHash(tokenHash: string): Promise<{ accessToken: AccessToken; account: Account } | null>;
  /** Adds a token unless its request made one before, or `limit` tokens of the account work. */
  addUnlessFull(token: NewAccessToken, limit: number): Promise<AddAccessTokenOutcome>;
  /** null when the account has no such token that works at `audit.atMs`. */
  revokeIfActive(accountId: string, tokenId: string, reason: string, audit: AuditRecord): Promise<AccessToken | null>;
  /** The same for a token that somebody found, whoever's it is; its account is told. */
  revokeLeaked(tokenHash: string, place: string, nowMs: number): Promise<boolean>;
  /** Remembers a use, unless one of the last minute is remembered already. */
  touch(tokenId: string, address: string, nowMs: number): Promise<void>;
  /** Forgets what was revoked or expired before; the audit log keeps what was done. */
  removeEnded(endedBeforeMs: number): Promise<void>;
}

const TOUCH_EVERY_MS = 60_000;
export const LEAKED_REASON = 'Reported as leaked';

type Row = Selectable<PortalSchema['access_token']>;

export function createAccessTokenStore({ kysely }: Database<PortalSchema>, random: Random): AccessTokenStore {
  return {
    async list(accountId) {
      const rows = await kysely
        .selectFrom('access_token')
        .selectAll()
        .where('account_id', '=', accountId)
        .orderBy('created_at_ms', 'desc')
        .orderBy('id')
        .execute();
      return rows.map(toAccessToken);
    },
    async findByHash(tokenHash) {
      const row = await kysely
        .selectFrom('access_token')
        .selectAll()
        .where('token_hash', '=', tokenHash)
        .executeTakeFirst();
      if (!row) return null;
      const account = await kysely
        .selectFrom('account')
        .selectAll()
        .where('id', '=', row.account_id)
        .where('suspended_at_ms', 'is', null)
        .executeTakeFirst();
      return account ? { accessToken: toAccessToken(row), account: toAccount(account) } : null;
    },
    addUnlessFull: (token, limit) =>
      kysely.transaction().execute((transaction) => addUnlessFull(transaction, token, limit, random)),
    revokeIfActive: (accountId, tokenId, reason, audit) =>
      kysely.transaction().execute(async (transaction) => {
        const row = await working(transaction, audit.atMs)
          .set({ revoked_at_ms: audit.atMs, revoke_reason: reason })
          .where('id', '=', tokenId)
          .where('account_id', '=', accountId)
          .returningAll()
          .executeTakeFirst();
        if (!row) return null;
        await appendAudit(transaction, audit);
        return toAccessToken(row);
      }),
    revokeLeaked: (tokenHash, place, nowMs) =>
      kysely.transaction().execute(async (transaction) => {
        const row = await working(transaction, nowMs)
          .set({ revoked_at_ms: nowMs, revoke_reason: LEAKED_REASON })
          .where('token_hash', '=', tokenHash)
          .returningAll()
          .executeTakeFirst();
        if (!row) return false;
        const { id, account_id: accountId, name } = row;
        const details = { reason: LEAKED_REASON, place };
        const entry = { actor: 'system', action: 'access_token.revoked', subject: id, teamId: null, details };
        await appendAudit(transaction, { ...entry, atMs: nowMs });
        await enqueue(transaction, {
          kind: 'mail.access_token_leaked',
          payload: { accountId, name, place },
          random,
          nowMs,
        });
        return true;
      }),
    async touch(tokenId, address, nowMs) {
      await kysely
        .updateTable('access_token')
        .set({ last_used_at_ms: nowMs, last_used_address: address })
        .where('id', '=', tokenId)
        .where((row) =>
          row.or([row('last_used_at_ms', 'is', null), row('last_used_at_ms', '<=', nowMs - TOUCH_EVERY_MS)]),
        )
        .execute();
    },
    async removeEnded(endedBeforeMs) {
      await kysely
        .deleteFrom('access_token')
        .where((row) => row.or([row('expires_at_ms', '<', endedBeforeMs), row('revoked_at_ms', '<', endedBeforeMs)]))
        .execute();
    },
  };
}

/** Ends every token of an account that works, in the caller's transaction; returns how many there were. */
export async function revokeAccessTokens(
  transaction: Transaction<PortalSchema>,
  accountId: string,
  reason: string,
  nowMs: number,
): Promise<number> {
  await withdrawCommandLineGrants(transaction, accountId);
  const rows = await working(transaction, nowMs)
    .set({ revoked_at_ms: nowMs, revoke_reason: reason })
    .where('account_id', '=', accountId)
    .returning('id')
    .execute();
  for (const { id } of rows) {
    const entry = { actor: accountId, action: 'access_token.revoked', subject: id, teamId: null, details: { reason } };
    await appendAudit(transaction, { ...entry, atMs: nowMs });
  }
  return rows.length;
}

function working(transaction: Transaction<PortalSchema>, nowMs: number) {
  return transaction.updateTable('access_token').where('revoked_at_ms', 'is', null).where('expires_at_ms', '>', nowMs);
}

async function addUnlessFull(
  transaction: Transaction<PortalSchema>,
  { accessToken, accountId, tokenHash, requestId, address }: NewAccessToken,
  limit: number,
  random: Random,
): Promise<AddAccessTokenOutcome> {
  const { id, name, scopes, createdAtMs: nowMs, expiresAtMs } = accessToken;
  // Changes nothing, but makes a second request for the same account wait, so that the limit is exact in parallel.
  await transaction.updateTable('account').set({ id: accountId }).where('id', '=', accountId).execute();
  const own = () => transaction.selectFrom('access_token').where('account_id', '=', accountId);
  const repeated = await own().select('id').where('request_id', '=', requestId).executeTakeFirst();
  if (repeated) return { ok: false, reason: 'already_issued', tokenId: repeated.id };
  const tokens = await own()
    .select('id')
    .where('revoked_at_ms', 'is', null)
    .where('expires_at_ms', '>', nowMs)
    .execute();
  if (tokens.length >= limit) return { ok: false, reason: 'too_many_tokens' };
  await transaction
    .insertInto('access_token')
    .values(toRow(accessToken, accountId, tokenHash, requestId))
    .execute();
  const details = { name, scopes, expiresAtMs, address };
  const entry = { actor: accountId, action: 'access_token.issued', subject: id, teamId: null, details };
  await appendAudit(transaction, { ...entry, atMs: nowMs });
  const payload = { accountId, tokenId: id, address, atMs: nowMs };
  await enqueue(transaction, { kind: 'mail.access_token_issued', payload, random, nowMs });
  return { ok: true };
}

function toRow(
  token: AccessToken,
  accountId: string,
  tokenHash: string,
  requestId: string,
): Insertable<PortalSchema['access_token']> {
  return {
    id: token.id,
    account_id: accountId,
    name: token.name,
    token_hash: tokenHash,
    first_four: token.firstFour,
    last_four: token.lastFour,
    scopes: token.scopes.join(' '),
    request_id: requestId,
    created_at_ms: token.createdAtMs,
    expires_at_ms: token.expiresAtMs,
  };
}

function toAccessToken(row: Row): AccessToken {
  return {
    id: row.id,
    name: row.name,
    firstFour: row.first_four,
    lastFour: row.last_four,
    scopes: row.scopes.split(' ') as AccessScope[],
    createdAtMs: row.created_at_ms,
    expiresAtMs: row.expires_at_ms,
    lastUsedAtMs: row.last_used_at_ms,
    lastUsedAddress: row.last_used_address,
    revokedAtMs: row.revoked_at_ms,
    revokeReason: row.revoke_reason,
  };
}
