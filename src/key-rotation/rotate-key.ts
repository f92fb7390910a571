import type { Actor } from '../accounts/account.ts';
import type { ApplicationStore } from '../applications/application-store.ts';
import type { PlanStore } from '../plans/plan-store.ts';
import type { Clock } from '../platform/clock.ts';
import { type Random, newId } from '../platform/random.ts';
import { teamsWith } from '../teams/role.ts';
import {
  type ApiKey,
  KEYS_PER_APPLICATION,
  type RotateKeyResult,
  overlapEndsAtMs,
  successorOf,
} from '../keys/api-key.ts';
import type { KeyReference } from '../keys/change-key.ts';
import type { KeyRotationStore, Succession } from './key-rotation-store.ts';
import { type IssuedSecret, issueSecret } from '../keys/key-secret.ts';
import type { KeyStore } from '../keys/key-store.ts';
import type { RotateKeyRequest } from './rotate-key.form.ts';
import { type Peppers, hashToken } from '../keys/pepper.ts';

export interface RotateKeyDeps {
  applications: Pick<ApplicationStore, 'find'>;
  keys: Pick<KeyStore, 'find'>;
  rotations: KeyRotationStore;
  plans: Pick<PlanStore, 'keyRules'>;
  clock: Clock;
  random: Random;
  peppers: Peppers;
  prefix: string;
}

/**
 * Replaces a key: the successor works at once, the old key until the overlap ends or its own expiry comes.
 * The successor keeps name, environment, allowlist and rotation interval, and lives as long as the old key was meant
 * to, counted from now. Quota and rate limit belong to the subscription, so they go on as they are.
 * A suspended key cannot be rotated: that would lift the suspension. A successor whose token was lost is rotated in
 * its turn, at once.
 */
export async function rotateKey(
  deps: RotateKeyDeps,
  actor: Actor,
  request: KeyReference & RotateKeyRequest,
): Promise<RotateKeyResult> {
  const nowMs = deps.clock.nowMs();
  const { applicationId, keyId, requestId, overlapMs } = request;
  const teamIds = teamsWith(actor, 'manage');
  const application = await deps.applications.find(teamIds, applicationId);
  const key = await deps.keys.find(teamIds, applicationId, keyId);
  if (!application || !key) return { ok: false, reason: 'not_found' };
  if (key.environment === 'live' && !actor.emailVerified) return { ok: false, reason: 'email_not_verified' };
  const rules = await deps.plans.keyRules(applicationId);
  if (overlapMs > rules.overlapMaxMs) return { ok: false, reason: 'overlap_too_long', maxMs: rules.overlapMaxMs };
  const secret = issueSecret(deps.random, deps.prefix, key.environment);
  const successorId = newId(deps.random, 'key');
  const tokenHash = hashToken(deps.peppers.current, secret.token);
  const outcome = await deps.rotations.replace({
    applicationId,
    keyId,
    requestId,
    nowMs,
    overlapLimit: KEYS_PER_APPLICATION,
    succeed: (current) =>
      succession(
        current,
        { id: successorId, secret, tokenHash, pepperId: deps.peppers.current.id, ...rules },
        actor,
        application.teamId,
        request,
        nowMs,
      ),
  });
  if (!outcome.ok) return outcome;
  return { ok: true, key: outcome.successor.key, token: secret.token, oldKeyEndsAtMs: outcome.oldKeyEndsAtMs };
}

interface Issued {
  id: string;
  secret: IssuedSecret;
  tokenHash: Uint8Array;
  pepperId: number;
  maxLifetimeDays: number | null;
}

function succession(
  current: ApiKey,
  { id, secret, tokenHash, pepperId, maxLifetimeDays }: Issued,
  actor: Actor,
  teamId: string,
  { overlapMs, requestId }: RotateKeyRequest,
  nowMs: number,
): Succession {
  const { firstFour, lastFour } = secret;
  const key = successorOf(current, { id, firstFour, lastFour }, nowMs, maxLifetimeDays);
  const oldKeyEndsAtMs = overlapEndsAtMs(current, overlapMs, nowMs);
  const entry = { atMs: nowMs, actor: actor.accountId, teamId };
  const { name, environment, expiresAtMs, allowlist } = key;
  return {
    successor: { key, tokenHash, pepperId, requestId, createdByAccountId: actor.accountId },
    oldKeyEndsAtMs,
    audits: [
      {
        ...entry,
        action: 'key.rotated',
        subject: current.id,
        details: { successorKeyId: id, endsAtMs: oldKeyEndsAtMs, formerExpiresAtMs: current.expiresAtMs },
      },
      {
        ...entry,
        action: 'key.issued',
        subject: id,
        details: { name, environment, expiresAtMs, allowlist, replacesKeyId: current.id },
      },
    ],
  };
}
