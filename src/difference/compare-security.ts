import type { JsonObject } from '../catalog/document-source.ts';
import type { Comparing, Ledger } from './ledger.ts';
import type { ListedOperation } from './list-operations.ts';
import { type OpenDocument, canonicalJson, listOf, objectOf } from './open-document.ts';

/** Schemes that must all be there, with the scopes that each needs. */
type Requirement = ReadonlyMap<string, ReadonlySet<string>>;

/** Marks findings of what the whole document asks for, so that they are told once. */
const GLOBAL = 'security';

/** Compares who may call. The list of requirements is "one of", the names within one are "all of". */
export function compareSecurity(
  { documents }: Comparing,
  ledger: Ledger,
  pair: { old: ListedOperation; new: ListedOperation },
): void {
  const renamed = renamedSchemes(documents);
  const before = requirementsOf(documents.old, pair.old.operation, renamed);
  const after = requirementsOf(documents.new, pair.new.operation, new Map());
  const isGlobal = pair.old.operation.security === undefined && pair.new.operation.security === undefined;
  const found = (rule: string, values: { from?: string; to?: string }): void =>
    ledger.found(rule, 'security', values, isGlobal ? GLOBAL : null);
  if (isOpen(before) && isOpen(after)) return;
  if (isOpen(before)) {
    found('api-security-added', { to: describeAll(after) });
    return;
  }
  if (isOpen(after)) {
    found('api-security-removed', { from: describeAll(before) });
    return;
  }
  for (const old of before) {
    if (!after.some((now) => isSatisfied(now, old))) reportRefused(old, after, found);
  }
  for (const now of after) {
    const isKnown = before.some((old) => hasSameSchemes(old, now) || isWithin(old, now));
    if (!isKnown) reportAccepted(now, before, found);
    else reportFewerScopes(now, before, found);
  }
}

type Found = (rule: string, values: { from?: string; to?: string }) => void;

function reportRefused(old: Requirement, after: readonly Requirement[], found: Found): void {
  const sameSchemes = after.find((now) => hasSameSchemes(now, old));
  if (sameSchemes) {
    const missing = [...sameSchemes].flatMap(([name, scopes]) =>
      [...scopes].filter((scope) => !old.get(name)?.has(scope)),
    );
    found('api-security-scope-added', { to: missing.map(code).join(', ') });
    return;
  }
  const larger = after.find((now) => isWithin(old, now));
  if (larger) {
    const more = [...larger.keys()].filter((name) => !old.has(name));
    found('api-security-added', { to: more.map(code).join(' and ') });
    return;
  }
  found('api-security-alternative-removed', { from: describe(old) });
}

function reportAccepted(now: Requirement, before: readonly Requirement[], found: Found): void {
  const larger = before.find((old) => isWithin(now, old));
  const fewer = larger ? [...larger.keys()].filter((name) => !now.has(name)) : [];
  if (fewer.length > 0) found('api-security-removed', { from: fewer.map(code).join(' and ') });
  else found('api-security-alternative-added', { to: describe(now) });
}

function reportFewerScopes(now: Requirement, before: readonly Requirement[], found: Found): void {
  const same = before.find((old) => hasSameSchemes(old, now));
  if (!same || before.some((old) => hasSameSchemes(old, now) && isSatisfied(old, now) && isSatisfied(now, old))) return;
  const dropped = [...same].flatMap(([name, scopes]) => [...scopes].filter((scope) => !now.get(name)?.has(scope)));
  if (dropped.length > 0) found('api-security-scope-removed', { from: dropped.map(code).join(', ') });
}

/** Who fulfils `given` fulfils `needed` as well. */
function isSatisfied(needed: Requirement, given: Requirement): boolean {
  return [...needed].every(([name, scopes]) => {
    const has = given.get(name);
    return has !== undefined && [...scopes].every((scope) => has.has(scope));
  });
}

function isWithin(small: Requirement, large: Requirement): boolean {
  return small.size < large.size && [...small.keys()].every((name) => large.has(name));
}

function hasSameSchemes(a: Requirement, b: Requirement): boolean {
  return a.size === b.size && [...a.keys()].every((name) => b.has(name));
}

/** No requirement, or an empty one among them. */
function isOpen(requirements: readonly Requirement[]): boolean {
  return requirements.length === 0 || requirements.some(({ size }) => size === 0);
}

function requirementsOf(
  { root }: OpenDocument,
  operation: JsonObject,
  renamed: ReadonlyMap<string, string>,
): Requirement[] {
  return listOf(operation.security ?? root.security).map(
    (requirement) =>
      new Map(
        Object.entries(objectOf(requirement)).map(([name, scopes]) => [
          renamed.get(name) ?? name,
          new Set(listOf(scopes).map(String)),
        ]),
      ),
  );
}

const aliases = new WeakMap<OpenDocument, ReadonlyMap<string, string>>();

/** A scheme that is only called otherwise is the same scheme. */
export function renamedSchemes({ old, new: now }: Comparing['documents']): ReadonlyMap<string, string> {
  const known = aliases.get(now);
  if (known) return known;
  const [before, after] = [schemesOf(old), schemesOf(now)];
  const isFree = (name: string): boolean => !Object.hasOwn(before, name);
  const renamed = new Map<string, string>();
  for (const [name, scheme] of Object.entries(before)) {
    if (Object.hasOwn(after, name)) continue;
    const same = Object.keys(after).find(
      (other) => isFree(other) && schemeKey(objectOf(after[other])) === schemeKey(objectOf(scheme)),
    );
    if (same !== undefined) renamed.set(name, same);
  }
  aliases.set(now, renamed);
  return renamed;
}

export function schemesOf(document: OpenDocument): JsonObject {
  const schemes = objectOf(objectOf(document.root.components).securitySchemes);
  return Object.fromEntries(Object.entries(schemes).map(([name, value]) => [name, document.resolve(value).value]));
}

function schemeKey(scheme: JsonObject): string {
  return canonicalJson({ ...scheme, description: null });
}

function describeAll(requirements: readonly Requirement[]): string {
  return requirements.map(describe).join(' or ');
}

function describe(requirement: Requirement): string {
  return [...requirement]
    .map(([name, scopes]) => (scopes.size > 0 ? `${code(name)} (${[...scopes].map(code).join(', ')})` : code(name)))
    .join(' and ');
}

function code(text: string): string {
  return `\`${text}\``;
}
