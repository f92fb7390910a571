import type { Actor } from '../accounts/account.ts';
import type { Clock } from '../platform/clock.ts';
import type { OwnerStore } from './owner-store.ts';
import type { RemoveOwnerResult, SuspendResult, SuspendableKind } from './suspension.ts';
import type { SuspensionStore } from './suspension-store.ts';

export interface SuspendDeps {
  suspensions: SuspensionStore;
  clock: Clock;
}

export interface SuspendRequest {
  kind: SuspendableKind;
  id: string;
  message: string;
}

/**
 * Pauses an account, a team or an application, for owners. An account is signed out everywhere and its access tokens
 * end; keys of a team or an application are refused from their next call on. For anybody else nothing is there.
 */
export async function suspend(deps: SuspendDeps, actor: Actor, request: SuspendRequest): Promise<SuspendResult> {
  if (actor.role !== 'owner') return { ok: false, reason: 'not_found' };
  return deps.suspensions.suspend({ ...request, byAccountId: actor.accountId, nowMs: deps.clock.nowMs() });
}

/** Lets it go on; what ended stays ended, such as sessions. */
export async function resume(deps: SuspendDeps, actor: Actor, request: SuspendRequest): Promise<SuspendResult> {
  if (actor.role !== 'owner') return { ok: false, reason: 'not_found' };
  return deps.suspensions.resume({ ...request, byAccountId: actor.accountId, nowMs: deps.clock.nowMs() });
}

/** Also oneself, as long as another owner is left who can act. */
export async function removeOwner(
  deps: { owners: OwnerStore; clock: Clock },
  actor: Actor,
  accountId: string,
): Promise<RemoveOwnerResult> {
  if (actor.role !== 'owner') return { ok: false, reason: 'not_found' };
  return deps.owners.remove({ accountId, byAccountId: actor.accountId, nowMs: deps.clock.nowMs() });
}
