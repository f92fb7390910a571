import type { TykClient, TykFailure } from './tyk-client.ts';
import { differencesOf } from './tyk-difference.ts';
import type { TykFactsStore } from './tyk-facts-store.ts';
import type { ClaimedKey, SyncOutcome } from './tyk-key-store.ts';
import { type TykKeyFacts, type TykSetup, type Wanted, wantedInTyk } from './tyk-session.ts';

export interface SyncKeyDeps {
  client: TykClient;
  facts: TykFactsStore;
  setup: TykSetup;
}

export type SyncKeyResult = { ok: true; outcome: SyncOutcome } | TykFailure;

/**
 * Brings what Tyk has for one key to what it should have, whatever happened before: doing it twice does no harm. What
 * Tyk has lost cannot be brought back, because the token is nowhere.
 */
export async function syncKey(deps: SyncKeyDeps, claimed: ClaimedKey, nowMs: number): Promise<SyncKeyResult> {
  for (const former of claimed.formerHashes) {
    const removed = await deps.client.removeKey(former);
    if (!removed.ok) return removed;
  }
  const nothing = { heldBack: '', dueAtMs: null, drift: [] } as const;
  if (claimed.hash === '') return { ok: true, outcome: { state: claimed.state, ...nothing } };
  const facts = await deps.facts.factsOf(claimed.keyId);
  const wanted: Wanted = facts ? wantedInTyk(facts, deps.setup, nowMs) : { kind: 'gone' };
  if (wanted.kind === 'gone') {
    const removed = await deps.client.removeKey(claimed.hash);
    return removed.ok ? { ok: true, outcome: { state: 'removed', ...nothing } } : removed;
  }
  const found = await deps.client.readKey(claimed.hash);
  if (!found.ok) return found;
  const lost: SyncOutcome = { state: 'lost', ...nothing };
  if (!found.value) return { ok: true, outcome: lost };
  const differences = differencesOf(wanted.session, found.value);
  if (differences.length > 0) {
    const updated = await deps.client.updateKey(claimed.hash, wanted.session);
    if (!updated.ok) return updated;
    if (!updated.value) return { ok: true, outcome: lost };
  }
  const expiresAtMs = facts?.key.expiresAtMs ?? null;
  const dueAtMs = expiresAtMs !== null && expiresAtMs > nowMs ? expiresAtMs : null;
  const drift = isOurDoing(claimed, facts, nowMs) ? [] : differences;
  return { ok: true, outcome: { state: 'present', heldBack: wanted.heldBack, dueAtMs, drift } };
}

/** A difference is nobody else's when the key changed here, or its end has come, since Tyk last had what it should. */
function isOurDoing({ mark, syncedMark, syncedAtMs }: ClaimedKey, facts: TykKeyFacts | null, nowMs: number): boolean {
  if (mark !== syncedMark || syncedAtMs === null) return true;
  const expiresAtMs = facts?.key.expiresAtMs ?? null;
  return expiresAtMs !== null && expiresAtMs <= nowMs && syncedAtMs < expiresAtMs;
}
