import type { Actor } from '../accounts/account.ts';
import type { ApiKey, ChangeKeyResult } from './api-key.ts';
import { type ChangeKeyDeps, type KeyReference, changeKey } from './change-key.ts';

/** Gives a key another name; a key that was revoked or has expired keeps the one it had. */
export async function renameKey(
  deps: ChangeKeyDeps,
  actor: Actor,
  request: KeyReference & { name: string },
): Promise<ChangeKeyResult> {
  const { keyId, name } = request;
  const what = (current: ApiKey) => ({ action: 'key.renamed', details: { name, before: { name: current.name } } });
  return changeKey(deps, actor, request, what, (audit) => deps.keys.renameUnlessEnded(keyId, name, audit));
}
