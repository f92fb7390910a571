import { type ApiKey, isInOverlap } from '../../keys/api-key.ts';
import type { KeyActivity } from '../../usage/usage.ts';

/** A replaced key that still works, and the key that replaced it. */
export interface Succession {
  old: ApiKey;
  successor: ApiKey;
}

const SILENT_MS = 60 * 60 * 1000;

/** The rotation of which `key` is a part, while both keys work; null when there is none. */
export function successionOf(key: ApiKey, keys: readonly ApiKey[], nowMs: number): Succession | null {
  const old = isInOverlap(key, nowMs)
    ? key
    : keys.find((other) => other.replaced?.byKeyId === key.id && isInOverlap(other, nowMs));
  const successor = keys.find(({ id }) => id === old?.replaced?.byKeyId);
  return old && successor ? { old, successor } : null;
}

/**
 * True when nothing seems to need the old key: it was never called; or not for an hour, and its successor was called
 * since, with success.
 */
export function isSafeToEnd(old: KeyActivity | null, successor: KeyActivity | null, nowMs: number): boolean {
  if (!old) return true;
  const isSilent = nowMs - old.lastCalledAtMs >= SILENT_MS;
  return isSilent && (successor?.lastAllowedAtMs ?? 0) > old.lastCalledAtMs;
}
