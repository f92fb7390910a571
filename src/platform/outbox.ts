import type { Transaction } from 'kysely';

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
