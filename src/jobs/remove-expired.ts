import type { AccessTokenStore } from '../access-tokens/access-token-store.ts';
import type { AllowanceStore } from '../accounts/allowance-store.ts';
import type { EmailChangeStore } from '../email-addresses/email-change-store.ts';
import type { OneTimeTokenStore } from '../email-addresses/one-time-token-store.ts';
import type { PendingSignInStore } from '../sign-in/pending-sign-in-store.ts';
import type { SessionStore } from '../sessions/session-store.ts';
import type { SignInFailureStore } from '../sign-in/sign-in-failure-store.ts';
import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import type { OutboxStore } from '../database/outbox.ts';

export interface RemovalDeps {
  sessions: SessionStore;
  pendingSignIns: PendingSignInStore;
  tokens: OneTimeTokenStore;
  failures: SignInFailureStore;
  allowances: AllowanceStore;
  emailChanges: EmailChangeStore;
  accessTokens: Pick<AccessTokenStore, 'removeEnded'>;
  /** Answered challenges. */
  usedTickets: { removeExpired(nowMs: number): Promise<void> };
  /** Of the management API. */
  idempotentRequests: { removeExpired(nowMs: number): Promise<void> };
  outbox: OutboxStore;
  clock: Clock;
  log: Log;
}

const EVERY_MS = 60 * 60 * 1000;
const EMAIL_CHANGE_KEPT_MS = 24 * 60 * 60 * 1000;
const ENDED_TOKENS_KEPT_MS = 90 * 24 * 60 * 60 * 1000;
const DELIVERED_KEPT_MS = 7 * 24 * 60 * 60 * 1000;

/** Removes every hour what has no effect any more. */
export function startRemoval(deps: RemovalDeps): { stop(): void } {
  const timer = setInterval(() => {
    removeExpired(deps).catch((error: unknown) => deps.log.error({ err: error }, 'expired rows could not be removed'));
  }, EVERY_MS);
  return { stop: () => clearInterval(timer) };
}

export async function removeExpired(deps: Omit<RemovalDeps, 'log'>): Promise<void> {
  const nowMs = deps.clock.nowMs();
  await deps.sessions.removeExpired(nowMs);
  await deps.pendingSignIns.removeExpired(nowMs);
  await deps.tokens.removeExpired(nowMs);
  await deps.failures.removeForgotten(nowMs);
  await deps.allowances.removeRefilled(nowMs);
  await deps.emailChanges.removeOld(nowMs - EMAIL_CHANGE_KEPT_MS);
  await deps.accessTokens.removeEnded(nowMs - ENDED_TOKENS_KEPT_MS);
  await deps.usedTickets.removeExpired(nowMs);
  await deps.idempotentRequests.removeExpired(nowMs);
  await deps.outbox.removeFinished(nowMs - DELIVERED_KEPT_MS);
}
