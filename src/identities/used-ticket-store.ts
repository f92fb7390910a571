import type { Kysely, Transaction } from 'kysely';

import type { Database } from '../database/database.ts';
import type { PortalSchema } from '../database/schema.ts';

export interface UsedTicket {
  id: string;
  expiresAtMs: number;
}

export interface UsedTicketStore {
  use(ticket: UsedTicket): Promise<boolean>;
  removeExpired(nowMs: number): Promise<void>;
}

export function createUsedTicketStore({ kysely }: Database<PortalSchema>): UsedTicketStore {
  return {
    use: (ticket) => useTicket(kysely, ticket),
    async removeExpired(nowMs) {
      await kysely.deleteFrom('used_ceremony').where('expires_at_ms', '<=', nowMs).execute();
    },
  };
}

/** True once for each ticket, also for fifty answers at once: the row decides. */
export async function useTicket(
  database: Kysely<PortalSchema> | Transaction<PortalSchema>,
  { id, expiresAtMs }: UsedTicket,
): Promise<boolean> {
  const used = await database
    .insertInto('used_ceremony')
    .values({ id, expires_at_ms: expiresAtMs })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id')
    .executeTakeFirst();
  return used !== undefined;
}
