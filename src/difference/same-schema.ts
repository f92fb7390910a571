import type { JsonObject } from '../catalog/document-source.ts';
import { isJsonObject } from '../catalog/document-source.ts';
import { type OpenDocument, canonicalJson, listOf, objectOf } from './open-document.ts';
import { schemaObject, unwrap } from './schema-parts.ts';

const schemas = ['items', 'not', 'if', 'then', 'else', 'contains', 'propertyNames', 'contentSchema'];
const alsoBoolean = ['additionalProperties', 'unevaluatedProperties', 'unevaluatedItems'];
const lists = ['allOf', 'oneOf', 'anyOf', 'prefixItems'];
const maps = ['properties', 'patternProperties', 'dependentSchemas'];
const compared = new Set([...schemas, ...alsoBoolean, ...lists, ...maps]);
const ignored = new Set(['title', 'description', 'example', 'examples', 'externalDocs', '$comment', 'summary']);
const unordered = new Set(['enum', 'required', 'type']);

const MAX_PAIRS = 5000;

/**
 * Whether two schemas are written alike, whatever their components are called. Circles are taken to be alike as long as
 * nothing says otherwise.
 */
export function isSameSchema(documents: { old: OpenDocument; new: OpenDocument }, old: unknown, now: unknown): boolean {
  const seen = new Map<JsonObject, Set<JsonObject>>();
  const waiting: [unknown, unknown][] = [[old, now]];
  let pairs = 0;
  for (let pair = waiting.pop(); pair; pair = waiting.pop()) {
    const a = unwrap(documents.old, pair[0]).schema;
    const b = unwrap(documents.new, pair[1]).schema;
    const known = seen.get(a) ?? new Set();
    if (known.has(b)) continue;
    seen.set(a, known.add(b));
    pairs += 1;
    if (pairs > MAX_PAIRS || !isAlike(a, b, waiting)) return false;
  }
  return true;
}

/** Compares one level, and puts what stands below into `waiting`. */
function isAlike(a: JsonObject, b: JsonObject, waiting: [unknown, unknown][]): boolean {
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((name) => !ignored.has(name));
  return names.every((name) => {
    const [x, y] = [a[name], b[name]];
    if (!compared.has(name)) return plain(name, x) === plain(name, y);
    if (x === undefined || y === undefined) return false;
    if (maps.includes(name)) return pairUp(objectOf(x), objectOf(y), waiting);
    if (lists.includes(name)) return pairUp(byIndex(x), byIndex(y), waiting);
    if (!isJsonObject(x) || !isJsonObject(y)) return x === y;
    waiting.push([schemaObject(x), schemaObject(y)]);
    return true;
  });
}

function plain(name: string, value: unknown): string {
  if (value === undefined) return '';
  return unordered.has(name) && Array.isArray(value) ? value.map(canonicalJson).sort().join() : canonicalJson(value);
}

function byIndex(value: unknown): JsonObject {
  return Object.fromEntries(listOf(value).entries());
}

function pairUp(a: JsonObject, b: JsonObject, waiting: [unknown, unknown][]): boolean {
  const names = Object.keys(a);
  if (names.length !== Object.keys(b).length || !names.every((name) => Object.hasOwn(b, name))) return false;
  for (const name of names) waiting.push([a[name], b[name]]);
  return true;
}
