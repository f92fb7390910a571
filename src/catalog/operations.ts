import type { DocumentOperation } from './catalog.ts';
import { type JsonObject, isJsonObject } from './document-source.ts';
import { resolvePointer } from './json-pointer.ts';
import type { Path } from './json-scan.ts';
import { type MethodMistake, methodMistakes, operationsOfPathItem } from './path-item.ts';

/** Where an operation object stands in its document. */
export interface FoundOperation {
  /** As it is sent. */
  method: string;
  path: string;
  object: JsonObject;
  location: Path;
}

/** All operations in the order of the document; path items may be references. */
export function findOperations(document: JsonObject): FoundOperation[] {
  return pathItems(document).flatMap(({ path, item }) =>
    operationsOfPathItem(item).map(({ method, steps, object }) => ({
      method,
      path,
      object,
      location: ['paths', path, ...steps],
    })),
  );
}

/** Methods that must not stand where they do. */
export function findMethodMistakes(document: JsonObject): ({ path: string } & MethodMistake)[] {
  return pathItems(document).flatMap(({ path, item }) => methodMistakes(item).map((mistake) => ({ path, ...mistake })));
}

function pathItems(document: JsonObject): { path: string; item: JsonObject }[] {
  const paths = isJsonObject(document.paths) ? document.paths : {};
  return Object.entries(paths).flatMap(([path, given]) => {
    if (!path.startsWith('/') || !isJsonObject(given)) return [];
    const target = typeof given.$ref === 'string' ? resolvePointer(document, given.$ref) : undefined;
    return [{ path, item: isJsonObject(target) ? { ...target, ...given } : given }];
  });
}

/** Operations whose `operationId` another one has already: every use after the first. */
export function duplicateOperationIds(
  operations: readonly FoundOperation[],
): { id: string; first: FoundOperation; again: FoundOperation }[] {
  const firsts = new Map<string, FoundOperation>();
  const duplicates = [];
  for (const operation of operations) {
    const id = operation.object.operationId;
    if (typeof id !== 'string') continue;
    const first = firsts.get(id);
    if (first) duplicates.push({ id, first, again: operation });
    else firsts.set(id, operation);
  }
  return duplicates;
}

/** A stable id from method and path, such as `get-parcels-parcelid` for `GET /parcels/{parcelId}`. */
export function derivedOperationId(method: string, path: string): string {
  const words = `${method} ${path}`.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  return words.join('-');
}

/** Writes the missing ids into the document, so that links, counters and Swagger UI call an operation the same. */
export function giveOperationIds(operations: readonly FoundOperation[]): void {
  const taken = new Set(operations.map(({ object }) => object.operationId));
  for (const { method, path, object } of operations) {
    if (typeof object.operationId === 'string' && object.operationId !== '') continue;
    const derived = derivedOperationId(method, path);
    let id = derived;
    for (let number = 2; taken.has(id); number += 1) id = `${derived}-${String(number)}`;
    taken.add(id);
    object.operationId = id;
  }
}

/** What is stored of an operation. `scopes` unites all alternatives of `security`: asking for too much is the safe error. */
export function describeOperation(
  document: JsonObject,
  { method, path, object }: FoundOperation,
  slugs: ReadonlyMap<string, string>,
): DocumentOperation {
  const tags = Array.isArray(object.tags) ? object.tags : [];
  const security = object.security ?? document.security;
  const scopes = (Array.isArray(security) ? security : [])
    .filter(isJsonObject)
    .flatMap((requirement) => Object.values(requirement))
    .flat()
    .filter((scope) => typeof scope === 'string');
  return {
    operationId: text(object.operationId),
    slug: slugs.get(text(object.operationId)) ?? '',
    method,
    path,
    summary: text(object.summary),
    deprecated: object.deprecated === true,
    tag: text(tags[0]),
    scopes: [...new Set(scopes)].sort(),
    cost: costOf(object) ?? 1,
  };
}

/** The extension that says what one call costs. */
export const COST_EXTENSION = 'x-gatehouse-cost';
const MOST_COST = 1_000_000_000;

/** undefined when it is given and is no whole number from 0 to 1,000,000,000. */
export function costOf(object: JsonObject): number | undefined {
  const cost = object[COST_EXTENSION] ?? 1;
  return typeof cost === 'number' && Number.isInteger(cost) && cost >= 0 && cost <= MOST_COST ? cost : undefined;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
