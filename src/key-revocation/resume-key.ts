import type { Actor } from '../accounts/account.ts';
import type { ChangeKeyResult } from '../keys/api-key.ts';
import { type SuspendKeyDeps, type SuspendKeyRequest, changeSuspension } from '../keys/suspend-key.ts';

/** Lets a suspended key work again, for owners. `key_not_active` when it is not suspended or has ended. */
export async function resumeKey(
  deps: SuspendKeyDeps,
  actor: Actor,
  request: SuspendKeyRequest,
): Promise<ChangeKeyResult> {
  return changeSuspension(deps, actor, request, 'key.resumed', (suspension) =>
    deps.suspensions.resumeIfSuspended(suspension, deps.random),
  );
}
