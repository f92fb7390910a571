import type { Clock } from '../platform/clock.ts';
import type { DeletionStore } from './deletion-store.ts';

export interface DeleteAccountsDeps {
  deletions: DeletionStore;
  /** Ends every API key of a team for good, on behalf of an account. */
  revokeKeysOfTeam: (accountId: string, teamId: string, reason: string) => Promise<unknown>;
  clock: Clock;
}

/**
 * Deletes what is due. Keys end first, each with its entry, event and mail; should the process die in between, the next
 * round does the rest.
 * @returns how many accounts
 */
export async function deleteDueAccounts({ deletions, revokeKeysOfTeam, clock }: DeleteAccountsDeps): Promise<number> {
  const nowMs = clock.nowMs();
  let deleted = 0;
  for (const accountId of await deletions.listDue(nowMs)) {
    for (const { id, keys } of await deletions.ownTeams(accountId))
      if (keys > 0) await revokeKeysOfTeam(accountId, id, 'The account was deleted by its owner.');
    if (await deletions.remove(accountId, nowMs)) deleted += 1;
  }
  return deleted;
}
