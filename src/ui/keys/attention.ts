import type { Application } from '../../applications/application.ts';
import { type ApiKey, isUnconfirmed, keyStateAt, rotationDueAtMs } from '../../keys/api-key.ts';
import type { KeyActivity } from '../../usage/usage.ts';
import { isEndingSoon, isSoon } from './key-text.ts';

/** Why a key should be looked at; the gravest reason stands first. */
export type Concern = 'leaked' | 'unconfirmed' | 'dormant' | 'ending' | 'replaced' | 'unrestricted';

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
  application: Application;
  key: ApiKey;
  dueAtMs: number;
}

const GRAVITY: Record<Concern, number> = {
  leaked: 0,
  unconfirmed: 1,
  dormant: 2,
  ending: 3,
  replaced: 4,
  unrestricted: 5,
};

/**
 * Working keys that were seen in a URL, wait to be confirmed, end within 14 days, were replaced, or are live and open to
 * every address, and those suspended because nobody used them; gravest first.
 */
export function keysNeedingAttention(applications: readonly ApplicationKeys[], nowMs: number): KeyConcern[] {
  return applications
    .flatMap(({ application, keys, activity }) => {
      const leaked = new Set(
        activity.filter(({ leakedInQueryAtMs }) => leakedInQueryAtMs !== null).map(({ keyId }) => keyId),
      );
      const called = new Set(activity.map(({ keyId }) => keyId));
      const concernsOf = (key: ApiKey): Concern[] => {
        const state = keyStateAt(key, nowMs);
        if (state === 'suspended') return key.suspendCause === 'dormancy' ? ['dormant'] : [];
        return state === 'active' ? concernsOfWorking(key, leaked, called, nowMs) : [];
      };
      return keys.flatMap((key) => concernsOf(key).map((concern) => ({ application, key, concern })));
    })
    .sort((a, b) => GRAVITY[a.concern] - GRAVITY[b.concern]);
}

/** Working keys whose rotation is due within 14 days, or overdue; the longest overdue first. */
export function keysToRotate(
  applications: readonly (Omit<ApplicationKeys, 'activity'> & { planIntervalDays: number | null })[],
  nowMs: number,
): DueKey[] {
  return applications
    .flatMap(({ application, keys, planIntervalDays }) =>
      keys
        .filter((key) => keyStateAt(key, nowMs) === 'active')
        .flatMap((key) => {
          const dueAtMs = rotationDueAtMs(key, planIntervalDays);
          return dueAtMs !== null && (dueAtMs <= nowMs || isSoon(dueAtMs, nowMs))
            ? [{ application, key, dueAtMs }]
            : [];
        }),
    )
    .sort((a, b) => a.dueAtMs - b.dueAtMs);
}

function concernsOfWorking(
  key: ApiKey,
  leaked: ReadonlySet<string>,
  called: ReadonlySet<string>,
  nowMs: number,
): Concern[] {
  const concerns: Concern[] = [];
  if (leaked.has(key.id)) concerns.push('leaked');
  if (isUnconfirmed(key, nowMs) && !called.has(key.id)) concerns.push('unconfirmed');
  if (key.replaced) return [...concerns, 'replaced'];
  if (isEndingSoon(key, nowMs)) concerns.push('ending');
  if (key.environment === 'live' && key.allowlist.length === 0) concerns.push('unrestricted');
  return concerns;
}
