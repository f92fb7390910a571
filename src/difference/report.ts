import type { Difference, Finding, OperationDifference, SharedDifference } from './difference.ts';
import type { Ledger, LocatedFinding } from './ledger.ts';
import type { ListedOperation, MatchedOperation } from './list-operations.ts';
import { textOf } from './open-document.ts';
import { findReached } from './reach.ts';
import { LEVELS, type Level, worst } from './rule.ts';
import type { SchemaFinding } from './schema-walk.ts';
import { byLevel, toFinding, toSharedFinding } from './write-finding.ts';

interface Compared {
  match: MatchedOperation;
  ledger: Ledger;
}

/** A finding in a shared part, with the operations that it reaches. */
interface Gathered {
  component: string;
  finding: Finding;
  /** As it reads under an operation. */
  own: () => Finding;
  operations: Set<number>;
}

/** Sorts what was found by operation, and tells what stands in shared parts once. */
export function report(
  compared: readonly Compared[],
  general: Ledger,
  isComplete: boolean,
): Omit<Difference, 'old' | 'new'> {
  const own = compared.map((): Finding[] => []);
  const shared = createGathering();
  const reached = findReached(compared.map(({ ledger }) => ledger.roots));
  compared.forEach(({ ledger }, index) => {
    for (const found of ledger.findings) {
      if (found.component === null) own[index]?.push(toFinding(found));
      else shared.add(index, found, found.component, toFinding(found), () => toFinding(found));
    }
    for (const { context, finding } of reached(index)) {
      const alone = (): Finding => toFinding({ ...finding, subject: context }, finding);
      if (finding.component === null) own[index]?.push(alone());
      else shared.add(index, finding, finding.component, null, alone);
    }
  });
  const components = new Map<string, Gathered[]>();
  for (const gathered of shared.all()) {
    const [only, ...others] = gathered.operations;
    const known = components.get(gathered.component);
    // Told where it is, when it is nowhere else.
    if (only !== undefined && others.length === 0) own[only]?.push(gathered.own());
    else if (known) known.push(gathered);
    else components.set(gathered.component, [gathered]);
  }
  const findings = general.findings.map((found) => toFinding(found));
  return assemble(compared, own, components, findings, isComplete);
}

/** Puts findings of shared parts together. Texts are made once, for a finding may be met by every operation. */
function createGathering() {
  const byKey = new Map<string, Gathered>();
  const bySource = new Map<object, Gathered>();
  const enter = (component: string, finding: Finding, own: () => Finding): Gathered => {
    // The same schema as a body and as a property is one finding.
    const key = `${component} ${finding.subject} ${finding.text}`;
    const gathered = byKey.get(key) ?? { component, finding, own, operations: new Set() };
    byKey.set(key, gathered);
    return gathered;
  };
  return {
    /** @param written null for a schema's, which is written here */
    add(
      index: number,
      source: LocatedFinding | SchemaFinding,
      component: string,
      written: Finding | null,
      own: () => Finding,
    ): void {
      const known = bySource.get(source) ?? enter(component, written ?? toSharedFinding(source as SchemaFinding), own);
      bySource.set(source, known);
      known.operations.add(index);
    },
    all: (): Iterable<Gathered> => byKey.values(),
  };
}

function assemble(
  compared: readonly Compared[],
  own: readonly Finding[][],
  components: ReadonlyMap<string, readonly Gathered[]>,
  general: readonly Finding[],
  isComplete: boolean,
): Omit<Difference, 'old' | 'new'> {
  const sharedBy = new Map<number, Map<string, Level>>();
  for (const { component, finding, operations } of [...components.values()].flat()) {
    for (const index of operations) {
      const levels = sharedBy.get(index) ?? new Map<string, Level>();
      sharedBy.set(index, levels.set(component, worst([finding.level, levels.get(component) ?? 'info'])));
    }
  }
  const operations = compared.flatMap(({ match }, index): OperationDifference[] => {
    const findings = distinct(own[index] ?? []);
    const parts = byLevel([...(sharedBy.get(index) ?? [])].map(([component, level]) => ({ component, level })));
    if (findings.length + parts.length === 0) return [];
    const level = worst([...findings, ...parts].map((one) => one.level));
    return [{ ...describe(match), level, findings: byLevel(findings), shared: parts }];
  });
  const shared = [...components].map(([component, gathered]) => toShared(component, gathered, compared));
  const all = [
    ...operations.flatMap(({ findings }) => findings),
    ...shared.flatMap(({ findings }) => findings),
    ...general,
  ];
  return {
    counts: Object.fromEntries(
      LEVELS.map((level) => [level, all.filter((one) => one.level === level).length]),
    ) as Record<Level, number>,
    operations: byLevel(operations),
    shared: byLevel(shared),
    general: byLevel(general),
    isComplete,
  };
}

function toShared(component: string, gathered: readonly Gathered[], compared: readonly Compared[]): SharedDifference {
  const indexes = [...new Set(gathered.flatMap(({ operations }) => [...operations]))].sort((a, b) => a - b);
  const operations = indexes.flatMap((index) => {
    const listed = compared[index]?.match.new ?? compared[index]?.match.old;
    return listed ? [{ method: listed.method, path: listed.path }] : [];
  });
  const findings = byLevel(gathered.map(({ finding }) => finding));
  return { component, level: worst(findings.map(({ level }) => level)), findings, operations };
}

function distinct(findings: readonly Finding[]): Finding[] {
  return [
    ...new Map(findings.map((finding) => [`${finding.subject} ${finding.rule} ${finding.text}`, finding])).values(),
  ];
}

function describe({ old, new: now }: MatchedOperation): Omit<OperationDifference, 'level' | 'findings' | 'shared'> {
  const listed = now ?? old;
  const idOf = (one: ListedOperation | null): string | null => textOf(one?.operation.operationId);
  return {
    kind: listed?.kind ?? 'operation',
    change: !old ? 'added' : !now ? 'removed' : 'changed',
    method: listed?.method ?? '',
    path: listed?.path ?? '',
    summary: textOf(listed?.operation.summary) ?? '',
    operationId: { old: idOf(old), new: idOf(now) },
  };
}
