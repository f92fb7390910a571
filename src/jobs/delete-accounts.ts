import type { Log } from '../platform/log.ts';
import { type DeleteAccountsDeps, deleteDueAccounts } from '../privacy/delete-accounts.ts';

const EVERY_MS = 60 * 60 * 1000;

/** Looks every hour which accounts are to be deleted. */
export function startAccountDeletion(deps: DeleteAccountsDeps & { log: Log }): { stop(): Promise<void> } {
  let running: Promise<unknown> = Promise.resolve();
  const look = (): void => {
    running = running
      .then(() => deleteDueAccounts(deps))
      .catch((error: unknown) => deps.log.error({ err: error }, 'accounts could not be deleted'));
  };
  look();
  const timer = setInterval(look, EVERY_MS);
  return {
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}
