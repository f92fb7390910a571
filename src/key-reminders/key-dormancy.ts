import type { DormancyRule } from '../plans/plan.ts';
import { type ApiKey, DAY_MS } from '../keys/api-key.ts';

/** A team has this long after it was told before its key is suspended. */
export const DORMANCY_NOTICE_MS = 14 * DAY_MS;

/**
 * When a key is dormant: so many days after it was last called, or issued or resumed if that was later. It starts
 * anew with every call.
 */
export function dormantAtMs(
  key: Pick<ApiKey, 'createdAtMs' | 'resumedAtMs'>,
  lastCalledAtMs: number | null,
  { days }: Pick<DormancyRule, 'days'>,
): number {
  return Math.max(key.createdAtMs, key.resumedAtMs ?? 0, lastCalledAtMs ?? 0) + days * DAY_MS;
}
