import type { Actor } from '../accounts/account.ts';
import type { ApplicationStore } from '../applications/application-store.ts';
import type { PlanStore } from '../plans/plan-store.ts';
import type { Clock } from '../platform/clock.ts';
import { type Random, newId } from '../platform/random.ts';
import { teamsWith } from '../teams/role.ts';
import { type ApiKey, type IssueKeyResult, KEYS_PER_APPLICATION, cappedExpiryAtMs } from './api-key.ts';
import type { IssueKeyRequest } from './issue-key.form.ts';
import { UNRESTRICTED } from '../key-restrictions/key-restrictions.ts';
import { type IssuedSecret, issueSecret } from './key-secret.ts';
import type { KeyStore } from './key-store.ts';
import { type Peppers, hashToken } from './pepper.ts';

export interface IssueKeyDeps {
  applications: ApplicationStore;
  keys: KeyStore;
  plans: Pick<PlanStore, 'keyRules'>;
  clock: Clock;
  random: Random;
  peppers: Peppers;
  prefix: string;
}

/** Issues a key and returns its token, the only time that the token leaves this function. */
export async function issueKey(
  deps: IssueKeyDeps,
  actor: Actor,
  request: IssueKeyRequest & { applicationId: string },
): Promise<IssueKeyResult> {
  const nowMs = deps.clock.nowMs();
  const application = await deps.applications.find(teamsWith(actor, 'manage'), request.applicationId);
  if (!application) return { ok: false, reason: 'not_found' };
  if (request.environment === 'live' && !actor.emailVerified) return { ok: false, reason: 'email_not_verified' };
  const secret = issueSecret(deps.random, deps.prefix, request.environment);
  const { maxLifetimeDays } = await deps.plans.keyRules(application.id);
  const expiresAtMs = cappedExpiryAtMs(request.expiresAtMs, maxLifetimeDays, nowMs);
  const key = newKey(newId(deps.random, 'key'), { ...request, expiresAtMs }, secret, nowMs);
  const outcome = await deps.keys.addUnlessFull(
    {
      key,
      tokenHash: hashToken(deps.peppers.current, secret.token),
      pepperId: deps.peppers.current.id,
      requestId: request.requestId,
      createdByAccountId: actor.accountId,
    },
    KEYS_PER_APPLICATION,
    {
      atMs: nowMs,
      actor: actor.accountId,
      action: 'key.issued',
      subject: key.id,
      teamId: application.teamId,
      details: { name: key.name, environment: key.environment, expiresAtMs: key.expiresAtMs, allowlist: key.allowlist },
    },
  );
  return outcome.ok ? { ok: true, key, token: secret.token } : outcome;
}

function newKey(
  id: string,
  request: IssueKeyRequest & { applicationId: string },
  secret: IssuedSecret,
  nowMs: number,
): ApiKey {
  return {
    id,
    applicationId: request.applicationId,
    name: request.name,
    environment: request.environment,
    firstFour: secret.firstFour,
    lastFour: secret.lastFour,
    ...UNRESTRICTED,
    allowlist: request.allowlist,
    createdAtMs: nowMs,
    expiresAtMs: request.expiresAtMs,
    suspendedAtMs: null,
    revokedAtMs: null,
    revokeReason: null,
    suspendReason: null,
    replaced: null,
    rotationIntervalDays: null,
    unconfirmedSinceMs: nowMs,
    suspendCause: null,
    resumedAtMs: null,
    exposedAtMs: null,
  };
}
