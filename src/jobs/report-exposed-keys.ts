import { type ReportExposedKeyDeps, reportExposedKey } from '../leaked-keys/report-exposed-key.ts';
import type { Log } from '../platform/log.ts';
import type { KeyCallStore } from '../usage/key-call-store.ts';
import { type Job, repeat } from './repeat.ts';

export interface ExposureDeps extends ReportExposedKeyDeps {
  calls: Pick<KeyCallStore, 'exposedSince'>;
  log: Log;
}

/** Teams are to be told within a minute. */
const EVERY_MS = 10 * 1000;
/** Counted calls reach the database a little later than they were made. */
const OVERLAP_MS = 60 * 1000;

/** Looks now and every ten seconds for keys that the verifier saw in a query string. */
export function startExposure(deps: ExposureDeps): Job {
  let sinceMs = 0;
  const work = async (): Promise<void> => {
    const lastMs = await reportExposedKeys(deps, sinceMs);
    sinceMs = Math.max(sinceMs, lastMs - OVERLAP_MS);
  };
  return repeat({ everyMs: EVERY_MS, work, log: deps.log, failure: 'keys in query strings could not be looked for' });
}

/** One look. @returns when the last of them was seen; 0 when there was none */
export async function reportExposedKeys(deps: Omit<ExposureDeps, 'log'>, sinceMs: number): Promise<number> {
  const found = await deps.calls.exposedSince(sinceMs);
  for (const exposed of found) await reportExposedKey(deps, exposed);
  return found.at(-1)?.exposedAtMs ?? 0;
}
