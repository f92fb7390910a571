import { describe, expect, test } from 'vitest';

import { HEAD, problems, read, yamlWith } from './documents.ts';

describe('versions of OpenAPI', () => {
  test('3.1 is read as it is', async () => {
    const document = await read(yamlWith(''));
    expect(document).toMatchObject({ title: 'Parcels', documentVersion: '1.2.3', description: 'About *parcels*.' });
    expect(document.parsed.openapi).toBe('3.1.0');
    expect(document.operations).toEqual([
      {
        operationId: 'get-parcels',
        slug: 'get-parcels',
        method: 'GET',
        path: '/parcels',
        summary: '',
        deprecated: false,
        tag: '',
        scopes: [],
        cost: 1,
      },
    ]);
  });

  test('3.0 becomes 3.1, with nullable as a type', async () => {
    const document = await read(
      yamlWith('components: { schemas: { Note: { type: string, nullable: true } } }').replace('3.1.0', '3.0.3'),
    );
    expect(document.parsed.openapi).toMatch(/^3\.1\./);
    expect(document.parsed.components.schemas.Note).toEqual({ type: ['string', 'null'] });
  });

  test('2.0 becomes 3.1, and bodies become request bodies wherever they stood', async () => {
    const document = await read(SWAGGER);
    const requestBody = {
      content: { 'application/json': { schema: { $ref: '#/components/schemas/Parcel' } } },
      required: true,
    };
    const form = { schema: { properties: { note: { type: 'string' } } } };
    expect(document.parsed).toMatchObject({
      openapi: expect.stringMatching(/^3\.1\./) as string,
      components: { schemas: { Parcel: { type: 'object' } } },
      paths: {
        '/parcels': { post: { requestBody, parameters: [{ $ref: '#/components/parameters/Trace' }] } },
        '/parcels/{id}': {
          parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
          put: { requestBody },
          patch: { requestBody: { content: { 'application/x-www-form-urlencoded': form } } },
        },
      },
    });
    expect(document.json).not.toContain('"#/components/requestBodies/');
  });

  test.each([
    ['openapi: 3.3.0', '1: openapi is "3.3.0"; supported are "2.0", "3.0.x", "3.1.x" and "3.2.x", in quotes'],
    ['openapi: 3.1', '1: openapi is 3.1; supported are "2.0", "3.0.x", "3.1.x" and "3.2.x", in quotes'],
    ['swagger: 2.0', '1: swagger is 2; supported are "2.0", "3.0.x", "3.1.x" and "3.2.x", in quotes'],
    ['hello: world', '1: is not an OpenAPI document: it starts with neither "openapi" nor "swagger"'],
    ['just text', '1: is not an OpenAPI document'],
    ['', 'null: the file is empty'],
  ])('%s is refused with what to write instead', async (text, expected) => {
    expect(await problems(text)).toEqual([expected]);
  });
});

describe('broken documents are named with line and reason', () => {
  test('YAML that does not parse', async () => {
    expect(await problems('openapi: 3.1.0\ninfo: { title: "Parcels\npaths: {}\n')).toEqual([
      expect.stringMatching(/^4: not valid YAML: Missing closing "quote/),
      expect.stringMatching(/^\d: not valid YAML: /),
    ]);
  });

  test('JSON that does not parse', async () => {
    expect(await problems('{\n "openapi": "3.1.0",\n "info": {},\n}', 'json')).toEqual([
      '4: not valid JSON: expected a name in double quotes',
    ]);
  });

  test.each([['3.0.3'], ['3.1.0']])('a missing description in %s, in YAML', async (version) => {
    const text = yamlWith('').replace('{ description: Fine }', '{}').replace('3.1.0', version);
    expect(await problems(text)).toEqual([
      expect.stringMatching(/^10: must have required property 'description' \(at paths > \/parcels > get > responses/),
    ]);
  });

  test('a missing description in 3.1, in JSON', async () => {
    const text = JSON.stringify(
      {
        openapi: '3.1.0',
        info: { title: 'T', version: '1' },
        paths: { '/a': { get: { responses: { 200: {} } } } },
      },
      null,
      1,
    );
    const line = text.split('\n').findIndex((one) => one.includes('"200"')) + 1;
    expect(await problems(text, 'json')).toEqual([
      `${String(line)}: must have required property 'description' (at paths > /a > get > responses > 200)`,
    ]);
  });

  test('a member that 2.0 does not know', async () => {
    const text = SWAGGER.replace('host: parcels.example', 'hosts: parcels.example');
    expect(await problems(text)).toEqual(['1: Property hosts is not expected to be here']);
  });

  test('a path parameter that is nowhere declared', async () => {
    const text = yamlWith('').replace('/parcels:', '/parcels/{parcelId}:');
    expect(await problems(text)).toEqual([expect.stringMatching(/^8: Declared path parameter "parcelId"/)]);
  });

  test('a reference to nothing', async () => {
    const text = yamlWith('components:\n  schemas:\n    A:\n      $ref: "#/components/schemas/B"\n');
    expect(await problems(text)).toEqual([
      "14: Can't resolve reference: #/components/schemas/B (at components > schemas > A > $ref)",
    ]);
  });

  test('an operationId that stands twice', async () => {
    const text = `${HEAD}paths:
  /a:
    get:
      operationId: list
      responses: { '200': { description: Fine } }
  /b:
    get:
      operationId: list
      responses: { '200': { description: Fine } }
`;
    expect(await problems(text)).toEqual(['13: operationId "list" of GET /b belongs to GET /a already']);
  });

  test.each([
    ['yaml' as const, 'a: 1\nb: 2\na: 3\n', '3: not valid YAML: Map keys must be unique'],
    ['json' as const, '{"a": 1,\n"b": 2,\n"a": 3}', '3: the name "a" stands twice in one object'],
  ])('a name that stands twice in %s', async (format, text, expected) => {
    expect(await problems(text, format)).toEqual([expected]);
  });

  test('at most twenty problems of one document', async () => {
    const responses = Array.from({ length: 60 }, (_, index) => `        '${String(400 + index)}': {}`).join('\n');
    expect(await problems(yamlWith('').replace(`'200'`, `'200'`) + responses)).toHaveLength(20);
  });
});

describe('what is kept of a document', () => {
  test('servers are left out at every level, so that nothing calls past the gateway', async () => {
    const document = await read(`${HEAD}servers: [{ url: https://evil.example }]
paths:
  /parcels:
    servers: [{ url: https://evil.example }]
    get:
      servers: [{ url: https://evil.example }]
      responses: { '200': { description: Fine } }
`);
    expect(document.json).not.toContain('"servers"');
    // Once, where readers see it and nothing calls it.
    expect(document.json.match(/evil\.example/g)).toHaveLength(1);
    expect(document.json).toContain('"x-gatehouse-servers":[{"url":"https://evil.example"}]');
  });

  test('missing ids are derived from method and path, and never collide', async () => {
    const document = await read(`${HEAD}paths:
  /parcels/{parcelId}/events:
    parameters: [{ name: parcelId, in: path, required: true, schema: { type: string } }]
    get: { responses: { '200': { description: Fine } } }
  /parcels/parcelid/events:
    get: { responses: { '200': { description: Fine } } }
`);
    expect(document.operations.map(({ operationId }) => operationId)).toEqual([
      'get-parcels-parcelid-events',
      'get-parcels-parcelid-events-2',
    ]);
    expect(document.parsed.paths['/parcels/{parcelId}/events']?.get?.operationId).toBe('get-parcels-parcelid-events');
  });

  test('scopes are those of all alternatives, of the document unless the operation says otherwise', async () => {
    const document = await read(`${HEAD}security: [{ key: ['b', 'a'] }, { bearer: ['a'] }]
paths:
  /a: { get: { tags: [One], summary: List, deprecated: true, responses: { '200': { description: Fine } } } }
  /b: { get: { security: [], responses: { '200': { description: Fine } } } }
components:
  securitySchemes:
    key: { type: apiKey, in: header, name: X-API-Key }
    bearer: { type: http, scheme: bearer }
`);
    expect(document.operations).toMatchObject([
      { scopes: ['a', 'b'], tag: 'One', summary: 'List', deprecated: true },
      { scopes: [] },
    ]);
  });

  test('the same document has the same hash in YAML and in JSON', async () => {
    const yaml = await read(yamlWith(''));
    const json = await read(
      JSON.stringify({
        openapi: '3.1.0',
        info: { title: 'Parcels', version: '1.2.3', description: 'About *parcels*.' },
        paths: { '/parcels': { get: { responses: { '200': { description: 'Fine' } } } } },
      }),
      'json',
    );
    expect(json.sha256).toBe(yaml.sha256);
  });
});

const SWAGGER = `swagger: "2.0"
info: { title: Old, version: "1" }
host: parcels.example
consumes: [application/json]
parameters:
  Body: { name: body, in: body, required: true, schema: { $ref: "#/definitions/Parcel" } }
  Note: { name: note, in: formData, type: string }
  Trace: { name: X-Trace, in: header, type: string }
definitions:
  Parcel: { type: object }
paths:
  /parcels:
    post:
      parameters: [{ $ref: "#/parameters/Body" }, { $ref: "#/parameters/Trace" }]
      responses: { "201": { description: Made } }
  /parcels/{id}:
    parameters:
      - { name: id, in: path, required: true, type: string }
      - { $ref: "#/parameters/Body" }
    put:
      responses: { "200": { description: Fine } }
    patch:
      consumes: [application/x-www-form-urlencoded]
      parameters: [{ $ref: "#/parameters/Note" }]
      responses: { "200": { description: Fine } }
`;
