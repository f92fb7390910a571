import type { JsonObject } from '../catalog/document-source.ts';
import type { Resolver } from './resolver.ts';
import { type Shape, asArray, readShape } from './schema-shape.ts';

const MOST_NAMED = 3;

/**
 * The type of a schema in words.
 * @param resolver to look into the members of a choice; null when there is none
 * @param itemType of the items of an array
 */
export function typeWords(resolver: Resolver | null, shape: Shape, itemType?: string): string {
  const own = ownTypes(shape.schema);
  const members = shape.choice?.members ?? [];
  const types =
    own.length > 0 || !resolver ? own : members.slice(0, 50).flatMap((member) => memberTypes(resolver, member));
  const words = [...new Set(types)].map((type) =>
    type === 'array' && itemType !== undefined ? `array of ${plural(itemType)}` : type,
  );
  const named = words.length > MOST_NAMED ? ['one of several types'] : words;
  const all = [...(named.length > 0 ? named : ['any value']), ...(shape.nullable ? ['null'] : [])];
  return [...new Set(all)].join(' or ');
}

function memberTypes(resolver: Resolver, member: unknown): string[] {
  const { schema, choice, nullable } = readShape(resolver, member);
  const types = ownTypes(schema);
  return [
    ...(types.length > 0 ? types : [choice ? 'one of several types' : 'any value']),
    ...(nullable ? ['null'] : []),
  ];
}

function ownTypes(schema: JsonObject): string[] {
  const given =
    typeof schema.type === 'string' ? [schema.type] : asArray(schema.type).filter((type) => typeof type === 'string');
  if (given.length > 0) return [...given];
  if (schema.not !== undefined && Object.keys(schema).length === 1) return ['nothing'];
  const values = 'const' in schema ? [schema.const] : asArray(schema.enum);
  if (values.length > 0) return values.map(typeOfValue);
  if (schema.properties ?? schema.additionalProperties ?? schema.patternProperties) return ['object'];
  return (schema.items ?? schema.prefixItems) ? ['array'] : [];
}

function typeOfValue(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return Number.isInteger(value) ? 'integer' : typeof value;
}

function plural(words: string): string {
  return words
    .split(' or ')
    .map((word) =>
      word === 'null' || word === 'nothing' || word.startsWith('one of')
        ? word
        : word.replace(/^[a-z]+( value)?/, '$&s'),
    )
    .join(' or ');
}
