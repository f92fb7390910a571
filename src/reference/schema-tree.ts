import { type JsonObject, isJsonObject } from '../catalog/document-source.ts';
import type { Resolver } from './resolver.ts';
import { schemaLimits } from './schema-limits.ts';
import type { SchemaChoice, SchemaNode, SchemaProperty } from './schema-node.ts';
import { type Shape, asArray, readShape } from './schema-shape.ts';
import { typeWords } from './schema-type.ts';
import { valueText } from './value-text.ts';

/** Everything that one page shows grows out of this. */
export interface Tree {
  resolver: Resolver;
  /** Id of the node that the reader asked to see inside; '' for none. */
  openId: string;
  /** Properties that may still be shown below the first level. */
  budget: { left: number };
}

export interface Place {
  id: string;
  /** 0 is what the page is about. */
  level: number;
  /** Pointers of the schemas around. */
  trail: readonly string[];
  /** Pointers of the arrays of which this is an item. */
  arrays: readonly string[];
}

const MAX_PROPERTIES = 400;
const MAX_VALUES = 200;
/** A larger schema within another stays closed: it would drown what is around it. */
const MOST_OPEN_PROPERTIES = 15;
const BUDGET = 400;

export function createTree(resolver: Resolver, openId: string): Tree {
  return { resolver, openId, budget: { left: BUDGET } };
}

export function rootPlace(id: string): Place {
  return { id, level: 0, trail: [], arrays: [] };
}

/** Describes a schema for readers, down to where it is cut. */
export function describeSchema(tree: Tree, given: unknown, place: Place): SchemaNode {
  const shape = readShape(tree.resolver, given);
  const { schema } = shape;
  const around = [...place.trail, ...shape.pointers];
  const isCircular = shape.pointers.some((pointer) => place.trail.includes(pointer));
  const isOfItself = shape.pointers.some((pointer) => place.arrays.includes(pointer));
  if (isJsonObject(schema.items) && !Array.isArray(schema.prefixItems) && !isOfItself) {
    const arrays = [...place.arrays, ...shape.pointers];
    return arrayOf(shape, describeSchema(tree, schema.items, { ...place, trail: around, arrays }), isCircular);
  }
  const entries = propertiesOf(schema);
  const partCount = Math.max(entries.length, shape.choice?.members.length ?? 0);
  const isOpen = partCount > 0 && opens(tree, place, partCount, isCircular);
  const below = { ...place, level: tree.openId === place.id ? 1 : place.level + 1, trail: around, arrays: [] };
  if (isOpen) tree.budget.left -= partCount;
  const leaf = plainNode(shape, place.id);
  return {
    ...leaf,
    limits:
      place.level === 0 && schema.additionalProperties === false
        ? [...leaf.limits, 'no other properties']
        : leaf.limits,
    type: typeWords(tree.resolver, shape),
    properties: isOpen ? entries.slice(0, MAX_PROPERTIES).map((entry) => describeProperty(tree, entry, below)) : [],
    omitted: isOpen ? Math.max(0, entries.length - MAX_PROPERTIES) : 0,
    choice: isOpen ? describeChoice(tree, shape, below) : null,
    isCut: partCount > 0 && !isOpen,
    isCircular,
  };
}

function opens(tree: Tree, { id, level }: Place, partCount: number, isCircular: boolean): boolean {
  if (level === 0 || tree.openId === id || tree.openId.startsWith(`${id}.`)) return true;
  return level === 1 && !isCircular && partCount <= MOST_OPEN_PROPERTIES && tree.budget.left > 0;
}

function arrayOf(shape: Shape, item: SchemaNode, isCircular: boolean): SchemaNode {
  const own = plainNode(shape, item.id);
  return {
    ...item,
    ...own,
    component: own.component ?? item.component,
    description: own.description || item.description,
    type: typeWords(null, shape, item.type),
    limits: [...own.limits, ...item.limits],
    values: item.values,
    isCircular: isCircular || item.isCircular,
  };
}

type LeafNode = Omit<SchemaNode, 'type' | 'properties' | 'omitted' | 'choice' | 'isCut' | 'isCircular'>;

function plainNode({ schema, named }: Shape, id: string): LeafNode {
  const values = 'const' in schema ? [schema.const] : asArray(schema.enum);
  const example = schema.example ?? asArray(schema.examples)[0];
  return {
    id,
    component: named,
    description: typeof schema.description === 'string' ? schema.description : '',
    deprecated: schema.deprecated === true,
    readOnly: schema.readOnly === true,
    writeOnly: schema.writeOnly === true,
    limits: schemaLimits(schema),
    values: values.slice(0, MAX_VALUES).map(valueText),
    defaultValue: schema.default === undefined ? null : valueText(schema.default),
    example: example === undefined || typeof example === 'object' ? null : valueText(example),
  };
}

interface Entry {
  name: string;
  /** Last part of its id. */
  step: string;
  schema: unknown;
  isRule: boolean;
  required: boolean;
}

function propertiesOf(schema: JsonObject): Entry[] {
  const required = new Set(asArray(schema.required));
  const rule = (name: string, step: string, given: unknown): Entry => ({
    name,
    step,
    schema: given,
    isRule: true,
    required: false,
  });
  const named = objectEntries(schema.properties).map(([name, given]): Entry => {
    return { name, step: stepOf(name), schema: given, isRule: false, required: required.has(name) };
  });
  const patterns = objectEntries(schema.patternProperties).map(([pattern, given], index) =>
    rule(`names that match ${pattern}`, `:pattern-${index}`, given),
  );
  const items = asArray(schema.prefixItems).map((given, index) => rule(`item ${index + 1}`, `:item-${index}`, given));
  const others = schema.additionalProperties;
  const hasRule = isJsonObject(others) && Object.keys(others).length > 0;
  return [
    ...named,
    ...patterns,
    ...items,
    ...(hasRule ? [rule(named.length > 0 ? 'any other name' : 'any name', ':any', others)] : []),
  ];
}

function describeProperty(tree: Tree, { name, step, schema, isRule, required }: Entry, place: Place): SchemaProperty {
  return { name, isRule, required, schema: describeSchema(tree, schema, { ...place, id: `${place.id}.${step}` }) };
}

function describeChoice(tree: Tree, { choice, schema }: Shape, place: Place): SchemaChoice | null {
  if (!choice) return null;
  const discriminator = isJsonObject(schema.discriminator) ? schema.discriminator : {};
  const property = discriminator.propertyName;
  const mapping = objectEntries(discriminator.mapping);
  const options = choice.members.slice(0, MAX_VALUES).map((member, index) => {
    const node = describeSchema(tree, member, { ...place, id: `${place.id}.:${index + 1}` });
    const title = isJsonObject(member) && typeof member.title === 'string' ? member.title : null;
    const reference = isJsonObject(member) ? member.$ref : undefined;
    const isTarget = (target: unknown): boolean =>
      target !== undefined && (target === reference || target === node.component?.name);
    const mapped = mapping.find(([, target]) => isTarget(target))?.[0];
    const value = typeof property === 'string' ? (mapped ?? node.component?.name ?? null) : null;
    const isDefault = isTarget(discriminator.defaultMapping);
    return {
      label: title ?? node.component?.name ?? node.type,
      value: isDefault && mapped === undefined ? null : value,
      isDefault,
      schema: node,
    };
  });
  return { word: choice.word, discriminator: typeof property === 'string' ? property : null, options };
}

/** Unique within a path of steps, and free of blanks. */
function stepOf(name: string): string {
  return encodeURIComponent(name.toWellFormed()).replaceAll('.', '%2E');
}

function objectEntries(value: unknown): [string, unknown][] {
  return isJsonObject(value) ? Object.entries(value) : [];
}
