import type { Actor } from '../accounts/account.ts';
import type { AuditEntry } from '../audit/audit-log.ts';
import type { AuditStore } from '../audit/audit-store.ts';
import type { KeyOfTeam, KeyStore } from '../keys/key-store.ts';

const ENTRIES_SHOWN = 100;

export interface FindKeyForOwnerDeps {
  keys: Pick<KeyStore, 'findWithTeam'>;
  audit: Pick<AuditStore, 'entriesOf'>;
}

export interface KeyForOwner extends KeyOfTeam {
  /** Newest first. */
  history: readonly AuditEntry[];
}

/** Any team's key and what happened to it. For anybody but an owner there is no such key. */
export async function findKeyForOwner(
  deps: FindKeyForOwnerDeps,
  actor: Actor,
  keyId: string,
): Promise<KeyForOwner | null> {
  const found = actor.role === 'owner' ? await deps.keys.findWithTeam(keyId) : null;
  return found && { ...found, history: await deps.audit.entriesOf(keyId, ENTRIES_SHOWN) };
}
