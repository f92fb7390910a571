import type { Difference, OperationDifference, SharedDifference } from '../../difference/difference.ts';
import { type Level, worst } from '../../difference/rule.ts';
import type { DifferenceView, VersionRange } from '../../difference/version-range.form.ts';

/** Most operations of one page. */
const PER_PAGE = 100;

export interface ShownDifference {
  general: Difference['general'];
  operations: readonly OperationDifference[];
  shared: readonly SharedDifference[];
  pages: number;
  page: number;
}

/** What a page shows of a difference: findings of one level or all, and a hundred operations at a time. */
export function showDifference(difference: Difference, { level, page }: DifferenceView): ShownDifference {
  const keep = <T extends { level: Level }>(findings: readonly T[]): T[] =>
    findings.filter((finding) => level === null || finding.level === level);
  const shared = difference.shared
    .map((one) => ({ ...one, findings: keep(one.findings) }))
    .filter(({ findings }) => findings.length > 0);
  const levels = new Map(shared.map(({ component, findings }) => [component, worst(findings.map((one) => one.level))]));
  const operations = difference.operations
    .map((one) => ({
      ...one,
      findings: keep(one.findings),
      shared: one.shared.flatMap(({ component }) => {
        const level = levels.get(component);
        return level ? [{ component, level }] : [];
      }),
    }))
    .filter((one) => one.findings.length + one.shared.length > 0);
  const pages = Math.max(1, Math.ceil(operations.length / PER_PAGE));
  const current = Math.min(page, pages);
  return {
    general: keep(difference.general),
    operations: operations.slice((current - 1) * PER_PAGE, current * PER_PAGE),
    // Links of every page lead there.
    shared,
    pages,
    page: current,
  };
}

export function rangePath(api: string, { from, to }: VersionRange): string {
  return `/docs/${api}/changes/${from}...${to}`;
}

/** Address of a difference under a filter. */
export function viewPath(path: string, { level, page }: DifferenceView): string {
  const query = new URLSearchParams();
  if (level !== null) query.set('level', level);
  if (page > 1) query.set('page', String(page));
  return query.size > 0 ? `${path}?${query.toString()}` : path;
}

export function anchorOf(component: string): string {
  return `part-${encodeURIComponent(component)}`;
}
