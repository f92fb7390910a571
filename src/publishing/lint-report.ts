export type LintLevel = 'error' | 'warning' | 'info';

export const LINT_LEVELS: readonly LintLevel[] = ['error', 'warning', 'info'];

/** One place that a rule names, in the text as its owner wrote it. */
export interface LintPlace {
  /** 1-based. */
  line: number;
  column: number;
  /** JSON pointer (RFC 6901), such as `/paths/~1parcels/get`. */
  pointer: string;
  text: string;
}

/** All that one rule found, told once. */
export interface LintGroup {
  rule: string;
  level: LintLevel;
  count: number;
  /** The first few. */
  places: readonly LintPlace[];
}

/** What the lint found; the worst and most frequent first. */
export type LintReport = { ok: true; groups: readonly LintGroup[] } | { ok: false; /** A sentence. */ reason: string };

export const PLACES_OF_GROUP = 5;

export function lintCounts(report: LintReport): Record<LintLevel, number> {
  const counts = { error: 0, warning: 0, info: 0 };
  if (report.ok) for (const { level, count } of report.groups) counts[level] += count;
  return counts;
}

/** Errors first, then the rule that found most. */
export function byWeight(a: LintGroup, b: LintGroup): number {
  return LINT_LEVELS.indexOf(a.level) - LINT_LEVELS.indexOf(b.level) || b.count - a.count || (a.rule < b.rule ? -1 : 1);
}
