import type { ApiKey } from '../keys/api-key.ts';
import type { Clock } from '../platform/clock.ts';
import type { TykClient, TykFailure } from './tyk-client.ts';
import type { TykFactsStore } from './tyk-facts-store.ts';
import type { TykKeyStore } from './tyk-key-store.ts';
import { type TykSetup, wantedInTyk } from './tyk-session.ts';

export interface ImportKeyDeps {
  client: TykClient;
  facts: TykFactsStore;
  tykKeys: Pick<TykKeyStore, 'expect' | 'noteImported' | 'noteNotImported'>;
  setup: TykSetup;
  clock: Clock;
  /** Ends after so many ms. */
  pause: (ms: number) => Promise<void>;
}

export type ImportKeyResult = { ok: true } | TykFailure;

/** Pauses between attempts: as long as somebody can be left waiting for the key that he just issued. */
const PAUSES_MS = [300, 900];

/**
 * Hands a token to Tyk while it is in memory, which is only now: afterwards nobody has it, and what Tyk does not have
 * then can only be rotated. Of the token Tyk's hash is kept.
 */
export async function importKey(
  deps: ImportKeyDeps,
  { id }: Pick<ApiKey, 'id'>,
  token: string,
): Promise<ImportKeyResult> {
  const { client, facts, tykKeys, setup, clock } = deps;
  await tykKeys.expect(id, clock.nowMs());
  for (const pauseMs of [...PAUSES_MS, null]) {
    const found = await facts.factsOf(id);
    const wanted = found && wantedInTyk(found, setup, clock.nowMs());
    if (wanted?.kind !== 'kept') return { ok: true };
    const answer = await client.importKey(token, wanted.session);
    if (answer.ok) {
      await tykKeys.noteImported(id, answer.value, clock.nowMs());
      return { ok: true };
    }
    await tykKeys.noteNotImported(id, answer.reason);
    if (pauseMs === null || !mayPass(answer)) return answer;
    await deps.pause(pauseMs);
  }
  return { ok: true };
}

function mayPass({ reason }: TykFailure): boolean {
  return reason === 'unreachable' || reason === 'refused';
}
