import type { Actor } from '../accounts/account.ts';
import type { ChangeKeyResult } from './api-key.ts';
import { type ChangeKeyDeps, type KeyReference, changeKey } from './change-key.ts';

/** Replaces the IP allowlist of a key that has not ended; it counts from the next call on. */
export async function restrictKey(
  deps: ChangeKeyDeps,
  actor: Actor,
  request: KeyReference & { /** Canonical CIDRs; empty means any address. */ allowlist: readonly string[] },
): Promise<ChangeKeyResult> {
  const { keyId, allowlist } = request;
  return changeKey(deps, actor, request, { action: 'key.restricted', details: { allowlist } }, (audit) =>
    deps.keys.restrictUnlessEnded(keyId, allowlist, audit),
  );
}
