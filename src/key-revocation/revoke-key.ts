import type { Actor } from '../accounts/account.ts';
import type { ChangeKeyResult } from '../keys/api-key.ts';
import { type ChangeKeyDeps, type KeyReference, changeKey } from '../keys/change-key.ts';

/** Ends a key for good, whatever its state. `key_not_active` when it was revoked before: time and reason stay. */
export async function revokeKey(
  deps: ChangeKeyDeps,
  actor: Actor,
  request: KeyReference & { /** May be empty. */ reason: string },
): Promise<ChangeKeyResult> {
  const reason = request.reason === '' ? null : request.reason;
  return changeKey(deps, actor, request, { action: 'key.revoked', details: { reason } }, (audit) =>
    deps.keys.revokeUnlessRevoked(request.keyId, reason, audit),
  );
}
