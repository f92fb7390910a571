import type { Actor } from '../accounts/account.ts';
import type { Clock } from '../platform/clock.ts';
import type { Random } from '../platform/random.ts';
import type { ApiKey, ChangeKeyResult } from './api-key.ts';
import type { KeyStore } from './key-store.ts';
import type { KeySuspensionStore, Suspension } from '../key-revocation/key-suspension-store.ts';

export interface SuspendKeyDeps {
  keys: Pick<KeyStore, 'findWithTeam'>;
  suspensions: KeySuspensionStore;
  clock: Clock;
  random: Random;
}

export interface SuspendKeyRequest {
  keyId: string;
  /** Mailed to the team of the key. */
  message: string;
}

/** Pauses any key, for owners; its team is told why. `key_not_active` when it is suspended or has ended. */
export async function suspendKey(
  deps: SuspendKeyDeps,
  actor: Actor,
  request: SuspendKeyRequest,
): Promise<ChangeKeyResult> {
  return changeSuspension(deps, actor, request, 'key.suspended', (suspension) =>
    deps.suspensions.suspendIfActive(suspension, deps.random),
  );
}

/** What suspending and resuming share. For anybody but an owner there is no such key. */
export async function changeSuspension(
  deps: SuspendKeyDeps,
  actor: Actor,
  { keyId, message }: SuspendKeyRequest,
  action: 'key.suspended' | 'key.resumed',
  change: (suspension: Suspension) => Promise<ApiKey | null>,
): Promise<ChangeKeyResult> {
  const nowMs = deps.clock.nowMs();
  const found = actor.role === 'owner' ? await deps.keys.findWithTeam(keyId) : null;
  if (!found) return { ok: false, reason: 'not_found' };
  const { teamId } = found;
  const audit = { atMs: nowMs, actor: actor.accountId, action, subject: keyId, teamId, details: { message } };
  const key = await change({ keyId, teamId, message, audit });
  return key ? { ok: true, key } : { ok: false, reason: 'key_not_active' };
}
