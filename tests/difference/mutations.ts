type Json = Record<string, unknown>;

/** One change of a document that an observer of its operations can see. */
export interface Mutation {
  name: string;
  apply(document: Json): void;
}

const METHODS = ['get', 'put', 'post', 'delete', 'patch'];

/** Every change of these kinds that can be made to a document. Paths of steps, so that they work on any copy. */
export function mutationsOf(document: Json): Mutation[] {
  const schemas = new Map<string, readonly string[]>();
  const found = operationsOf(document).flatMap((path) => {
    const operation = at(document, path);
    for (const schema of schemasOf(operation, path)) collect(document, schema, schemas);
    return operationMutations(path, operation);
  });
  return [...found, ...[...schemas.values()].flatMap((path) => schemaMutations(path, at(document, path)))];
}

function operationsOf(document: Json): string[][] {
  return Object.entries(document.paths as Json).flatMap(([path, item]) =>
    METHODS.filter((method) => Object.hasOwn(item as Json, method)).map((method) => ['paths', path, method]),
  );
}

function remove(object: Json, name: string): void {
  Reflect.deleteProperty(object, name);
}

function at(document: unknown, path: readonly string[]): Json {
  return path.reduce<unknown>((value, step) => (value as Json)[step], document) as Json;
}

function operationMutations(path: readonly string[], operation: Json): Mutation[] {
  const change = (name: string, apply: (operation: Json) => void): Mutation => ({
    name: `${name} of ${path.slice(1).join(' ')}`,
    apply: (document) => apply(at(document, path)),
  });
  const responses = Object.keys(operation.responses as Json);
  return [
    {
      name: `remove ${path.join(' ')}`,
      apply: (document) => remove(at(document, path.slice(0, -1)), path.at(-1) ?? ''),
    },
    change('operationId', (one) => (one.operationId = `${String(one.operationId)}X`)),
    change('summary', (one) => (one.summary = 'Another')),
    change('deprecation', (one) => (one.deprecated = one.deprecated !== true)),
    change('tags', (one) => (one.tags = ['another'])),
    change('security', (one) => (one.security = [{ another: ['scope'] }])),
    change('parameter', (one) => {
      const extra = { name: 'another', in: 'query', required: true, schema: { type: 'string' } };
      one.parameters = [...((one.parameters as unknown[] | undefined) ?? []), extra];
    }),
    ...responses.map((status) => change(`response ${status}`, (one) => remove(one.responses as Json, status))),
  ];
}

/** Steps to the schemas of bodies that stand in the operation itself. */
function schemasOf(operation: Json, path: readonly string[]): string[][] {
  const bodies = [
    ...(operation.requestBody ? [['requestBody']] : []),
    ...Object.keys(operation.responses as Json).map((status) => ['responses', status]),
  ];
  return bodies.flatMap((body) => {
    const content = (at(operation, body).content ?? {}) as Json;
    return Object.entries(content)
      .filter(([, media]) => (media as Json).schema !== undefined)
      .map(([type]) => [...path, ...body, 'content', type, 'schema']);
  });
}

/** All schemas below one, by the place where each stands, references followed. */
function collect(document: Json, path: readonly string[], found: Map<string, readonly string[]>): void {
  const schema = at(document, path);
  if (typeof schema.$ref === 'string') {
    const steps = schema.$ref.slice(2).split('/');
    if (!found.has(steps.join('/'))) collect(document, steps, found);
    return;
  }
  if (found.has(path.join('/'))) return;
  found.set(path.join('/'), path);
  for (const name of Object.keys(schema.properties ?? {})) collect(document, [...path, 'properties', name], found);
  if (schema.items) collect(document, [...path, 'items'], found);
}

function schemaMutations(path: readonly string[], schema: Json): Mutation[] {
  const change = (name: string, apply: (schema: Json) => void): Mutation => ({
    name: `${name} at ${path.join('/')}`,
    apply: (document) => apply(at(document, path)),
  });
  const types: unknown[] = Array.isArray(schema.type) ? schema.type : [schema.type];
  const properties = Object.keys(schema.properties ?? {});
  const required = (schema.required ?? []) as string[];
  return [
    change('description', (one) => (one.description = 'Another')),
    change('default', (one) => (one.default = 'another')),
    ...(types.includes('string')
      ? [
          change('length', (one) => (one.maxLength = 12_345)),
          change('type', (one) => (one.type = 'boolean')),
          change('format', (one) => (one.format = 'another')),
          change('pattern', (one) => (one.pattern = '^another$')),
        ]
      : []),
    ...(types.includes('integer')
      ? [change('maximum', (one) => (one.maximum = 12_345)), change('type', (one) => (one.type = 'string'))]
      : []),
    ...(types.includes('array') ? [change('items', (one) => (one.maxItems = 12_345))] : []),
    ...(types.includes('object')
      ? [change('property', (one) => (one.properties = { ...(one.properties as Json), another: {} }))]
      : []),
    ...properties.flatMap((name) => [
      change(`without ${name}`, (one) => {
        remove(one.properties as Json, name);
        one.required = required.filter((other) => other !== name);
      }),
      change(`required ${name}`, (one) => {
        one.required = required.includes(name) ? required.filter((other) => other !== name) : [...required, name];
      }),
    ]),
  ];
}

/** The same document with the members of every object in another order. @param draw a number from 0 to 1 */
export function shuffled<T>(value: T, draw: () => number): T {
  if (Array.isArray(value)) return value.map((item: unknown) => shuffled(item, draw)) as T;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, child]) => ({
    name,
    child: shuffled(child as unknown, draw),
    key: draw(),
  }));
  return Object.fromEntries(entries.sort((a, b) => a.key - b.key).map(({ name, child }) => [name, child])) as T;
}
