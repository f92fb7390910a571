import type { Actor } from '../accounts/account.ts';
import type { AuditEntry } from '../audit/audit-log.ts';
import type { AuditStore } from '../audit/audit-store.ts';
import type { KeyReference } from './change-key.ts';
import type { KeyStore } from './key-store.ts';

const ENTRIES_SHOWN = 100;

export interface ReadKeyHistoryDeps {
  keys: KeyStore;
  audit: Pick<AuditStore, 'entriesOf'>;
}

/** What happened to a key, newest first; nothing for a key that is absent or another team's. */
export async function readKeyHistory(
  deps: ReadKeyHistoryDeps,
  actor: Actor,
  { applicationId, keyId }: KeyReference,
): Promise<readonly AuditEntry[]> {
  const key = await deps.keys.find(actor.teamIds, applicationId, keyId);
  return key ? deps.audit.entriesOf(key.id, ENTRIES_SHOWN) : [];
}
