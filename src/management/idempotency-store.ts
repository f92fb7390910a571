import type { Database } from '../database/database.ts';
import type { PortalSchema } from '../database/schema.ts';

export interface IdempotentRow {
  tokenId: string;
  keyHash: string;
  requestHash: string;
}

export interface KeptRequest {
  requestHash: string;
  startedAtMs: number;
  /** null while it is under way. */
  answer: Uint8Array | null;
}

/** Requests by token and Idempotency-Key; the row decides who of several is the first. */
export interface IdempotencyStore {
  /** True when this request is the first with its key, or the one before has been forgotten. */
  begin(row: IdempotentRow, nowMs: number, expiresAtMs: number): Promise<boolean>;
  find(row: IdempotentRow): Promise<KeptRequest | null>;
  /** Takes over what began at `startedAtMs` and was never answered; false when somebody else did. */
  takeOver(row: IdempotentRow, startedAtMs: number, nowMs: number): Promise<boolean>;
  keep(row: IdempotentRow, startedAtMs: number, answer: Uint8Array): Promise<void>;
  forget(row: IdempotentRow, startedAtMs: number): Promise<void>;
  removeExpired(nowMs: number): Promise<void>;
}

export function createIdempotencyStore({ kysely }: Database<PortalSchema>): IdempotencyStore {
  const unanswered = ({ tokenId, keyHash }: IdempotentRow, startedAtMs: number) =>
    kysely
      .updateTable('idempotent_request')
      .where('token_id', '=', tokenId)
      .where('key_hash', '=', keyHash)
      .where('started_at_ms', '=', startedAtMs)
      .where('answer', 'is', null);
  return {
    begin: ({ tokenId, keyHash, requestHash }, nowMs, expiresAtMs) =>
      kysely.transaction().execute(async (transaction) => {
        await transaction
          .deleteFrom('idempotent_request')
          .where('token_id', '=', tokenId)
          .where('key_hash', '=', keyHash)
          .where('expires_at_ms', '<=', nowMs)
          .execute();
        const begun = await transaction
          .insertInto('idempotent_request')
          .values({
            token_id: tokenId,
            key_hash: keyHash,
            request_hash: requestHash,
            started_at_ms: nowMs,
            expires_at_ms: expiresAtMs,
            answer: null,
          })
          .onConflict((conflict) => conflict.columns(['token_id', 'key_hash']).doNothing())
          .returning('token_id')
          .executeTakeFirst();
        return begun !== undefined;
      }),
    async find({ tokenId, keyHash }) {
      const row = await kysely
        .selectFrom('idempotent_request')
        .select(['request_hash', 'started_at_ms', 'answer'])
        .where('token_id', '=', tokenId)
        .where('key_hash', '=', keyHash)
        .executeTakeFirst();
      return row ? { requestHash: row.request_hash, startedAtMs: row.started_at_ms, answer: row.answer } : null;
    },
    async takeOver(row, startedAtMs, nowMs) {
      const taken = unanswered(row, startedAtMs).set({ started_at_ms: nowMs }).returning('token_id');
      return (await taken.executeTakeFirst()) !== undefined;
    },
    async keep(row, startedAtMs, answer) {
      await unanswered(row, startedAtMs).set({ answer }).execute();
    },
    async forget({ tokenId, keyHash }, startedAtMs) {
      await kysely
        .deleteFrom('idempotent_request')
        .where('token_id', '=', tokenId)
        .where('key_hash', '=', keyHash)
        .where('started_at_ms', '=', startedAtMs)
        .where('answer', 'is', null)
        .execute();
    },
    async removeExpired(nowMs) {
      await kysely.deleteFrom('idempotent_request').where('expires_at_ms', '<=', nowMs).execute();
    },
  };
}
