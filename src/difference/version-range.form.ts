import { z } from 'zod';

import { type Level, LEVELS } from './rule.ts';

/** Two versions of an API, the older one first. */
export interface VersionRange {
  from: string;
  to: string;
}

/** Reads `v1...v2`; null unless both are among the versions. Names of versions hold no `...`. */
export function parseVersionRange(text: string, versions: readonly string[]): VersionRange | null {
  const [from, to, ...more] = text.split('...');
  if (from === undefined || to === undefined || more.length > 0) return null;
  return versions.includes(from) && versions.includes(to) ? { from, to } : null;
}

/** Two versions that were chosen in a form; null when none were, or they are not there. */
export function readChosenRange(query: URLSearchParams, versions: readonly string[]): VersionRange | null {
  const [from, to] = [query.get('from') ?? '', query.get('to') ?? ''];
  return parseVersionRange(`${from}...${to}`, versions);
}

/** What of a difference is shown; `level: null` for everything. */
export interface DifferenceView {
  level: Level | null;
  /** From 1. */
  page: number;
}

const view = z.object({
  level: z
    .enum(LEVELS as [Level, ...Level[]])
    .nullable()
    .catch(null),
  page: z.coerce.number().int().min(1).max(10_000).catch(1),
});

/** Reads an address; what is not a known word or number changes nothing. */
export function readDifferenceView(query: URLSearchParams): DifferenceView {
  return view.parse({ level: query.get('level'), page: query.get('page') ?? 1 });
}
