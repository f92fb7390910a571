import type { Actor } from '../accounts/account.ts';
import { teamsWith } from '../teams/role.ts';
import type { ChangeKeyResult } from '../keys/api-key.ts';
import { type ChangeKeyDeps, type KeyReference, changeKey } from '../keys/change-key.ts';
import type { KeyConfirmationStore } from './key-confirmation-store.ts';

export interface ConfirmKeyDeps extends ChangeKeyDeps {
  confirmations: Pick<KeyConfirmationStore, 'confirmIfWaiting'>;
}

/** Notes that a token arrived, so that the key is not withdrawn. Confirming once more changes nothing and is fine. */
export async function confirmKey(
  deps: ConfirmKeyDeps,
  actor: Actor,
  reference: KeyReference,
): Promise<ChangeKeyResult> {
  const { applicationId, keyId } = reference;
  const teamIds = teamsWith(actor, 'manage');
  const key = await deps.keys.find(teamIds, applicationId, keyId);
  if (key?.unconfirmedSinceMs === null && key.revokedAtMs === null) return { ok: true, key };
  return changeKey(deps, actor, reference, { action: 'key.confirmed', details: { by: 'hand' } }, async (audit) => {
    const confirmed = await deps.confirmations.confirmIfWaiting(keyId, audit);
    if (confirmed) return confirmed;
    // Somebody else was faster.
    const now = await deps.keys.find(teamIds, applicationId, keyId);
    return now?.revokedAtMs === null ? now : null;
  });
}
