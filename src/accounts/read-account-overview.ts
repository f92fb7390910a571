import type { Clock } from '../platform/clock.ts';
import type { FindCountry } from '../platform/country.ts';
import type { AccountOverview, SignedIn } from './account.ts';
import type { EmailChangeStore } from '../email-addresses/email-change-store.ts';
import type { SecondFactorStore } from '../second-step/second-factor-store.ts';
import type { SessionStore } from '../sessions/session-store.ts';

/** How an account can be entered, and from where it has been. */
export async function readAccountOverview(
  deps: {
    sessionStore: SessionStore;
    emailChanges: EmailChangeStore;
    secondFactors: SecondFactorStore;
    clock: Clock;
    findCountry: FindCountry;
  },
  { actor, sessionId }: Pick<SignedIn, 'actor' | 'sessionId'>,
): Promise<AccountOverview> {
  const { accountId } = actor;
  const sessions = await deps.sessionStore.listOf(accountId, deps.clock.nowMs());
  const pending = await deps.emailChanges.find(accountId);
  return {
    sessions: sessions.map((session) => ({
      id: session.id,
      userAgent: session.user_agent,
      address: session.address,
      country: deps.findCountry(session.address),
      signedInAtMs: session.created_at_ms,
      lastUsedAtMs: session.last_used_at_ms,
      isThis: session.id === sessionId,
    })),
    pendingEmail: pending?.email ?? null,
    secondStep: await deps.secondFactors.secondStep(accountId),
    recoveryCodesLeft: await deps.secondFactors.countRecoveryCodes(accountId),
  };
}
