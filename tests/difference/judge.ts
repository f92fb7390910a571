import { compareDocuments } from '../../src/difference/compare-documents.ts';
import type { Difference } from '../../src/difference/difference.ts';
import type { Verdict } from './cases/case.ts';

export interface Pair {
  old: object;
  new: object;
}

export const AT_MS = Date.parse('2026-11-25');

export function differenceOf({ old, new: now }: Pair): Difference {
  return compareDocuments(old as Record<string, unknown>, now as Record<string, unknown>, {
    atMs: AT_MS,
    sunsetDays: 90,
  });
}

export function verdictOf(pair: Pair): Verdict {
  const { counts } = differenceOf(pair);
  if (counts.error > 0) return 'breaks';
  if (counts.warning > 0) return 'may break';
  return counts.info > 0 ? 'safe' : 'nothing';
}

/** Names of all rules that found something. */
export function rulesOf(pair: Pair): string[] {
  const { operations, shared, general } = differenceOf(pair);
  const lists = [...operations, ...shared].flatMap(({ findings }) => findings);
  return [...lists, ...general].map(({ rule }) => rule);
}
