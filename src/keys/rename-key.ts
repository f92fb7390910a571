import type { Actor } from '../accounts/account.ts';
import type { ChangeKeyResult } from './api-key.ts';
import { type ChangeKeyDeps, type KeyReference, changeKey } from './change-key.ts';

/** Gives a key another name; a key that was revoked or has expired keeps the one it had. */
export async function renameKey(
  deps: ChangeKeyDeps,
  actor: Actor,
  request: KeyReference & { name: string },
): Promise<ChangeKeyResult> {
  const { keyId, name } = request;
  return changeKey(deps, actor, request, { action: 'key.renamed', details: { name } }, (audit) =>
    deps.keys.renameUnlessEnded(keyId, name, audit),
  );
}
