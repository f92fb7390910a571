import type { TykSession } from './tyk-session.ts';

/**
 * The fields in which a session that Tyk gave differs from the one it should be; none when everything we write is as
 * written. What Tyk adds by itself, such as what is left of a quota, does not count; rights and meta data do.
 */
export function differencesOf(wanted: TykSession, found: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(wanted)
    .filter(([name, value]) => !matches(value, found[name], EXACT.has(name)))
    .map(([name]) => name);
}

/** Objects in which an entry that we did not write is one too many: it could open something. */
const EXACT = new Set(['access_rights', 'meta_data']);

function matches(wanted: unknown, found: unknown, isExact: boolean): boolean {
  if (Array.isArray(wanted)) {
    return (
      Array.isArray(found) &&
      found.length === wanted.length &&
      wanted.every((value, index) => matches(value, found[index], false))
    );
  }
  if (typeof wanted !== 'object' || wanted === null) return wanted === found;
  if (typeof found !== 'object' || found === null) return false;
  const entries = Object.entries(wanted);
  if (isExact && Object.keys(found).length !== entries.length) return false;
  return entries.every(([name, value]) => matches(value, (found as Record<string, unknown>)[name], false));
}
