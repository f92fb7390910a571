const HEAD = 'openapi: 3.1.0\ninfo: { title: T, version: "1" }\n';
const OK = "responses: { '200': { description: ok } }";

function withSchema(schema: string): string {
  return `${HEAD}paths: {}\ncomponents: { schemas: { A: ${schema} } }\n`;
}

/** Pattern that nobody may compile; found again by this mark. */
export const PATTERN = '(a+)+MARK$';

export interface HostileDocument {
  name: string;
  text: string;
  format: 'yaml' | 'json';
  /** Part of the reason for which it is refused; null when it may be kept, as plain data. */
  reason: string | null;
}

/** @param canary address of a server and path of a file that nobody may touch */
export function hostileDocuments(canary: { url: string; file: string }): HostileDocument[] {
  const yaml = (name: string, text: string, reason: string | null): HostileDocument => ({
    name,
    text,
    format: 'yaml',
    reason,
  });
  const json = (name: string, value: unknown, reason: string | null): HostileDocument => ({
    name,
    text: typeof value === 'string' ? value : JSON.stringify(value),
    format: 'json',
    reason,
  });
  const reference = (target: string) =>
    yaml(`a reference to ${target.slice(0, 30)}`, withSchema(`{ $ref: "${target}" }`), 'leaves the document');
  const chain = Object.fromEntries(
    Array.from({ length: 10_000 }, (_, n) => [`S${n}`, { $ref: `#/components/schemas/S${n + 1}` }]),
  );
  const info = { title: 'T', version: '1' };
  const many = Object.fromEntries(
    Array.from({ length: 10_000 }, (_, n) => [
      `/p${n}`,
      { get: { operationId: `o${n}`, responses: { 200: { description: 'ok' } } } },
    ]),
  );
  const deep = Array.from({ length: 40 }).reduce<object>((inner) => ({ type: 'object', properties: { a: inner } }), {
    type: 'string',
  });
  return [
    ...[
      canary.url,
      canary.file,
      `file://${canary.file}`,
      '/etc/passwd',
      '../../.env',
      '//127.0.0.1/a',
      'a.yaml#/A',
    ].map(reference),
    yaml('an operation kept elsewhere', `${HEAD}paths: { /a: { $ref: "${canary.url}" } }\n`, 'leaves the document'),
    yaml(
      'an example kept elsewhere',
      `${HEAD}paths: {}\ncomponents: { examples: { A: { externalValue: "${canary.url}" } } }\n`,
      null,
    ),
    yaml(
      'a mapping that leads elsewhere',
      withSchema(`{ type: object, discriminator: { propertyName: a, mapping: { b: "${canary.url}" } } }`),
      null,
    ),
    yaml('a dialect kept elsewhere', `${HEAD}jsonSchemaDialect: "${canary.url}"\npaths: {}\n`, null),
    yaml(
      'a link that leads elsewhere',
      `${HEAD}paths: { /a: { get: { responses: { '200': { description: ok, links: { l: { operationRef: "${canary.file}" } } } } } } }\n`,
      null,
    ),
    yaml('a circle of references', withSchema('{ $ref: "#/components/schemas/A" }'), 'never arrives'),
    json(
      'ten thousand references in a row',
      { openapi: '3.1.0', info, paths: {}, components: { schemas: chain } },
      'never arrives',
    ),
    yaml(
      'a schema that holds itself',
      withSchema('{ type: object, properties: { a: { $ref: "#/components/schemas/A" } } }'),
      null,
    ),
    yaml(
      'a bomb of aliases',
      'abcdefgh'
        .split('')
        .map(
          (n, i, all) =>
            `${n}: &${n} [${Array(9)
              .fill(i ? `*${all[i - 1] ?? ''}` : 'x')
              .join(', ')}]`,
        )
        .join('\n'),
      'aliases',
    ),
    yaml('nesting in YAML', '['.repeat(100_000), 'nested more than'),
    json('nesting in JSON', '['.repeat(100_000) + ']'.repeat(100_000), 'nested more than'),
    json(
      'forty objects in each other',
      { openapi: '3.1.0', info, paths: {}, components: { schemas: { A: deep } } },
      null,
    ),
    json(
      'one text of four MB',
      { openapi: '3.1.0', info: { ...info, description: 'x'.repeat(4_000_000) }, paths: {} },
      null,
    ),
    json('doubled names', '{"openapi":"3.1.0","openapi":"3.0.0"}', 'stands twice'),
    yaml('doubled names in YAML', 'openapi: 3.1.0\nopenapi: 3.0.0\n', 'unique'),
    json('__proto__', '{"openapi":"3.1.0","info":{"__proto__":{"polluted":true}}}', '"__proto__" is not allowed'),
    yaml(
      'constructor',
      `${HEAD}paths: {}\nx-a: { constructor: { prototype: { polluted: true } } }\n`,
      '"constructor" is not allowed',
    ),
    json('U+0000', { openapi: '3.1.0', info: { ...info, description: '\0' }, paths: {} }, 'no text'),
    json('half of a pair', { openapi: '3.1.0', info: { ...info, description: '\ud800' }, paths: {} }, 'no text'),
    yaml('a function', 'a: !!js/function "() => process.exit()"\n', 'Unresolved tag'),
    yaml('a web page', '<!doctype html><script>alert(1)</script>', 'is not an OpenAPI document'),
    yaml(
      'scripts as addresses',
      `${HEAD.replace('title: T', 'title: T, termsOfService: "javascript:alert(1)"')}externalDocs: { url: "javascript:alert(1)" }\npaths: {}\n`,
      null,
    ),
    yaml(
      'a pattern without end',
      withSchema(`{ type: string, pattern: "${PATTERN}", example: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!" }`),
      null,
    ),
    yaml(
      'patterns as names',
      withSchema(
        `{ type: object, patternProperties: { "${PATTERN}": { type: string } }, example: { aaaaaaaaaaaaaaaaaaaaaaa: 1 } }`,
      ),
      null,
    ),
    yaml(
      'a parameter with a pattern',
      `${HEAD}paths: { /a: { get: { parameters: [{ name: q, in: query, example: aaaaaaaaaaaaaaaaaaaa, schema: { type: string, pattern: "${PATTERN}" } }], ${OK} } } }\n`,
      null,
    ),
    json('ten thousand operations', { openapi: '3.1.0', info, paths: many }, null),
    yaml('another version', 'openapi: 4.0.0\n', 'supported are'),
    yaml('nothing', '', 'empty'),
    yaml('a list', '- openapi: 3.1.0\n', 'is not an OpenAPI document'),
    json('no JSON', '{"openapi": 3.1.0', 'not valid JSON'),
  ];
}
