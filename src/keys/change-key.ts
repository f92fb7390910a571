import type { Actor } from '../accounts/account.ts';
import type { ApplicationStore } from '../applications/application-store.ts';
import type { AuditRecord } from '../audit/audit-log.ts';
import type { Clock } from '../platform/clock.ts';
import { teamsWith } from '../teams/role.ts';
import type { ApiKey, ChangeKeyResult } from './api-key.ts';
import type { KeyStore } from './key-store.ts';

export interface ChangeKeyDeps {
  applications: ApplicationStore;
  keys: KeyStore;
  clock: Clock;
}

type AuditWhat = Pick<AuditRecord, 'action' | 'details'>;

/** Which key, as the URL names it. */
export interface KeyReference {
  applicationId: string;
  keyId: string;
}

/**
 * What renaming, restricting and revoking share: the key must be the actor's own, the store decides in one step
 * whether its state allows the change, and the audit entry goes with it.
 * @param change returns null when the key's state does not allow it
 */
export async function changeKey(
  deps: ChangeKeyDeps,
  actor: Actor,
  { applicationId, keyId }: KeyReference,
  what: AuditWhat | ((current: ApiKey) => AuditWhat),
  change: (audit: AuditRecord) => Promise<ApiKey | null>,
): Promise<ChangeKeyResult> {
  const nowMs = deps.clock.nowMs();
  const teamIds = teamsWith(actor, 'manage');
  const application = await deps.applications.find(teamIds, applicationId);
  const current = application && (await deps.keys.find(teamIds, applicationId, keyId));
  if (!application || !current) return { ok: false, reason: 'not_found' };
  const key = await change({
    ...(typeof what === 'function' ? what(current) : what),
    atMs: nowMs,
    actor: actor.accountId,
    subject: keyId,
    teamId: application.teamId,
  });
  return key ? { ok: true, key } : { ok: false, reason: 'key_not_active' };
}
