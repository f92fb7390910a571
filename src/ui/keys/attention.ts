import type { Application } from '../../applications/application.ts';
import { type ApiKey, keyStateAt } from '../../keys/api-key.ts';
import type { KeyActivity } from '../../usage/usage.ts';
import { isEndingSoon } from './key-text.ts';

/** Why a key should be looked at; the gravest reason stands first. */
export type Concern = 'leaked' | 'ending' | 'unrestricted';

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

const GRAVITY: Record<Concern, number> = { leaked: 0, ending: 1, unrestricted: 2 };

/** Working keys that were seen in a URL, end within 14 days, or are live and open to every address; gravest first. */
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

function concernsOf(key: ApiKey, leaked: ReadonlySet<string>, nowMs: number): Concern[] {
  const concerns: Concern[] = [];
  if (leaked.has(key.id)) concerns.push('leaked');
  if (isEndingSoon(key, nowMs)) concerns.push('ending');
  if (key.environment === 'live' && key.allowlist.length === 0) concerns.push('unrestricted');
  return concerns;
}
