import type { Actor } from '../accounts/account.ts';
import type { Clock } from '../platform/clock.ts';
import { type AskDeletionResult, deletionDueAtMs } from './deletion.ts';
import type { DeletionStore } from './deletion-store.ts';

/** Signs the account out everywhere; whoever signs in again within two weeks keeps it. */
export async function askDeletion(
  deps: { deletions: DeletionStore; clock: Clock },
  actor: Actor,
): Promise<AskDeletionResult> {
  const nowMs = deps.clock.nowMs();
  if (!(await deps.deletions.ask(actor.accountId, nowMs))) return { ok: false, reason: 'has_obstacles' };
  return { ok: true, dueAtMs: deletionDueAtMs(nowMs) };
}
