import { type Selectable, type Transaction, sql } from 'kysely';

import type { Database } from '../database/database.ts';
import type { Random } from '../platform/random.ts';
import type { PortalSchema } from '../database/schema.ts';
import { noteLoss } from './tyk-loss-store.ts';
import type { HeldBack } from './tyk-session.ts';

/** What is known of a key in Tyk. `lost`: Tyk has forgotten it. `missing`: it never had it. */
export type TykState = 'missing' | 'present' | 'lost' | 'removed';

/** Which keys Tyk has, and which of them are to be looked at. */
export interface TykKeyStore {
  /** Before a token goes to Tyk. What Tyk has under an earlier token of the key is to be forgotten. */
  expect(keyId: string, nowMs: number): Promise<void>;
  /** Tyk has it. It is looked at once more at once: it may have changed meanwhile. */
  noteImported(keyId: string, hash: string, nowMs: number): Promise<void>;
  noteNotImported(keyId: string, problem: string): Promise<void>;
  /** Takes what is due, and keeps it from everybody for `leaseMs`: two writers of one key could overtake each other. */
  claimDue(request: { nowMs: number; leaseMs: number; limit: number }): Promise<readonly ClaimedKey[]>;
  /** Ends a claim. A change of the key since then is not lost: the key stays due. */
  finish(claimed: ClaimedKey, outcome: SyncOutcome, nowMs: number): Promise<void>;
  postpone(claimed: ClaimedKey, problem: string, dueAtMs: number): Promise<void>;
}

export interface ClaimedKey {
  keyId: string;
  hash: string;
  formerHashes: readonly string[];
  state: TykState;
  mark: number;
  syncedMark: number;
  syncedAtMs: number | null;
  /** Before this one. */
  attempts: number;
}

export interface SyncOutcome {
  state: TykState;
  heldBack: HeldBack;
  /** When to look again though nothing changes; null: never. */
  dueAtMs: number | null;
  /** What somebody else had changed in Tyk. */
  drift: readonly string[];
}

type Row = Selectable<PortalSchema['tyk_key']>;

export function createTykKeyStore({ kysely }: Database<PortalSchema>, random: Random): TykKeyStore {
  const ofKey = (keyId: string) => kysely.updateTable('tyk_key').where('key_id', '=', keyId);
  return {
    async expect(keyId, nowMs) {
      await kysely
        .insertInto('tyk_key')
        .values(newRow(keyId, nowMs))
        .onConflict((conflict) =>
          conflict.column('key_id').doUpdateSet({
            former_hashes: sql`trim(tyk_key.former_hashes || ' ' || tyk_key.tyk_hash)`,
            tyk_hash: '',
            state: 'missing',
            since_ms: nowMs,
            mark: sql`tyk_key.mark + 1`,
            due_at_ms: nowMs,
          }),
        )
        .execute();
    },
    async noteImported(keyId, hash, nowMs) {
      await ofKey(keyId)
        .set({ tyk_hash: hash, state: 'present', since_ms: nowMs, problem: '', attempts: 0, due_at_ms: nowMs })
        .set('mark', sql`mark + 1`)
        .execute();
    },
    async noteNotImported(keyId, problem) {
      await ofKey(keyId).set({ problem }).execute();
    },
    async claimDue({ nowMs, leaseMs, limit }) {
      const due = kysely
        .selectFrom('tyk_key')
        .select('key_id')
        .where('due_at_ms', '<=', nowMs)
        .where('leased_until_ms', '<=', nowMs)
        .orderBy('due_at_ms')
        .limit(limit);
      const rows = await kysely
        .updateTable('tyk_key')
        .set({ leased_until_ms: nowMs + leaseMs })
        .where('key_id', 'in', due)
        // Once more for PostgreSQL: a second claimer that waited for the row sees here that it is taken.
        .where('leased_until_ms', '<=', nowMs)
        .returningAll()
        .execute();
      return rows.map(toClaimed);
    },
    finish: (claimed, outcome, nowMs) =>
      kysely.transaction().execute(async (transaction) => {
        const isCurrent = await writeOutcome(transaction, claimed, outcome, nowMs);
        if (isCurrent && outcome.state === 'lost' && claimed.state !== 'lost') {
          await noteLoss(transaction, claimed.keyId, random, nowMs);
        }
        const row = transaction.updateTable('tyk_key').where('key_id', '=', claimed.keyId);
        await row.set({ leased_until_ms: 0 }).execute();
      }),
    async postpone({ keyId, mark }, problem, dueAtMs) {
      await ofKey(keyId)
        .set({ problem, leased_until_ms: 0 })
        .set('attempts', sql`attempts + 1`)
        .set('due_at_ms', (row) => row.case().when('mark', '=', mark).then(dueAtMs).else(row.ref('due_at_ms')).end())
        .execute();
    },
  };
}

/** False when a token that was replaced meanwhile has made another state of it. */
async function writeOutcome(
  transaction: Transaction<PortalSchema>,
  { keyId, mark, state, formerHashes }: ClaimedKey,
  outcome: SyncOutcome,
  nowMs: number,
): Promise<boolean> {
  const drift = outcome.drift.length > 0 ? { drift: outcome.drift.join(' '), drift_at_ms: nowMs } : {};
  const written = await transaction
    .updateTable('tyk_key')
    .where('key_id', '=', keyId)
    .where('tyk_key.state', '=', state)
    .set({
      state: outcome.state,
      held_back: outcome.heldBack,
      ...(outcome.state === 'missing' ? {} : { problem: '' }),
      attempts: 0,
      leased_until_ms: 0,
      synced_mark: mark,
      synced_at_ms: nowMs,
      ...(outcome.state === state ? {} : { since_ms: nowMs }),
      ...(outcome.state === 'removed' ? { tyk_hash: '' } : {}),
      ...drift,
    })
    .set('due_at_ms', (row) =>
      row.case().when('mark', '=', mark).then(outcome.dueAtMs).else(row.ref('due_at_ms')).end(),
    )
    .set('former_hashes', (row) =>
      row.case().when('former_hashes', '=', formerHashes.join(' ')).then('').else(row.ref('former_hashes')).end(),
    )
    .executeTakeFirst();
  return Number(written.numUpdatedRows) > 0;
}

function newRow(keyId: string, nowMs: number): Row {
  return {
    key_id: keyId,
    tyk_hash: '',
    former_hashes: '',
    state: 'missing',
    held_back: '',
    problem: '',
    drift: '',
    drift_at_ms: null,
    since_ms: nowMs,
    synced_at_ms: null,
    mark: 0,
    synced_mark: 0,
    due_at_ms: null,
    attempts: 0,
    leased_until_ms: 0,
  };
}

function toClaimed(row: Row): ClaimedKey {
  return {
    keyId: row.key_id,
    hash: row.tyk_hash,
    formerHashes: row.former_hashes.split(' ').filter((hash) => hash !== ''),
    state: row.state,
    mark: row.mark,
    syncedMark: row.synced_mark,
    syncedAtMs: row.synced_at_ms,
    attempts: row.attempts,
  };
}
