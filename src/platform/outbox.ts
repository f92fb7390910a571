import type { Transaction } from 'kysely';

import type { Database } from './database.ts';
import { type Random, newId } from './random.ts';
import type { PortalSchema } from './schema.ts';

/** Everything the outbox can be asked to do. Payloads hold ids, never tokens: a token is made when the mail is sent. */
export interface OutboxPayloads {
  'mail.verify_email': { accountId: string };
  /** Someone signed up with an address that has an account already. */
  'mail.sign_up_attempt': { accountId: string };
}

export type OutboxKind = keyof OutboxPayloads;

/** Adds work to the caller's transaction: it happens if, and only if, the change is committed. */
export async function enqueue<Kind extends OutboxKind>(
  transaction: Transaction<PortalSchema>,
  item: { kind: Kind; payload: OutboxPayloads[Kind]; random: Random; nowMs: number },
): Promise<void> {
  await transaction
    .insertInto('outbox')
    .values({
      id: newId(item.random, 'out'),
      kind: item.kind,
      payload: JSON.stringify(item.payload),
      created_at_ms: item.nowMs,
      available_at_ms: item.nowMs,
      attempts: 0,
      last_error: null,
      done_at_ms: null,
    })
    .execute();
}

/** One piece of work that is due and now ours until its lease ends. */
export interface ClaimedItem {
  id: string;
  kind: string;
  /** JSON, one of OutboxPayloads. */
  payload: string;
  createdAtMs: number;
  /** This attempt included. */
  attempts: number;
}

export interface OutboxStore {
  /**
   * Takes what is due, oldest first, and hides it from everybody for `leaseMs`: a process that dies meanwhile
   * loses nothing, the work comes back (at least once, never lost).
   */
  claimDue(request: { nowMs: number; leaseMs: number; limit: number }): Promise<readonly ClaimedItem[]>;
  /** Ends the work; `error` names why it was given up, null when it succeeded. */
  finish(id: string, nowMs: number, error: string | null): Promise<void>;
  postpone(id: string, availableAtMs: number, error: string): Promise<void>;
  /** Forgets what ended before `endedBeforeMs`. */
  removeFinished(endedBeforeMs: number): Promise<void>;
}

export function createOutboxStore({ kysely }: Database<PortalSchema>): OutboxStore {
  return {
    async claimDue({ nowMs, leaseMs, limit }) {
      const due = kysely
        .selectFrom('outbox')
        .select('id')
        .where('done_at_ms', 'is', null)
        .where('available_at_ms', '<=', nowMs)
        .orderBy('available_at_ms')
        .limit(limit);
      const rows = await kysely
        .updateTable('outbox')
        .set((expression) => ({ available_at_ms: nowMs + leaseMs, attempts: expression('attempts', '+', 1) }))
        .where('id', 'in', due)
        // Once more for PostgreSQL: a second claimer that waited for the row sees here that it is taken.
        .where('done_at_ms', 'is', null)
        .where('available_at_ms', '<=', nowMs)
        .returning(['id', 'kind', 'payload', 'created_at_ms', 'attempts'])
        .execute();
      return rows.map(({ created_at_ms, ...row }) => ({ ...row, createdAtMs: created_at_ms }));
    },
    async finish(id, nowMs, error) {
      await kysely.updateTable('outbox').set({ done_at_ms: nowMs, last_error: error }).where('id', '=', id).execute();
    },
    async postpone(id, availableAtMs, error) {
      await kysely
        .updateTable('outbox')
        .set({ available_at_ms: availableAtMs, last_error: error })
        .where('id', '=', id)
        .execute();
    },
    async removeFinished(endedBeforeMs) {
      await kysely.deleteFrom('outbox').where('done_at_ms', '<', endedBeforeMs).execute();
    },
  };
}
