import type { Log } from '../platform/log.ts';
import { type MovePolicyDeps, advancePolicies } from '../policies/move-policy.ts';
import { type Job, repeat } from './repeat.ts';

const EVERY_MS = 5_000;

/** Looks every few seconds whether the date of a stage has come. */
export function startPolicies(deps: MovePolicyDeps & { log: Log }): Job {
  return repeat({
    everyMs: EVERY_MS,
    work: () => advancePolicies(deps),
    log: deps.log,
    failure: 'security policies could not be moved on',
  });
}
