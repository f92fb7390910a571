import type { Clock } from '../platform/clock.ts';
import { sha256Hex } from '../platform/hash.ts';
import type { Random } from '../platform/random.ts';
import type { Begun, IdempotentCall } from './gate.ts';
import type { IdempotencyStore, IdempotentRow } from './idempotency-store.ts';
import { openAnswer, sealAnswer } from './sealed-answer.ts';

export interface IdempotencyDeps {
  requests: IdempotencyStore;
  clock: Clock;
  random: Random;
}

/** How long an answer can be asked for again. */
export const ANSWER_KEPT_MS = 24 * 60 * 60 * 1000;
/** Longer than a call can take: whoever has begun and not answered by then has been interrupted. */
export const INTERRUPTED_AFTER_MS = 60 * 1000;

/** Claims an Idempotency-Key (draft-ietf-httpapi-idempotency-key-header), or says what became of its first request. */
export async function beginIdempotent(deps: IdempotencyDeps, call: IdempotentCall): Promise<Begun> {
  const nowMs = deps.clock.nowMs();
  const row = rowOf(call);
  if (await deps.requests.begin(row, nowMs, nowMs + ANSWER_KEPT_MS)) return { state: 'first', startedAtMs: nowMs };
  const kept = await deps.requests.find(row);
  // Refused a moment ago, and forgotten: for whoever sends it again it is as if it were under way.
  if (!kept) return { state: 'running' };
  if (kept.requestHash !== call.requestHash) return { state: 'other_request' };
  if (kept.answer) return { state: 'done', answer: openAnswer(call, kept.answer) };
  const isInterrupted = kept.startedAtMs <= nowMs - INTERRUPTED_AFTER_MS;
  if (!isInterrupted || !(await deps.requests.takeOver(row, kept.startedAtMs, nowMs))) return { state: 'running' };
  return { state: 'again', startedAtMs: nowMs };
}

export async function finishIdempotent(
  deps: IdempotencyDeps,
  call: IdempotentCall,
  startedAtMs: number,
  answer: string | null,
): Promise<void> {
  const row = rowOf(call);
  if (answer === null) await deps.requests.forget(row, startedAtMs);
  else await deps.requests.keep(row, startedAtMs, sealAnswer(call, answer, deps.random));
}

function rowOf({ tokenId, key, requestHash }: IdempotentCall): IdempotentRow {
  return { tokenId, keyHash: sha256Hex(key), requestHash };
}
