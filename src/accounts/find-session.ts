import type { Clock } from '../platform/clock.ts';
import type { SignedIn } from './account.ts';
import type { AccountStore } from './account-store.ts';
import type { Sessions } from './sessions.ts';

/** Who is signed in with a cookie value, and what they may see; null for none, expired or suspended. */
export async function findSession(
  deps: { sessions: Sessions; accounts: AccountStore; clock: Clock },
  sessionToken: string,
): Promise<SignedIn | null> {
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
  return { actor, account, sessionId, renewedUntilMs };
}
