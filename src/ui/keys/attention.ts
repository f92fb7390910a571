import type { Application } from '../../applications/application.ts';
import { type ApiKey, keyStateAt, rotationDueAtMs } from '../../keys/api-key.ts';
import type { KeyActivity } from '../../usage/usage.ts';
import { isEndingSoon, isSoon } from './key-text.ts';

/** Why a key should be looked at; the gravest reason stands first. */
export type Concern = 'leaked' | 'ending' | 'replaced' | 'unrestricted';

export interface KeyConcern {
  application: Application;
  key: ApiKey;
  concern: Concern;
}

export interface ApplicationKeys {
  application: Application;
  keys: readonly ApiKey[];
  activity: readonly KeyActivity[];
}

/** A working key that is to be rotated, and when. */
export interface DueKey {
  key: ApiKey;
  dueAtMs: number;
}

const GRAVITY: Record<Concern, number> = { leaked: 0, ending: 1, replaced: 2, unrestricted: 3 };

/** Working keys that were seen in a URL, end within 14 days, were replaced, or are live and open to every address; gravest first. */
export function keysNeedingAttention(applications: readonly ApplicationKeys[], nowMs: number): KeyConcern[] {
  return applications
    .flatMap(({ application, keys, activity }) => {
      const leaked = new Set(
        activity.filter(({ leakedInQueryAtMs }) => leakedInQueryAtMs !== null).map(({ keyId }) => keyId),
      );
      return keys
        .filter((key) => keyStateAt(key, nowMs) === 'active')
        .flatMap((key) => concernsOf(key, leaked, nowMs).map((concern) => ({ application, key, concern })));
    })
    .sort((a, b) => GRAVITY[a.concern] - GRAVITY[b.concern]);
}

/** Working keys whose rotation is due within 14 days, or overdue; the longest overdue first. */
export function keysToRotate(
  applications: readonly { keys: readonly ApiKey[]; planIntervalDays: number | null }[],
  nowMs: number,
): DueKey[] {
  return applications
    .flatMap(({ keys, planIntervalDays }) =>
      keys
        .filter((key) => keyStateAt(key, nowMs) === 'active')
        .flatMap((key) => {
          const dueAtMs = rotationDueAtMs(key, planIntervalDays);
          return dueAtMs !== null && (dueAtMs <= nowMs || isSoon(dueAtMs, nowMs)) ? [{ key, dueAtMs }] : [];
        }),
    )
    .sort((a, b) => a.dueAtMs - b.dueAtMs);
}

function concernsOf(key: ApiKey, leaked: ReadonlySet<string>, nowMs: number): Concern[] {
  const concerns: Concern[] = [];
  if (leaked.has(key.id)) concerns.push('leaked');
  if (key.replaced) return [...concerns, 'replaced'];
  if (isEndingSoon(key, nowMs)) concerns.push('ending');
  if (key.environment === 'live' && key.allowlist.length === 0) concerns.push('unrestricted');
  return concerns;
}
