import { type JsonObject, isJsonObject } from '../catalog/document-source.ts';
import { type OpenDocument, isReference, listOf } from './open-document.ts';

/** One schema object that holds, of those that hold together. */
export interface SchemaPart {
  schema: JsonObject;
  /** The shared part that it comes from; null when it stands where it is used. */
  component: string | null;
}

export interface SchemaParts {
  parts: readonly SchemaPart[];
  /** Null is right; some parts may hold only for other values. */
  permitsNull: boolean;
}

/** Permits everything. */
export const ANY: JsonObject = Object.freeze({});
/** Permits nothing: a schema that is `false`. */
export const NEVER: JsonObject = Object.freeze({ not: ANY });

/** Members that tell about a schema and limit nothing. */
const ANNOTATIONS = new Set([
  ...['title', 'description', 'summary', 'default', 'example', 'examples', 'deprecated', 'readOnly', 'writeOnly'],
  ...['externalDocs', '$comment'],
]);

const MAX_PARTS = 1000;

export function schemaObject(value: unknown): JsonObject {
  if (value === false) return NEVER;
  return isJsonObject(value) ? value : ANY;
}

export interface Unwrapped {
  schema: JsonObject;
  component: string | null;
  /** Annotations beside the reference, innermost last. */
  beside: readonly JsonObject[];
}

/**
 * The schema that a reference means, and what is said beside it. References that stand beside limits are left as they
 * are: both hold together. `allOf` with one reference is how OpenAPI 3.0 wrote annotations beside one.
 */
export function unwrap(document: OpenDocument, given: unknown): Unwrapped {
  let schema = schemaObject(given);
  let component: string | null = null;
  const beside: JsonObject[] = [];
  for (let steps = 0; steps < MAX_PARTS; steps += 1) {
    const reference = soleReference(schema);
    if (!reference) break;
    if (Object.keys(schema).length > 1) beside.push(schema);
    const target = document.resolve(reference);
    component = target.component ?? component;
    schema = schemaObject(target.value);
  }
  return { schema, component, beside };
}

function soleReference(schema: JsonObject): JsonObject | null {
  const names = Object.keys(schema);
  if (isReference(schema)) return names.every((name) => name === '$ref' || ANNOTATIONS.has(name)) ? schema : null;
  const [only, ...others] = listOf(schema.allOf);
  if (!isReference(only) || others.length > 0 || Object.keys(only).length > 1) return null;
  return names.every((name) => name === 'allOf' || ANNOTATIONS.has(name)) ? only : null;
}

/** Everything that a schema asks for: itself, what it refers to, all of its `allOf`, and what it is unless null. */
export function collectParts(document: OpenDocument, start: JsonObject): SchemaParts {
  const parts: SchemaPart[] = [];
  const seen = new Set<JsonObject>();
  const waiting: (SchemaPart & { isUnlessNull: boolean })[] = [{ schema: start, component: null, isUnlessNull: false }];
  let permitsNull = true;
  for (let part = waiting.pop(); part && parts.length < MAX_PARTS; part = waiting.pop()) {
    const { schema, component, isUnlessNull } = part;
    if (seen.has(schema)) continue;
    seen.add(schema);
    const wait = (value: unknown, unlessNull: boolean): void => {
      const target = document.resolve(value);
      const shared = target.component ?? component;
      waiting.push({ schema: schemaObject(target.value), component: shared, isUnlessNull: unlessNull });
    };
    const { $ref: reference, allOf } = schema;
    const own = reference === undefined && allOf === undefined ? schema : without(schema, ['$ref', 'allOf']);
    if (typeof reference === 'string') wait({ $ref: reference }, isUnlessNull);
    for (const member of listOf(allOf)) wait(member, isUnlessNull);
    const orNull = soleAlternativeToNull(document, own);
    if (orNull) wait(orNull.other, true);
    parts.push({ schema: orNull ? orNull.rest : own, component });
    permitsNull &&= isUnlessNull || permitsNullItself(own);
  }
  return { parts, permitsNull };
}

function permitsNullItself({ type, enum: values, const: only }: JsonObject): boolean {
  if (only !== undefined && only !== null) return false;
  if (Array.isArray(values) && !values.includes(null)) return false;
  return type === undefined || type === 'null' || (Array.isArray(type) && type.includes('null'));
}

/** `oneOf` or `anyOf` of two, of which one is null: how a reference is made nullable. */
function soleAlternativeToNull(
  document: OpenDocument,
  schema: JsonObject,
): { other: unknown; rest: JsonObject } | null {
  for (const word of ['oneOf', 'anyOf'] as const) {
    const members = listOf(schema[word]);
    if (members.length !== 2) continue;
    const others = members.filter((member) => !isNull(document, member));
    if (others.length !== 1) continue;
    return { other: others[0], rest: without(schema, [word]) };
  }
  return null;
}

export function isNull(document: OpenDocument, member: unknown): boolean {
  const { type, enum: values, const: only } = schemaObject(document.resolve(member).value);
  if (type === 'null' || only === null) return true;
  return Array.isArray(values) && values.length === 1 && values[0] === null;
}

const rests = new WeakMap<JsonObject, Map<string, JsonObject>>();

/** The same object whenever it is asked for: schemas are told apart by identity. */
export function without(schema: JsonObject, names: readonly string[]): JsonObject {
  const known = rests.get(schema) ?? new Map<string, JsonObject>();
  rests.set(schema, known);
  const key = names.join();
  const rest = known.get(key) ?? omit(schema, names);
  known.set(key, rest);
  return rest;
}

function omit(schema: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(schema).filter(([name]) => !names.includes(name)));
}
