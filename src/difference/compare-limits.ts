import { type Bound, compareBounds } from './schema-limits.ts';
import type { ViewPair } from './schema-view.ts';
import type { Scribe } from './schema-walk.ts';
import { shortList, shorten } from './short-json.ts';

/** Compares which values are right: lists of them, bounds, patterns. */
export function compareLimits(views: ViewPair, scribe: Scribe): void {
  compareValues(views, scribe);
  const { old, new: now } = views;
  compareBoundsOf(old.limits.upper, now.limits.upper, -1, scribe);
  compareBoundsOf(old.limits.lower, now.limits.lower, 1, scribe);
  compareMultiples(old.limits.multipleOf, now.limits.multipleOf, scribe);
  if (!old.isUnique && now.isUnique) scribe.found('unique-items-set');
  if (old.isUnique && !now.isUnique) scribe.found('unique-items-unset');
  comparePatterns(old.patterns, now.patterns, scribe);
}

function compareValues({ old, new: now }: ViewPair, scribe: Scribe): void {
  const [before, after] = [old.values, now.values];
  if (!before && !after) return;
  const values = { from: shortList(before ?? []), to: shortList(after ?? []) };
  if (!before) {
    scribe.found(now.isConst ? 'const-added' : 'became-enum', values);
    return;
  }
  if (!after) {
    scribe.found(old.isConst ? 'const-removed' : 'enum-removed', values);
    return;
  }
  const removed = before.filter((value) => !after.includes(value));
  const added = after.filter((value) => !before.includes(value));
  const isConst = old.isConst && now.isConst;
  if (isConst && removed.length > 0) {
    scribe.found('const-changed', values);
    return;
  }
  if (removed.length > 0) scribe.found('enum-value-removed', { from: shortList(removed) });
  if (added.length > 0) scribe.found('enum-value-added', { to: shortList(added) });
}

function compareBoundsOf(
  old: ReadonlyMap<string, Bound>,
  now: ReadonlyMap<string, Bound>,
  sign: 1 | -1,
  scribe: Scribe,
): void {
  for (const name of new Set([...old.keys(), ...now.keys()])) {
    const [before, after] = [old.get(name), now.get(name)];
    const change = changeOf(before, after, sign);
    if (change === null) continue;
    // A bound that excludes its value has names of its own; a bound that only came to exclude it was set.
    const isSpecial = before?.isExclusive === true || after?.isExclusive === true;
    const values = { from: boundText(before), to: boundText(after) };
    scribe.found(`${isSpecial ? 'exclusive-' : ''}${name}-${change}`, values);
  }
}

function changeOf(before: Bound | undefined, after: Bound | undefined, sign: 1 | -1): string | null {
  if (!before) return after ? 'set' : null;
  if (!after) return 'unset';
  const difference = compareBounds(after, before, sign);
  if (difference === 0) return null;
  if (after.value === before.value) return difference > 0 ? 'set' : 'unset';
  return after.value > before.value ? 'increased' : 'decreased';
}

function boundText(bound: Bound | undefined): string {
  return bound ? String(bound.value) : '';
}

function compareMultiples(before: number | null, after: number | null, scribe: Scribe): void {
  if (before === after) return;
  const values = { from: String(before), to: String(after) };
  if (before === null || after === null)
    scribe.found(before === null ? 'multiple-of-set' : 'multiple-of-unset', values);
  else if (Number.isInteger(after / before)) scribe.found('multiple-of-narrowed', values);
  else if (Number.isInteger(before / after)) scribe.found('multiple-of-widened', values);
  else scribe.found('multiple-of-changed', values);
}

const anyText = new Set(['.*', '^.*$', '^.*', '.*$', '']);

function comparePatterns(old: readonly string[], now: readonly string[], scribe: Scribe): void {
  const [before, after] = [meaningful(old), meaningful(now)];
  if (before === after) return;
  const values = { from: shorten(before), to: shorten(after) };
  if (before === '') scribe.found('pattern-added', values);
  else if (after === '') scribe.found(now.length > 0 ? 'pattern-generalized' : 'pattern-removed', values);
  else scribe.found('pattern-changed', values);
}

function meaningful(patterns: readonly string[]): string {
  return patterns.filter((pattern) => !anyText.has(pattern)).join(' and ');
}
