import { condense } from './condense.ts';
import type { Root } from './ledger.ts';
import type { Comparison, SchemaFinding } from './schema-walk.ts';

export interface ReachedFinding {
  /** From where the operation got there. */
  context: string;
  finding: SchemaFinding;
}

/**
 * What each operation reaches through its schemas. Only comparisons that lead to a finding are walked again: most lead
 * to none. Where schemas refer to each other in circles every operation reaches most of them, so those that reach each
 * other are walked as one.
 * @param roots of each operation
 * @returns what the operation with an index reaches, each finding once
 */
export function findReached(roots: readonly (readonly Root[])[]): (index: number) => readonly ReachedFinding[] {
  const nodes = [...findTelling(roots.flat().map(({ comparison }) => comparison))];
  const numbers = new Map(nodes.map((node, number) => [node, number]));
  const { groupOf, next } = condense(
    nodes.map((node) => node.next.map((one) => numbers.get(one)).filter((number) => number !== undefined)),
  );
  const findings = next.map((): SchemaFinding[] => []);
  nodes.forEach((node, number) => findings[groupOf[number] ?? 0]?.push(...node.findings));
  return (index) => {
    const found: ReachedFinding[] = [];
    const seen = new Set<number>();
    for (const { context, comparison } of roots[index] ?? []) {
      const number = numbers.get(comparison);
      const waiting = number === undefined ? [] : [groupOf[number] ?? 0];
      for (let group = waiting.pop(); group !== undefined; group = waiting.pop()) {
        if (seen.has(group)) continue;
        seen.add(group);
        for (const finding of findings[group] ?? []) found.push({ context, finding });
        waiting.push(...(next[group] ?? []));
      }
    }
    return found;
  };
}

/** Comparisons from which a finding can be reached: backwards from those that have one. */
function findTelling(starts: readonly Comparison[]): ReadonlySet<Comparison> {
  const above = new Map<Comparison, Comparison[]>();
  const seen = new Set<Comparison>(starts);
  const waiting = [...seen];
  const telling: Comparison[] = [];
  for (let comparison = waiting.pop(); comparison; comparison = waiting.pop()) {
    if (comparison.findings.length > 0) telling.push(comparison);
    for (const below of comparison.next) {
      const known = above.get(below);
      if (known) known.push(comparison);
      else above.set(below, [comparison]);
      if (seen.has(below)) continue;
      seen.add(below);
      waiting.push(below);
    }
  }
  const reached = new Set(telling);
  for (let comparison = telling.pop(); comparison; comparison = telling.pop()) {
    for (const parent of above.get(comparison) ?? []) {
      if (reached.has(parent)) continue;
      reached.add(parent);
      telling.push(parent);
    }
  }
  return reached;
}
