import type { Actor, Team } from './account.ts';
import type { AccountStore } from './account-store.ts';

/** The actor's personal team, which every account has. */
export async function findTeam(deps: { accounts: AccountStore }, actor: Actor): Promise<Team> {
  const [team] = await deps.accounts.teamsOf(actor.accountId);
  if (!team) throw new Error(`account ${actor.accountId} has no team`);
  return team;
}
