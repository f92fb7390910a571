import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import { type SyncKeyDeps, syncKey } from '../tyk/sync-key.ts';
import type { ClaimedKey, TykKeyStore } from '../tyk/tyk-key-store.ts';
import type { TykLossStore } from '../tyk/tyk-loss-store.ts';
import type { TykWatchStore } from '../tyk/tyk-watch-store.ts';

export interface ProvisionTykDeps extends SyncKeyDeps {
  tykKeys: Pick<TykKeyStore, 'claimDue' | 'finish' | 'postpone'>;
  watch: TykWatchStore;
  losses: TykLossStore;
  clock: Clock;
  log: Log;
}

const EVERY_MS = 1000;
const CHECK_EVERY_MS = 10 * 60 * 1000;
/** Between two mails to owners about lost keys. */
const TOLD_EVERY_MS = 60 * 60 * 1000;
const BATCH_SIZE = 10;
/** Longer than Tyk is waited for, with every call that one key can need. */
const LEASE_MS = 2 * 60 * 1000;
const FIRST_RETRY_MS = 2 * 1000;
const LONGEST_RETRY_MS = 5 * 60 * 1000;

/** Keeps Tyk as it should be until it is stopped: changes within a second, everything every ten minutes. */
export function startTykProvisioning(deps: ProvisionTykDeps): { stop(): Promise<void> } {
  const failed = (error: unknown): void => deps.log.error({ err: error }, 'keys could not be brought to Tyk');
  let isStopped = false;
  let running = deps.watch.changeAll(deps.clock.nowMs()).catch(failed);
  const look = (): void => {
    running = running.then(() => (isStopped ? undefined : provisionTyk(deps))).catch(failed);
  };
  look();
  const timer = setInterval(look, EVERY_MS);
  return {
    async stop() {
      isStopped = true;
      clearInterval(timer);
      await running;
    },
  };
}

/** One look: follows the audit log, begins a comparison when one is due, works off what is due, and tells of losses. */
export async function provisionTyk(deps: ProvisionTykDeps): Promise<void> {
  const nowMs = deps.clock.nowMs();
  while (await deps.watch.follow(nowMs));
  await deps.watch.beginCheck(nowMs - CHECK_EVERY_MS, nowMs);
  await workOff(deps, nowMs);
  await deps.losses.tellOwners(nowMs - TOLD_EVERY_MS, nowMs);
}

async function workOff(deps: ProvisionTykDeps, nowMs: number): Promise<void> {
  for (;;) {
    const claimed = await deps.tykKeys.claimDue({ nowMs, leaseMs: LEASE_MS, limit: BATCH_SIZE });
    if (claimed.length === 0) return;
    const problems = await Promise.all(claimed.map((key) => sync(deps, key)));
    const problem = problems.find((one) => one !== '') ?? '';
    await deps.watch.noteContact(problem, deps.clock.nowMs());
    // Every further key would wait for the same answer.
    if (problems.every((one) => one !== '') || claimed.length < BATCH_SIZE) return;
  }
}

/** '' when it was done. */
async function sync(deps: ProvisionTykDeps, claimed: ClaimedKey): Promise<string> {
  const nowMs = deps.clock.nowMs();
  const result = await syncKey(deps, claimed, nowMs);
  if (result.ok) {
    const { state, drift } = result.outcome;
    if (state === 'lost' && claimed.state !== 'lost') {
      deps.log.warn({ keyId: claimed.keyId }, 'Tyk has lost a key: it has to be rotated');
    }
    if (drift.length > 0)
      deps.log.warn({ keyId: claimed.keyId, drift }, 'a key was changed in Tyk; it is as it was again');
    await deps.tykKeys.finish(claimed, result.outcome, nowMs);
    return '';
  }
  const waitMs = Math.min(FIRST_RETRY_MS * 2 ** Math.min(claimed.attempts, 20), LONGEST_RETRY_MS);
  deps.log.warn({ keyId: claimed.keyId, reason: result.reason }, 'a key could not be brought to Tyk');
  await deps.tykKeys.postpone(claimed, result.reason, nowMs + waitMs);
  return result.reason;
}
