import type { Database } from '../database/database.ts';
import { hmacSha256 } from '../platform/hash.ts';
import type { PortalSchema } from '../database/schema.ts';

export interface PendingSignIn {
  /** `hashPendingToken` of the cookie value. */
  id: string;
  accountId: string;
  expiresAtMs: number;
}

export interface PendingSignInStore {
  start(pending: PendingSignIn): Promise<void>;
  /** The account whose password was right; null for none, expired or suspended. */
  find(id: string, nowMs: number): Promise<string | null>;
  /** False when it had ended already. */
  end(id: string): Promise<boolean>;
  removeExpired(nowMs: number): Promise<void>;
}

/** Hex HMAC-SHA-256, of another kind than that of sessions: neither value is ever good as the other. */
export function hashPendingToken(secret: Uint8Array, token: string): string {
  return Buffer.from(hmacSha256(secret, `pending_sign_in:${token}`)).toString('hex');
}

export function createPendingSignInStore({ kysely }: Database<PortalSchema>): PendingSignInStore {
  return {
    async start({ id, accountId, expiresAtMs }) {
      await kysely
        .insertInto('pending_sign_in')
        .values({ id, account_id: accountId, expires_at_ms: expiresAtMs })
        .execute();
    },
    async find(id, nowMs) {
      const pending = await kysely
        .selectFrom('pending_sign_in')
        .innerJoin('account', 'account.id', 'pending_sign_in.account_id')
        .select('account.id')
        .where('pending_sign_in.id', '=', id)
        .where('pending_sign_in.expires_at_ms', '>', nowMs)
        .where('account.suspended_at_ms', 'is', null)
        .executeTakeFirst();
      return pending?.id ?? null;
    },
    async end(id) {
      const ended = await kysely.deleteFrom('pending_sign_in').where('id', '=', id).returning('id').executeTakeFirst();
      return ended !== undefined;
    },
    async removeExpired(nowMs) {
      await kysely.deleteFrom('pending_sign_in').where('expires_at_ms', '<=', nowMs).execute();
    },
  };
}
