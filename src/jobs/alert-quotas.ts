import type { AlertPercent, ReachedQuota } from '../applications/quota-alert.ts';
import type { QuotaAlertStore, QuotaMailPolicy } from '../applications/quota-alert-store.ts';
import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import type { Random } from '../platform/random.ts';
import type { QuotaMark, UsageStore } from '../usage/usage-store.ts';
import { type Job, repeat } from './repeat.ts';

export interface QuotaAlertsDeps {
  alerts: Pick<QuotaAlertStore, 'tellOnce' | 'lastToldAtMs'>;
  usage: Pick<UsageStore, 'listMarks'>;
  policy: QuotaMailPolicy;
  clock: Clock;
  random: Random;
  log: Log;
}

const EVERY_MS = 5_000;
/** How far the clock of a verifier may be behind, and a mark be written late. */
const LOOK_BACK_MS = 60_000;
const FIRST_LOOK_BACK_MS = 86_400_000;

/** Looks every few seconds for shares of quotas that verifiers have marked, and tells people of each once. */
export function startQuotaAlerts(deps: QuotaAlertsDeps): Job {
  return repeat({
    everyMs: EVERY_MS,
    work: createQuotaAlerts(deps),
    log: deps.log,
    failure: 'shares of quotas could not be told',
  });
}

/** One look after the other, each from where the one before ended. */
export function createQuotaAlerts(deps: Omit<QuotaAlertsDeps, 'log'>): () => Promise<void> {
  const { alerts, usage, policy, clock, random } = deps;
  let sinceMs: number | null = null;
  return async () => {
    sinceMs ??= Math.max(0, (await alerts.lastToldAtMs()) - FIRST_LOOK_BACK_MS);
    const marks = await usage.listMarks(sinceMs);
    await alerts.tellOnce(marks.map(toReached), policy, random, clock.nowMs());
    const newest = marks.at(-1);
    if (newest) sinceMs = Math.max(sinceMs, newest.at_ms - LOOK_BACK_MS);
  };
}

function toReached(mark: QuotaMark): ReachedQuota {
  return {
    counter: mark.counter,
    windowStartMs: mark.window_start_ms,
    windowEndMs: mark.window_end_ms,
    percent: mark.threshold_percent as AlertPercent,
    subscriptionId: mark.subscription_id,
    quotaName: mark.quota_name,
    operationId: mark.operation_id,
    keyId: mark.key_id,
    used: mark.used,
    limit: mark.quota_calls,
  };
}
