import type { Clock } from '../platform/clock.ts';
import type { SecondStepFor } from '../settings/sign-in-settings.ts';
import { type SignedIn, asksForSecondStep } from '../accounts/account.ts';
import type { AccountStore } from '../accounts/account-store.ts';
import type { SecondFactorStore } from '../second-step/second-factor-store.ts';
import type { Sessions } from './sessions.ts';

export interface FindSessionDeps {
  sessions: Sessions;
  accounts: AccountStore;
  secondFactors: Pick<SecondFactorStore, 'isPasswordAlone'>;
  clock: Clock;
  secondStepFor: SecondStepFor;
}

/** Who is signed in with a cookie value, and what they may see; null for none, expired or suspended. */
export async function findSession(deps: FindSessionDeps, sessionToken: string): Promise<SignedIn | null> {
  const found = await deps.sessions.find(sessionToken, deps.clock.nowMs());
  if (!found) return null;
  const { id: sessionId, account, signedInAtMs, isFresh, renewedUntilMs } = found;
  const teams = await deps.accounts.teamsOf(account.id);
  const actor = {
    accountId: account.id,
    email: account.email,
    // An owner’s session that is old, or was left alone, is that of a developer until the password is typed again.
    role: isFresh ? account.role : ('developer' as const),
    emailVerified: account.emailVerifiedAtMs !== null,
    teamIds: teams.map((team) => team.id),
    teamRoles: new Map(teams.map(({ id, role }) => [id, role] as const)),
    signedInAtMs,
  };
  const mustAddSecondStep =
    asksForSecondStep(deps.secondStepFor, account.role) && (await deps.secondFactors.isPasswordAlone(account.id));
  return { actor, account, sessionId, mustAddSecondStep, renewedUntilMs };
}
