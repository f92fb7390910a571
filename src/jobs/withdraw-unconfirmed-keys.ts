import { CONFIRM_WITHIN_MS } from '../keys/api-key.ts';
import type { KeyConfirmationStore, WaitingKey } from '../key-reminders/key-confirmation-store.ts';
import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import type { Random } from '../platform/random.ts';
import { type Job, repeat } from './repeat.ts';

export interface WithdrawalDeps {
  confirmations: KeyConfirmationStore;
  /** Whether any call was ever made with the key. */
  wasCalled(key: { id: string; applicationId: string }): Promise<boolean>;
  clock: Clock;
  random: Random;
  log: Log;
}

const EVERY_MS = 30 * 1000;
/** Longer than counted calls take to reach the database. */
const GRACE_MS = 15 * 1000;
const KEYS_PER_LOOK = 200;
const REASON = 'Nobody confirmed within 15 minutes that its token arrived, and it was never called';

/** Withdraws now and every half minute the keys whose token was lost on its way. */
export function startWithdrawal(deps: WithdrawalDeps): Job {
  return repeat({
    everyMs: EVERY_MS,
    work: () => withdrawUnconfirmedKeys(deps),
    log: deps.log,
    failure: 'unconfirmed keys could not be withdrawn',
  });
}

/** One look: what was called is confirmed by that, the rest is revoked. */
export async function withdrawUnconfirmedKeys(deps: Omit<WithdrawalDeps, 'log'>): Promise<void> {
  const nowMs = deps.clock.nowMs();
  const untilMs = nowMs - CONFIRM_WITHIN_MS - GRACE_MS;
  for (;;) {
    const found = await deps.confirmations.listWaiting(untilMs, nowMs, KEYS_PER_LOOK);
    for (const waiting of found) await settle(deps, waiting, nowMs);
    if (found.length < KEYS_PER_LOOK) return;
  }
}

async function settle(deps: Omit<WithdrawalDeps, 'log'>, { key, teamId }: WaitingKey, nowMs: number): Promise<void> {
  if (await deps.wasCalled(key)) {
    const entry = { atMs: nowMs, actor: 'system', teamId, subject: key.id };
    await deps.confirmations.confirmIfWaiting(key.id, { ...entry, action: 'key.confirmed', details: { by: 'call' } });
    return;
  }
  const { id: keyId, applicationId } = key;
  await deps.confirmations.withdrawIfWaiting({ keyId, applicationId, teamId, reason: REASON, nowMs }, deps.random);
}
