import type { Log } from '../platform/log.ts';
import { type MovePolicyDeps, advancePolicies } from '../policies/move-policy.ts';

const EVERY_MS = 5_000;

/** Looks every few seconds whether the date of a stage has come. */
export function startPolicies(deps: MovePolicyDeps & { log: Log }): { stop(): Promise<void> } {
  let running = Promise.resolve();
  let isRunning = false;
  const run = (): void => {
    if (isRunning) return;
    isRunning = true;
    running = advancePolicies(deps)
      .then(() => undefined)
      .catch((error: unknown) => deps.log.error({ err: error }, 'security policies could not be moved on'))
      .finally(() => {
        isRunning = false;
      });
  };
  run();
  const timer = setInterval(run, EVERY_MS);
  return {
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}
