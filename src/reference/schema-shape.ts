import { type JsonObject, isJsonObject } from '../catalog/document-source.ts';
import type { NamedSchema, Resolver } from './resolver.ts';

/** A schema with its references followed, its `allOf` put together and `null` taken out. */
export interface Shape {
  schema: JsonObject;
  named: NamedSchema | null;
  /** Everything that was followed to get here. */
  pointers: readonly string[];
  nullable: boolean;
  choice: { word: 'One of' | 'Any of'; members: readonly unknown[] } | null;
}

/** More in one schema is an accident or an attack: `allOf` may name itself, or double with every level. */
const MOST_MEMBERS = 200;

export function readShape(resolver: Resolver, given: unknown): Shape {
  return readMember({ resolver, left: MOST_MEMBERS }, given);
}

function readMember(work: { resolver: Resolver; left: number }, given: unknown): Shape {
  const { resolver } = work;
  const { value, pointers } = resolver.resolve(given);
  const own = isJsonObject(value) ? value : value === false ? { not: {} } : {};
  const named = pointers.map((pointer) => resolver.namedSchema(pointer)).find((found) => found !== null) ?? null;
  const base: Shape = { ...withoutNull(own), named, pointers };
  work.left -= 1;
  if (work.left <= 0) return { ...base, choice: null };
  const inherited = asArray(own.allOf).map((member) => readMember(work, member));
  // Of several that speak of the same, the later one is the more special.
  const [first, ...others] = inherited;
  const whole = first
    ? add(
        base,
        others.reduce((sum, member) => add(member, sum), first),
      )
    : base;
  const [only, another] = whole.choice?.members ?? [];
  if (only === undefined || another !== undefined) return whole;
  // A choice of one, often beside null, is that one.
  return add({ ...whole, choice: null }, readMember(work, only));
}

/** What `more` says is added; where both say something, `shape` is the one who knows better. */
function add(shape: Shape, more: Shape): Shape {
  return {
    schema: mergeSchemas(shape.schema, more.schema),
    named: shape.named ?? (saysNothing(shape.schema) ? more.named : null),
    pointers: [...shape.pointers, ...more.pointers],
    nullable: shape.nullable || (saysNothing(shape.schema) && more.nullable),
    choice: shape.choice ?? more.choice,
  };
}

function mergeSchemas(own: JsonObject, more: JsonObject): JsonObject {
  const merged = { ...more, ...own };
  for (const name of ['properties', 'patternProperties']) {
    if (isJsonObject(own[name]) && isJsonObject(more[name])) merged[name] = { ...more[name], ...own[name] };
  }
  const required = [...asArray(more.required), ...asArray(own.required)];
  return required.length > 0 ? { ...merged, required } : merged;
}

const SAYS_NOTHING = new Set([
  'allOf',
  'anyOf',
  'oneOf',
  'description',
  'title',
  'deprecated',
  'readOnly',
  'writeOnly',
]);

/** `{"allOf": [{"$ref": ...}], "description": ...}` is how OpenAPI 3.0 describes a reference. */
function saysNothing(schema: JsonObject): boolean {
  return Object.keys(schema).every((name) => SAYS_NOTHING.has(name));
}

function withoutNull(schema: JsonObject): Pick<Shape, 'schema' | 'nullable' | 'choice'> {
  const types = asArray(schema.type);
  const rest = types.filter((type) => type !== 'null');
  const word = Array.isArray(schema.oneOf) ? 'One of' : 'Any of';
  const members = asArray(schema.oneOf ?? schema.anyOf);
  const others = members.filter((member) => !isNull(member));
  const nullable = (types.length > rest.length && rest.length > 0) || others.length < members.length;
  return {
    schema: types.length > 0 && rest.length > 0 ? { ...schema, type: rest.length === 1 ? rest[0] : rest } : schema,
    nullable,
    choice: others.length > 0 ? { word, members: others } : null,
  };
}

function isNull(schema: unknown): boolean {
  if (!isJsonObject(schema)) return false;
  return (
    schema.type === 'null' ||
    schema.const === null ||
    (Array.isArray(schema.enum) && schema.enum.every((one) => one === null))
  );
}

export function asArray(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
