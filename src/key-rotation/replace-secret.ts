import type { Actor } from '../accounts/account.ts';
import type { ApplicationStore } from '../applications/application-store.ts';
import type { Clock } from '../platform/clock.ts';
import type { Random } from '../platform/random.ts';
import { teamsWith } from '../teams/role.ts';
import { type ReplaceSecretResult, isUnconfirmed } from '../keys/api-key.ts';
import type { KeyReference } from '../keys/change-key.ts';
import type { KeyConfirmationStore } from '../key-reminders/key-confirmation-store.ts';
import { issueSecret } from '../keys/key-secret.ts';
import type { KeyStore } from '../keys/key-store.ts';
import { type Peppers, hashToken } from '../keys/pepper.ts';

export interface ReplaceSecretDeps {
  applications: Pick<ApplicationStore, 'find'>;
  keys: Pick<KeyStore, 'find'>;
  confirmations: Pick<KeyConfirmationStore, 'replaceSecretIfWaiting'>;
  /** Whether any call was ever made with the key. */
  wasCalled(key: { id: string; applicationId: string }): Promise<boolean>;
  clock: Clock;
  random: Random;
  peppers: Peppers;
  prefix: string;
}

/**
 * Another token for a key whose first one never arrived. It stays the same key: a rotation that it is part of goes on,
 * and of all tokens that were ever drawn for it only the last works. Refused once it was confirmed or called: somebody
 * has that token then, and a rotation is the way to another one.
 */
export async function replaceSecret(
  deps: ReplaceSecretDeps,
  actor: Actor,
  { applicationId, keyId }: KeyReference,
): Promise<ReplaceSecretResult> {
  const nowMs = deps.clock.nowMs();
  const teamIds = teamsWith(actor, 'manage');
  const application = await deps.applications.find(teamIds, applicationId);
  const key = await deps.keys.find(teamIds, applicationId, keyId);
  if (!application || !key) return { ok: false, reason: 'not_found' };
  if (!isUnconfirmed(key, nowMs) || (await deps.wasCalled(key))) return { ok: false, reason: 'not_replaceable' };
  const secret = issueSecret(deps.random, deps.prefix, key.environment);
  const { firstFour, lastFour, token } = secret;
  const changed = await deps.confirmations.replaceSecretIfWaiting(
    keyId,
    { tokenHash: hashToken(deps.peppers.current, token), pepperId: deps.peppers.current.id, firstFour, lastFour },
    {
      atMs: nowMs,
      actor: actor.accountId,
      action: 'key.secret_replaced',
      subject: keyId,
      teamId: application.teamId,
      details: { formerly: `${key.firstFour}...${key.lastFour}`, now: `${firstFour}...${lastFour}` },
    },
  );
  return changed ? { ok: true, key: changed, token } : { ok: false, reason: 'not_replaceable' };
}
