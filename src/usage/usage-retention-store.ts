import type { Database } from '../database/database.ts';
import type { UsageSchema } from '../database/schema.ts';
import { BLOCK_DAYS } from './caller-days.ts';
import { DAY_MS } from './time-slots.ts';

const CALLERS_PER_STEP = 200;

/** What is removed; each call removes little, so that whoever writes calls it between other work. */
export interface UsageRetentionStore {
  /** The next application with statistics after this one, in order; null after the last. */
  nextApplication(after: string): Promise<string | null>;
  nextApi(after: string): Promise<string | null>;
  nextKey(after: string): Promise<string | null>;
  /** Removes the oldest hour or day of an application if it began before that. @returns false when there is none */
  removeSlot(applicationId: string, grain: 'hour' | 'day', beforeMs: number): Promise<boolean>;
  removeApiSlot(apiSlug: string, grain: 'hour' | 'day', beforeMs: number): Promise<boolean>;
  /** Removes some callers of an API in days that are over before that. @returns false when there are none */
  removeCallers(apiSlug: string, beforeMs: number): Promise<boolean>;
  /** Forgets addresses of a key that were not seen since. */
  removeAddresses(keyId: string, beforeMs: number): Promise<void>;
  /** Forgets which batches of events were counted. */
  removeBatches(beforeMs: number): Promise<void>;
  /** Forgets which keys were to be moved to another pepper. */
  removeRehashes(beforeMs: number): Promise<void>;
}

export function createUsageRetentionStore({ kysely }: Database<UsageSchema>): UsageRetentionStore {
  return {
    async nextApplication(after) {
      const row = await kysely
        .selectFrom('call_total')
        .select((row) => row.fn.min('application_id').as('next'))
        .where('application_id', '>', after)
        .executeTakeFirst();
      return row?.next ?? null;
    },
    async nextApi(after) {
      const row = await kysely
        .selectFrom('api_total')
        .select((row) => row.fn.min('api_slug').as('next'))
        .where('api_slug', '>', after)
        .executeTakeFirst();
      return row?.next ?? null;
    },
    async nextKey(after) {
      const row = await kysely
        .selectFrom('key_address')
        .select((row) => row.fn.min('key_id').as('next'))
        .where('key_id', '>', after)
        .executeTakeFirst();
      return row?.next ?? null;
    },
    async removeSlot(applicationId, grain, beforeMs) {
      const oldest = await kysely
        .selectFrom('call_total')
        .select((row) => row.fn.min('start_ms').as('startMs'))
        .where('application_id', '=', applicationId)
        .where('grain', '=', grain)
        .executeTakeFirst();
      if (oldest?.startMs == null || oldest.startMs >= beforeMs) return false;
      await kysely
        .deleteFrom('call_total')
        .where('application_id', '=', applicationId)
        .where('grain', '=', grain)
        .where('start_ms', '=', oldest.startMs)
        .execute();
      return true;
    },
    async removeApiSlot(apiSlug, grain, beforeMs) {
      const oldest = await kysely
        .selectFrom('api_total')
        .select((row) => row.fn.min('start_ms').as('startMs'))
        .where('api_slug', '=', apiSlug)
        .where('grain', '=', grain)
        .executeTakeFirst();
      if (oldest?.startMs == null || oldest.startMs >= beforeMs) return false;
      await kysely
        .deleteFrom('api_total')
        .where('api_slug', '=', apiSlug)
        .where('grain', '=', grain)
        .where('start_ms', '=', oldest.startMs)
        .execute();
      return true;
    },
    async removeCallers(apiSlug, beforeMs) {
      const { numDeletedRows } = await kysely
        .deleteFrom('api_caller')
        .where('api_slug', '=', apiSlug)
        .where((row) =>
          row(
            row.refTuple('block_start_ms', 'application_id', 'key_id', 'version', 'operation_id'),
            'in',
            row
              .selectFrom('api_caller')
              .select(['block_start_ms', 'application_id', 'key_id', 'version', 'operation_id'])
              .where('api_slug', '=', apiSlug)
              .where('block_start_ms', '<', beforeMs - BLOCK_DAYS * DAY_MS)
              .limit(CALLERS_PER_STEP)
              .$asTuple('block_start_ms', 'application_id', 'key_id', 'version', 'operation_id'),
          ),
        )
        .executeTakeFirst();
      return numDeletedRows > 0n;
    },
    async removeAddresses(keyId, beforeMs) {
      await kysely
        .deleteFrom('key_address')
        .where('key_id', '=', keyId)
        .where('last_seen_at_ms', '<', beforeMs)
        .execute();
    },
    async removeBatches(beforeMs) {
      await kysely.deleteFrom('event_batch').where('received_at_ms', '<', beforeMs).execute();
    },
    async removeRehashes(beforeMs) {
      await kysely.deleteFrom('key_rehash').where('at_ms', '<', beforeMs).execute();
    },
  };
}
