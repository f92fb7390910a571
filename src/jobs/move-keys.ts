import type { KeyPepperStore } from '../keys/key-pepper-store.ts';
import type { Pepper } from '../keys/pepper.ts';
import type { Log } from '../platform/log.ts';
import type { KeyRehashStore } from '../usage/key-rehash-store.ts';
import { type Job, repeat } from './repeat.ts';

export interface KeyMovesDeps {
  rehashes: KeyRehashStore;
  keyPeppers: Pick<KeyPepperStore, 'move'>;
  /** The current pepper: what verifiers with another one have learnt is not for this portal. */
  pepper: Pick<Pepper, 'id'>;
  log: Log;
}

const EVERY_MS = 5_000;
const KEYS_AT_ONCE = 200;
/** What was learnt earlier may be written later than what was learnt after it: by this much at most. */
const OVERLAP_MS = 60_000;

/** Moves keys whose calls were seen to the current pepper; begins with everything that was ever learnt. */
export function startKeyMoves(deps: KeyMovesDeps): Job {
  let sinceMs = 0;
  const work = async (): Promise<void> => {
    const lastMs = await moveKeys(deps, sinceMs);
    sinceMs = Math.max(sinceMs, lastMs - OVERLAP_MS);
  };
  return repeat({ everyMs: EVERY_MS, work, log: deps.log, failure: 'keys could not be moved to the current pepper' });
}

/** One look; what was moved once is not moved again. @returns when the last of them was seen; 0 when there was none */
async function moveKeys({ rehashes, keyPeppers, pepper }: KeyMovesDeps, sinceMs: number): Promise<number> {
  const rows = await rehashes.since(sinceMs);
  const moves = rows
    .filter((row) => row.pepper_id === pepper.id)
    .map((row) => ({
      keyId: row.key_id,
      formerHash: Buffer.from(row.former_hash, 'hex'),
      tokenHash: Buffer.from(row.token_hash, 'hex'),
      pepperId: row.pepper_id,
    }));
  for (let start = 0; start < moves.length; start += KEYS_AT_ONCE)
    await keyPeppers.move(moves.slice(start, start + KEYS_AT_ONCE));
  return rows.at(-1)?.at_ms ?? 0;
}
