import type { JsonObject } from '../catalog/document-source.ts';
import { isJsonObject } from '../catalog/document-source.ts';
import { type OpenDocument, canonicalJson, isReference, listOf, objectOf, textOf } from './open-document.ts';
import { ANY, NEVER, type SchemaPart, collectParts, isNull, schemaObject, without } from './schema-parts.ts';
import { type Bound, type Limits, readLimits } from './schema-limits.ts';

export type { Bound };

/** All that a schema asks for, with its `allOf` and references put together. */
export interface SchemaView {
  /** Without `null`; null for any type. */
  types: ReadonlySet<string> | null;
  permitsNull: boolean;
  format: string | null;
  /** Canonical JSON, without `null`; null when every value is right. */
  values: readonly string[] | null;
  isConst: boolean;
  limits: Limits;
  patterns: readonly string[];
  isUnique: boolean;
  properties: ReadonlyMap<string, ViewedProperty>;
  required: ReadonlySet<string>;
  /** For properties that are not named: a schema, or false. */
  additional: JsonObject | false;
  patternProperties: ReadonlyMap<string, JsonObject>;
  items: JsonObject;
  prefixItems: readonly JsonObject[];
  choice: Choice | null;
  discriminator: JsonObject | null;
  /** Keywords that are compared as a whole. */
  whole: JsonObject;
  /** Parts without their alternatives. */
  base: readonly JsonObject[];
}

export interface ViewPair {
  old: SchemaView;
  new: SchemaView;
}

export interface ViewedProperty {
  schema: JsonObject;
  component: string | null;
}

export interface Choice {
  word: 'one-of' | 'any-of';
  members: readonly JsonObject[];
}

/** Puts a schema together; every part of it is looked at once. */
export function viewSchema(document: OpenDocument, start: JsonObject): SchemaView {
  const { parts, permitsNull } = collectParts(document, start);
  const schemas = parts.map(({ schema }) => schema);
  const isNever = schemas.includes(NEVER);
  const choice = isNever ? null : readChoice(document, schemas);
  const values = readValues(schemas);
  const types = isNever ? new Set<string>() : (readTypes(schemas) ?? typesOfValues(values) ?? impliedTypes(schemas));
  const isTyped = schemas.some(({ type }) => type !== undefined);
  return {
    types,
    permitsNull: !isNever && permitsNull && (isTyped || types === null || schemas.some(hasNullValue)),
    format: schemas.map(({ format }) => textOf(format)).find((format) => format !== null) ?? null,
    values,
    isConst: schemas.some((schema) => schema.const !== undefined),
    limits: readLimits(schemas, types),
    patterns: texts(schemas, 'pattern'),
    isUnique: schemas.some(({ uniqueItems }) => uniqueItems === true),
    properties: readProperties(parts),
    required: new Set(schemas.flatMap(({ required }) => listOf(required).filter((name) => typeof name === 'string'))),
    additional: readAdditional(schemas),
    patternProperties: readPatternProperties(schemas),
    items: both(schemas.filter(({ items }) => items !== undefined).map(({ items }) => schemaObject(items))),
    prefixItems: listOf(schemas.find(({ prefixItems }) => Array.isArray(prefixItems))?.prefixItems).map(schemaObject),
    choice,
    discriminator: schemas.map(({ discriminator }) => discriminator).find(isJsonObject) ?? null,
    whole: isNever ? {} : merged(schemas),
    base: schemas.map(withoutChoice),
  };
}

function readTypes(schemas: readonly JsonObject[]): ReadonlySet<string> | null {
  let found: Set<string> | null = null;
  for (const { type } of schemas) {
    if (type === undefined) continue;
    const own = new Set(
      listOf(Array.isArray(type) ? type : [type]).filter((one): one is string => typeof one === 'string'),
    );
    own.delete('null');
    found = found ? intersect(found, own) : own;
  }
  return found;
}

/** An integer is a number. */
function intersect(a: ReadonlySet<string>, b: ReadonlySet<string>): Set<string> {
  const has = (set: ReadonlySet<string>, type: string): boolean =>
    set.has(type) || (type === 'integer' && set.has('number'));
  return new Set([...[...a].filter((type) => has(b, type)), ...[...b].filter((type) => has(a, type))]);
}

/** Who names properties means objects, who names items means arrays. */
function impliedTypes(schemas: readonly JsonObject[]): ReadonlySet<string> | null {
  if (schemas.some(({ properties, required }) => properties !== undefined || required !== undefined))
    return new Set(['object']);
  if (schemas.some(({ items, prefixItems }) => items !== undefined || prefixItems !== undefined))
    return new Set(['array']);
  return null;
}

function typesOfValues(values: readonly string[] | null): ReadonlySet<string> | null {
  if (!values || values.length === 0) return null;
  return new Set(
    values.map((text) => {
      const first = text.charAt(0);
      if (first === '"') return 'string';
      if (first === '{') return 'object';
      if (first === '[') return 'array';
      if (first === 't' || first === 'f') return 'boolean';
      return Number.isInteger(Number(text)) ? 'integer' : 'number';
    }),
  );
}

function hasNullValue({ enum: values, const: only }: JsonObject): boolean {
  return only === null || (Array.isArray(values) && values.includes(null));
}

function readValues(schemas: readonly JsonObject[]): readonly string[] | null {
  let found: readonly string[] | null = null;
  for (const { enum: given, const: only } of schemas) {
    const lists = [...(Array.isArray(given) ? [given as unknown[]] : []), ...(only === undefined ? [] : [[only]])];
    for (const list of lists) {
      const own: string[] = [...new Set(list.filter((value) => value !== null).map(canonicalJson))];
      found = found ? found.filter((value) => own.includes(value)) : own;
    }
  }
  return found;
}

function texts(schemas: readonly JsonObject[], keyword: string): string[] {
  const found = schemas.map((schema) => schema[keyword]).filter((value) => typeof value === 'string');
  return [...new Set(found)].sort();
}

function readProperties(parts: readonly SchemaPart[]): ReadonlyMap<string, ViewedProperty> {
  const found = new Map<string, ViewedProperty>();
  for (const { schema, component } of parts) {
    for (const [name, value] of Object.entries(objectOf(schema.properties))) {
      const own = schemaObject(value);
      const known = found.get(name);
      found.set(name, known ? { ...known, schema: both([known.schema, own]) } : { schema: own, component });
    }
  }
  return found;
}

function readAdditional(schemas: readonly JsonObject[]): JsonObject | false {
  const given = schemas.map((schema) => schema.additionalProperties).filter((value) => value !== undefined);
  if (given.includes(false)) return false;
  return both(given.filter(isJsonObject));
}

function readPatternProperties(schemas: readonly JsonObject[]): ReadonlyMap<string, JsonObject> {
  const all = schemas.flatMap((schema) => Object.entries(objectOf(schema.patternProperties)));
  return new Map(all.map(([pattern, value]) => [pattern, schemaObject(value)]));
}

const pairs = new WeakMap<JsonObject, WeakMap<JsonObject, JsonObject>>();

/** One schema for several that hold together: the same object whenever it is asked for the same ones. */
export function both(schemas: readonly JsonObject[]): JsonObject {
  const limiting = [...new Set(schemas)].filter((schema) => schema !== ANY);
  const [first = ANY, ...others] = limiting;
  return others.reduce((whole, schema) => {
    const known = pairs.get(whole) ?? new WeakMap<JsonObject, JsonObject>();
    pairs.set(whole, known);
    const joined = known.get(schema) ?? { allOf: [whole, schema] };
    known.set(schema, joined);
    return joined;
  }, first);
}

function readChoice(document: OpenDocument, schemas: readonly JsonObject[]): Choice | null {
  for (const schema of schemas) {
    for (const keyword of ['oneOf', 'anyOf'] as const) {
      const members = listOf(schema[keyword]).filter((member) => !isNull(document, member));
      if (members.length > 0)
        return { word: keyword === 'oneOf' ? 'one-of' : 'any-of', members: members.map(schemaObject) };
    }
  }
  return null;
}

const stripped = new WeakMap<JsonObject, JsonObject>();

function withoutChoice(schema: JsonObject): JsonObject {
  if (schema.oneOf === undefined && schema.anyOf === undefined) return schema;
  const known = stripped.get(schema);
  if (known) return known;
  const rest = without(schema, ['oneOf', 'anyOf', 'discriminator']);
  stripped.set(schema, rest);
  return rest;
}

/** As people call an alternative: the name of its component, its title or its type. */
export function memberName(member: JsonObject): string {
  if (isReference(member)) return member.$ref.slice(member.$ref.lastIndexOf('/') + 1);
  return textOf(member.title) ?? textOf(member.type) ?? 'unnamed';
}

/** Earlier ones win. */
function merged(schemas: readonly JsonObject[]): JsonObject {
  const [first = ANY, ...others] = schemas;
  return others.reduce<JsonObject>((whole, schema) => ({ ...schema, ...whole }), first);
}
