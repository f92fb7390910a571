import { sql } from 'kysely';

import type { Database } from './database.ts';
import type { PortalSchema } from './schema.ts';

/** What the outbox still has to do. */
export interface OutboxBacklog {
  waiting: number;
  /** When the oldest of it was put there; null when nothing waits. */
  oldestAtMs: number | null;
}

export interface OutboxBacklogStore {
  backlog(): Promise<OutboxBacklog>;
}

export function createOutboxBacklogStore({ kysely }: Database<PortalSchema>): OutboxBacklogStore {
  return {
    async backlog() {
      const row = await kysely
        .selectFrom('outbox')
        .select([
          sql<number>`cast(count(*) as bigint)`.as('waiting'),
          sql<number | null>`min(created_at_ms)`.as('oldest'),
        ])
        .where('done_at_ms', 'is', null)
        .executeTakeFirstOrThrow();
      return { waiting: row.waiting, oldestAtMs: row.oldest };
    },
  };
}
