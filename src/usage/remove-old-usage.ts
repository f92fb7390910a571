import { setTimeout as pause } from 'node:timers/promises';

import type { Clock } from '../platform/clock.ts';
import { DAY_MS } from './time-slots.ts';
import type { UsageRetentionStore } from './usage-retention-store.ts';

export interface UsageRemovalDeps {
  store: UsageRetentionStore;
  /** Days for which calls are kept by the hour, and by the day. */
  keptDays: { hours: number; days: number };
  clock: Clock;
  onError: (error: unknown) => void;
}

const EVERY_MS = 3_600_000;
/** Each step takes about a millisecond; calls have the process in between. */
const BETWEEN_STEPS_MS = 10;
/** Older events are refused, so that a batch which is forgotten cannot be counted again. */
const BATCHES_KEPT_DAYS = 31;
/** The portal moves keys within seconds; this is for one that was not running. */
const REHASHES_KEPT_DAYS = 31;

/** Removes once an hour what is older than it is kept, in small steps. */
export function startUsageRemoval(deps: UsageRemovalDeps): { stop(): Promise<void> } {
  const stopping = new AbortController();
  let running = Promise.resolve();
  const timer = setInterval(() => {
    running = running.then(() => removeOldUsage(deps, stopping.signal)).catch(deps.onError);
  }, EVERY_MS);
  return {
    stop: async () => {
      clearInterval(timer);
      stopping.abort();
      await running;
    },
  };
}

/** Until there is nothing left to remove, or `signal` says to stop. */
export async function removeOldUsage(
  { store, keptDays, clock }: Omit<UsageRemovalDeps, 'onError'>,
  signal: AbortSignal,
  betweenStepsMs = BETWEEN_STEPS_MS,
): Promise<void> {
  const nowMs = clock.nowMs();
  const limits = [
    ['hour', nowMs - keptDays.hours * DAY_MS],
    ['day', nowMs - keptDays.days * DAY_MS],
  ] as const;
  const step = async (): Promise<boolean> => {
    if (!signal.aborted) await pause(betweenStepsMs);
    return !signal.aborted;
  };
  for (let id = await store.nextApplication(''); id !== null && (await step()); id = await store.nextApplication(id))
    for (const [grain, beforeMs] of limits) while ((await store.removeSlot(id, grain, beforeMs)) && (await step()));
  for (let slug = await store.nextApi(''); slug !== null && (await step()); slug = await store.nextApi(slug)) {
    for (const [grain, beforeMs] of limits)
      while ((await store.removeApiSlot(slug, grain, beforeMs)) && (await step()));
    while ((await store.removeCallers(slug, nowMs - keptDays.days * DAY_MS)) && (await step()));
  }
  for (let id = await store.nextKey(''); id !== null && (await step()); id = await store.nextKey(id))
    await store.removeAddresses(id, nowMs - keptDays.days * DAY_MS);
  if (!signal.aborted) await store.removeBatches(nowMs - BATCHES_KEPT_DAYS * DAY_MS);
  if (!signal.aborted) await store.removeRehashes(nowMs - REHASHES_KEPT_DAYS * DAY_MS);
}
