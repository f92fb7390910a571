type Json = Record<string, unknown>;

/** Whether a value has the types, members, elements and words that a schema of our own documents asks for. */
export function schemaMistakes(document: Json, schema: unknown, value: unknown, at = ''): string[] {
  const rules = resolve(document, schema);
  if (!typesOf(rules).includes(typeOf(value)))
    return [`${at || '/'} is ${typeOf(value)}, not ${typesOf(rules).join('|')}`];
  if (Array.isArray(rules['enum']) && !rules['enum'].includes(value)) return [`${at} is ${String(value)}`];
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => schemaMistakes(document, rules['items'], item, `${at}/${String(index)}`));
  }
  if (typeof value !== 'object' || value === null) return [];
  const properties = (rules['properties'] ?? {}) as Json;
  const required = (rules['required'] ?? []) as string[];
  const missing = required.filter((name) => !(name in value)).map((name) => `${at}/${name} is missing`);
  return Object.entries(value).reduce((mistakes, [name, member]) => {
    const known = properties[name] ?? rules['additionalProperties'];
    if (!known) return [...mistakes, `${at}/${name} is not documented`];
    return [...mistakes, ...schemaMistakes(document, known, member, `${at}/${name}`)];
  }, missing);
}

export function resolve(document: Json, node: unknown): Json {
  const reference = (node as Json)['$ref'];
  if (typeof reference !== 'string') return node as Json;
  const target = reference
    .slice(2)
    .split('/')
    .reduce<unknown>((value, step) => (value as Json)[step], document);
  return resolve(document, target);
}

function typesOf(schema: Json): string[] {
  const type = schema['type'] ?? ['object', 'array', 'string', 'number', 'integer', 'boolean', 'null'];
  const types = (Array.isArray(type) ? type : [type]) as string[];
  return types.includes('number') ? [...types, 'integer'] : types;
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}
