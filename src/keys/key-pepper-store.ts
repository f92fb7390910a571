import type { Database } from '../database/database.ts';
import type { PortalSchema } from '../database/schema.ts';
import { type Peppers, UNNAMED_PEPPER_ID } from './pepper.ts';

/** A key whose token was seen: what it is stored under, and what it is to be stored under. */
export interface KeyRehash {
  keyId: string;
  formerHash: Uint8Array;
  tokenHash: Uint8Array;
  pepperId: number;
}

/** Keys that have not ended, by the pepper under which they are stored. */
export interface PepperCounts {
  current: number;
  previous: number;
  /** Nobody can call with these: their pepper is not configured. */
  other: number;
}

/** Under which pepper keys are stored. What a key is and may do does not change with it, so that nothing is audited. */
export interface KeyPepperStore {
  /** Gives rows from before peppers had numbers the number of the pepper that they are under. */
  name(peppers: Peppers): Promise<void>;
  /** Returns how many were moved: those whose token is still the one that was seen. */
  move(rehashes: readonly KeyRehash[]): Promise<number>;
  count(peppers: Peppers, nowMs: number): Promise<PepperCounts>;
}

export function createKeyPepperStore({ kysely }: Database<PortalSchema>): KeyPepperStore {
  return {
    async name({ current, previous }) {
      await kysely
        .updateTable('api_key')
        .set({ pepper_id: (previous ?? current).id })
        .where('pepper_id', '=', UNNAMED_PEPPER_ID)
        .execute();
    },
    move: (rehashes) =>
      kysely.transaction().execute(async (transaction) => {
        let moved = 0n;
        for (const { keyId, formerHash, tokenHash, pepperId } of rehashes) {
          const { numUpdatedRows } = await transaction
            .updateTable('api_key')
            .set({ token_hash: tokenHash, pepper_id: pepperId })
            .where('id', '=', keyId)
            .where('token_hash', '=', formerHash)
            .executeTakeFirst();
          moved += numUpdatedRows;
        }
        return Number(moved);
      }),
    async count({ current, previous }, nowMs) {
      const rows = await kysely
        .selectFrom('api_key')
        .select((row) => ['pepper_id', row.fn.countAll<number | bigint>().as('keys')])
        .where('revoked_at_ms', 'is', null)
        .where((row) => row.or([row('expires_at_ms', 'is', null), row('expires_at_ms', '>', nowMs)]))
        .groupBy('pepper_id')
        .execute();
      const under = (id: number | undefined): number => Number(rows.find((row) => row.pepper_id === id)?.keys ?? 0);
      const all = rows.reduce((sum, { keys }) => sum + Number(keys), 0);
      const counts = { current: under(current.id), previous: under(previous?.id) };
      return { ...counts, other: all - counts.current - counts.previous };
    },
  };
}
