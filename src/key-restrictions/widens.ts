import { parseCidrs, reachesBeyond } from '../platform/address-ranges.ts';
import { type AllowlistEntry, type KeyRestrictions, operationName } from './key-restrictions.ts';
import { coversReferrer, parseReferrerPattern } from './referrer-pattern.ts';

/**
 * True when some call passes `next` that `current` refuses. Compared is what the lists let through, not how they are
 * written: two halves of a range are the range, and a range inside another adds nothing. Each list is looked at by
 * itself, so that wider methods count even where narrower addresses come with them.
 */
export function widens(current: KeyRestrictions, next: KeyRestrictions): boolean {
  return (
    widensAllowlist(current.allowlist, next.allowlist) ||
    widensNames(current.scopes, next.scopes) ||
    widensNames(withImpliedMethods(current.methods), withImpliedMethods(next.methods)) ||
    widensNames(current.operations.map(operationName), next.operations.map(operationName)) ||
    widensReferrers(current.referrers, next.referrers)
  );
}

/** Without a list also calls pass whose address is not known, so no list is wider than any list. */
function widensAllowlist(current: readonly AllowlistEntry[], next: readonly AllowlistEntry[]): boolean {
  if (current.length === 0 || next.length === 0) return current.length > 0;
  return reachesBeyond(cidrsOf(next), cidrsOf(current));
}

function widensNames(current: readonly string[], next: readonly string[]): boolean {
  if (current.length === 0 || next.length === 0) return current.length > 0;
  return next.some((name) => !current.includes(name));
}

function widensReferrers(current: readonly string[], next: readonly string[]): boolean {
  if (current.length === 0 || next.length === 0) return current.length > 0;
  const known = current.map(parseReferrerPattern).filter((pattern) => pattern !== null);
  return next.some((text) => {
    const pattern = parseReferrerPattern(text);
    return pattern !== null && !known.some((wider) => coversReferrer(wider, pattern));
  });
}

function withImpliedMethods(methods: readonly string[]): readonly string[] {
  return methods.includes('GET') ? [...methods, 'HEAD'] : methods;
}

function cidrsOf(entries: readonly AllowlistEntry[]) {
  return parseCidrs(entries.map(({ cidr }) => cidr));
}
