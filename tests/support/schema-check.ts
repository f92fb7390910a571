/** The parts of a JSON Schema that our own documents use. */
interface Schema {
  $ref?: string;
  type?: string | readonly string[];
  enum?: readonly unknown[];
  required?: readonly string[];
  properties?: Readonly<Record<string, Schema>>;
  additionalProperties?: Schema | false;
  items?: Schema;
  allOf?: readonly Schema[];
  anyOf?: readonly Schema[];
  const?: unknown;
}

/** Every way in which a value differs from a schema of `document`: types, members, words. Empty when it fits. */
export function schemaMistakes(document: unknown, schema: unknown, value: unknown, at = ''): string[] {
  const rules = resolve(document, schema) as Schema;
  if (rules.allOf) return schemaMistakes(document, merged(document, rules.allOf), value, at);
  if (rules.anyOf) {
    const each = rules.anyOf.map((choice) => schemaMistakes(document, choice, value, at));
    return each.some((mistakes) => mistakes.length === 0) ? [] : (each[0] ?? []);
  }
  if ('const' in rules && rules.const !== value) return [`${at} is ${JSON.stringify(value)}`];
  const types = typesOf(rules);
  if (!types.includes(typeOf(value))) return [`${at} is ${typeOf(value)}, not ${types.join(' or ')}`];
  if (rules.enum && !rules.enum.includes(value)) return [`${at} is ${JSON.stringify(value)}`];
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => schemaMistakes(document, rules.items ?? {}, item, `${at}/${String(index)}`));
  }
  if (typeof value !== 'object' || value === null) return [];
  return memberMistakes(document, rules, value, at);
}

function memberMistakes(document: unknown, rules: Schema, value: object, at: string): string[] {
  const missing = (rules.required ?? []).filter((name) => !(name in value)).map((name) => `${at}/${name} is missing`);
  // A schema that names no members, such as `type: object` alone, allows all.
  if (!rules.properties && !rules.additionalProperties) return missing;
  const wrong = Object.entries(value).flatMap(([name, member]) => {
    const known = rules.properties?.[name] ?? rules.additionalProperties;
    return known ? schemaMistakes(document, known, member, `${at}/${name}`) : [`${at}/${name} is not documented`];
  });
  return [...missing, ...wrong];
}

/** What a `$ref` points at, or the node itself. */
export function resolve(document: unknown, node: unknown): unknown {
  const reference = (node as Schema).$ref;
  if (reference === undefined) return node;
  const steps = reference.slice('#/'.length).split('/');
  const target = steps.reduce<unknown>((value, step) => (value as Record<string, unknown>)[step], document);
  return resolve(document, target);
}

function merged(document: unknown, parts: readonly Schema[]): Schema {
  const schemas = parts.map((part) => resolve(document, part) as Schema);
  return {
    required: schemas.flatMap((schema) => schema.required ?? []),
    properties: Object.assign({}, ...schemas.map((schema) => schema.properties ?? {})) as Record<string, Schema>,
  };
}

function typesOf({ type }: Schema): readonly string[] {
  const types = type ?? ['object', 'array', 'string', 'number', 'boolean', 'null'];
  const list = typeof type === 'string' ? [type] : (types as readonly string[]);
  return list.includes('number') ? [...list, 'integer'] : list;
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return Number.isInteger(value) ? 'integer' : typeof value;
}
