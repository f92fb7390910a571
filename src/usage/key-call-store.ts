import type { Database } from '../database/database.ts';
import type { UsageSchema } from '../database/schema.ts';
import { readInChunks } from '../platform/chunks.ts';

/** What jobs ask about the calls of keys, whoever's they are. */
export interface KeyCallStore {
  /** When each of these keys was last called; keys that never were are missing. */
  lastCalls(keyIds: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** Keys whose whole token stood in a query string at `sinceMs` or later, the earliest first. */
  exposedSince(sinceMs: number): Promise<readonly ExposedKey[]>;
}

export interface ExposedKey {
  keyId: string;
  /** The last time. */
  exposedAtMs: number;
}

export function createKeyCallStore({ kysely }: Database<UsageSchema>): KeyCallStore {
  return {
    async lastCalls(keyIds) {
      const rows = await readInChunks(keyIds, (ids) =>
        kysely.selectFrom('key_activity').select(['key_id', 'last_called_at_ms']).where('key_id', 'in', ids).execute(),
      );
      return new Map(rows.map((row) => [row.key_id, row.last_called_at_ms]));
    },
    async exposedSince(sinceMs) {
      const rows = await kysely
        .selectFrom('key_activity')
        .select(['key_id', 'leaked_in_query_at_ms'])
        .$narrowType<{ leaked_in_query_at_ms: number }>()
        .where('leaked_in_query_at_ms', 'is not', null)
        .where('leaked_in_query_at_ms', '>=', sinceMs)
        .orderBy('leaked_in_query_at_ms')
        .execute();
      return rows.map((row) => ({ keyId: row.key_id, exposedAtMs: row.leaked_in_query_at_ms }));
    },
  };
}
