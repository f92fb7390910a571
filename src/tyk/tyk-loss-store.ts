import type { Transaction } from 'kysely';

import { tellOfKey } from '../keys/key-event-store.ts';
import { toApiKey } from '../keys/key-row.ts';
import type { Database } from '../database/database.ts';
import { enqueueAll } from '../database/outbox.ts';
import type { Random } from '../platform/random.ts';
import type { PortalSchema } from '../database/schema.ts';

/** Tells owners of keys that Tyk has lost. */
export interface TykLossStore {
  /**
   * Queues a mail to each owner, if keys were lost since the last one, and that was not after `toldBeforeMs`: a Tyk that
   * forgets everything bit by bit makes one mail. @returns true when it did
   */
  tellOwners(toldBeforeMs: number, nowMs: number): Promise<boolean>;
}

export function createTykLossStore({ kysely }: Database<PortalSchema>, random: Random): TykLossStore {
  return {
    tellOwners: (toldBeforeMs, nowMs) =>
      kysely.transaction().execute(async (transaction) => {
        const due = await transaction
          .updateTable('tyk_watch')
          .set({ untold_loss_ms: null, loss_told_at_ms: nowMs })
          .where('untold_loss_ms', 'is not', null)
          .where((row) => row.or([row('loss_told_at_ms', 'is', null), row('loss_told_at_ms', '<=', toldBeforeMs)]))
          .returning('id')
          .executeTakeFirst();
        if (!due) return false;
        const owners = await transaction
          .selectFrom('account')
          .select('id')
          .where('role', '=', 'owner')
          .where('email_verified_at_ms', 'is not', null)
          .where('suspended_at_ms', 'is', null)
          .orderBy('id')
          .execute();
        const payloads = owners.map(({ id: accountId }) => ({ accountId }));
        await enqueueAll(transaction, { kind: 'mail.tyk_keys_lost', payloads, random, nowMs });
        return true;
      }),
  };
}

/** In the transaction in which a key is found lost: its team hears of it, and owners will. */
export async function noteLoss(
  transaction: Transaction<PortalSchema>,
  keyId: string,
  random: Random,
  nowMs: number,
): Promise<void> {
  await transaction
    .updateTable('tyk_watch')
    .set({ untold_loss_ms: nowMs })
    .where('untold_loss_ms', 'is', null)
    .execute();
  const row = await transaction
    .selectFrom('api_key')
    .innerJoin('application', 'application.id', 'api_key.application_id')
    .selectAll('api_key')
    .select('application.team_id')
    .where('api_key.id', '=', keyId)
    .executeTakeFirst();
  if (!row) return;
  const about = { atMs: nowMs, teamId: row.team_id };
  await tellOfKey(transaction, toApiKey(row), 'key.lost_at_gateway', { gateway: 'tyk' }, about, random);
}
