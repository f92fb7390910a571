import type { Log } from '../platform/log.ts';
import { type DeleteAccountsDeps, deleteDueAccounts } from '../privacy/delete-accounts.ts';
import { type Job, repeat } from './repeat.ts';

const EVERY_MS = 60 * 60 * 1000;

/** Looks every hour which accounts are to be deleted. */
export function startAccountDeletion(deps: DeleteAccountsDeps & { log: Log }): Job {
  return repeat({
    everyMs: EVERY_MS,
    work: () => deleteDueAccounts(deps),
    log: deps.log,
    failure: 'accounts could not be deleted',
  });
}
