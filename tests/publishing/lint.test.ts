import { readFileSync } from 'node:fs';

import { describe, expect, test } from 'vitest';

import { readSource } from '../../src/catalog/document-source.ts';
import type { JsonObject } from '../../src/catalog/json-object.ts';
import { lintDocument } from '../../src/publishing/lint-document.ts';
import { type LintGroup, lintCounts } from '../../src/publishing/lint-report.ts';
import { lintRules, owaspRules } from '../../src/publishing/lint-rules.ts';

async function lint(text: string, format: 'yaml' | 'json' = 'yaml'): Promise<readonly LintGroup[]> {
  const read = readSource(text, format);
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  const report = await lintDocument(text, read.source, read.source.value as JsonObject);
  if (!report.ok) throw new Error(report.reason);
  return report.groups;
}

/** Nothing to find by our rules; what stands for a rule below is put into it. */
const GOOD = `openapi: 3.1.0
info: { title: Parcels, version: '1' }
servers: [{ url: https://api.example.com, description: Production }]
security: [{ key: [] }]
paths:
  /parcels/{parcelId}:
    get:
      operationId: getParcel
      summary: Get a parcel
      parameters:
        - { name: parcelId, in: path, required: true, description: Id, schema: { type: string, format: uuid } }
      responses:
        '200':
          description: The parcel
          headers: { RateLimit: { description: Left, schema: { type: string, maxLength: 99, pattern: '^l' } } }
          content: { application/json: { schema: { $ref: '#/components/schemas/Parcel' } } }
        '400': { description: Not right }
        '401': { description: No key }
        '429':
          description: Too many
          headers: { Retry-After: { description: Seconds, schema: { type: integer, format: int32, minimum: 1, maximum: 9 } } }
        '500': { description: Our mistake }
components:
  securitySchemes:
    key: { type: apiKey, in: header, name: X-API-Key }
  schemas:
    Parcel:
      type: object
      properties:
        weight: { type: integer, format: int32, minimum: 1, maximum: 30000 }
`;

/** @param from a piece of the good document that is there once */
function good(from: string, to: string): string {
  expect(GOOD.split(from)).toHaveLength(2);
  return GOOD.replace(from, to);
}

const scheme = (text: string): string => good('{ type: apiKey, in: header, name: X-API-Key }', text);
const weight = (text: string): string => good('{ type: integer, format: int32, minimum: 1, maximum: 30000 }', text);
const parameter = (text: string): string => good('- { name: parcelId', `- ${text}\n        - { name: parcelId`);
const oauth = (flow: string): string => scheme(`{ type: oauth2, flows: { ${flow} } }`);
const lineOf = (piece: string): number => GOOD.slice(0, GOOD.indexOf(piece)).split('\n').length;
const SCHEME = lineOf('key: { type');
const WEIGHT = lineOf('weight:');

/** Rule, document, and the line of the first place. */
const cases: readonly (readonly [rule: string, document: string, line: number])[] = [
  ['owasp-no-http-basic', scheme('{ type: http, scheme: Basic }'), SCHEME],
  ['owasp-no-api-key-in-url', scheme('{ type: apiKey, in: query, name: key }'), SCHEME],
  ['owasp-weak-scheme', scheme('{ type: http, scheme: hoba }'), SCHEME],
  ['owasp-jwt-practice', scheme('{ type: http, scheme: bearer, bearerFormat: JWT }'), SCHEME],
  ['owasp-oauth-flow', oauth('implicit: { authorizationUrl: https://a, refreshUrl: https://a, scopes: {} }'), SCHEME],
  [
    'owasp-oauth-refresh',
    oauth('authorizationCode: { authorizationUrl: https://a, tokenUrl: https://a, scopes: {} }'),
    SCHEME,
  ],
  ['owasp-oauth-http', oauth('clientCredentials: { tokenUrl: http://a.example, scopes: {} }'), SCHEME],
  ['owasp-write-restricted', good('    get:', '    delete:').replace('security: [{ key: [] }]', 'security: []'), 7],
  ['owasp-read-restricted', good('security: [{ key: [] }]', 'security: [{ key: [] }, {}]'), 7],
  [
    'owasp-no-credentials-in-url',
    parameter('{ name: api_key, in: query, description: K, schema: { type: boolean } }'),
    11,
  ],
  ['owasp-rate-limit-status', good("        '429':", "        '428':"), 12],
  ['owasp-rate-limit-headers', good('headers: { RateLimit:', 'headers: { Age:'), 13],
  ['owasp-retry-after', good('Retry-After:', 'Age:'), 19],
  [
    'owasp-admin-security',
    good(
      'paths:\n',
      `paths:\n  /admin/parcels: { get: { operationId: all, summary: All, responses: { '200': { description: ok } } } }\n`,
    ),
    6,
  ],
  ['owasp-server-http', good('https://api.example.com', 'http://api.example.com'), 3],
  ['owasp-error-401', good("        '401': { description: No key }\n", ''), 7],
  ['owasp-error-validation', good("        '400': { description: Not right }\n", ''), 12],
  ['owasp-error-500', good("        '500': { description: Our mistake }\n", ''), 12],
  ['owasp-server-purpose', good(', description: Production', ''), 3],
  [
    'owasp-numeric-id',
    good('{ type: string, format: uuid }', '{ type: integer, format: int32, minimum: 1, maximum: 9 }'),
    11,
  ],
  [
    'owasp-any-property',
    good('      properties:\n', '      additionalProperties: true\n      properties:\n'),
    lineOf('      properties:'),
  ],
  ['owasp-map-limit', weight('{ type: object, additionalProperties: { type: boolean } }'), WEIGHT],
  ['owasp-array-limit', weight('{ type: array, items: { type: boolean } }'), WEIGHT],
  ['owasp-string-limit', weight("{ type: string, pattern: '^a' }"), WEIGHT],
  ['owasp-string-form', weight('{ type: string, maxLength: 9 }'), WEIGHT],
  ['owasp-number-limit', weight('{ type: integer, format: int32, minimum: 1 }'), WEIGHT],
  ['owasp-number-format', weight('{ type: integer, minimum: 1, maximum: 9 }'), WEIGHT],
  [
    'owasp-url-parameter',
    parameter('{ name: callback_url, in: query, description: U, schema: { type: boolean } }'),
    11,
  ],
];

describe('rules about security', () => {
  test('find nothing in a document that keeps to all of them', async () => {
    expect(await lint(GOOD)).toEqual([]);
  });

  test.each(cases)('%s is found where it is', async (rule, document, line) => {
    const groups = await lint(document);
    const found = groups.find((group) => group.rule === rule);
    expect({ rule, line: found?.places[0]?.line }).toEqual({ rule, line });
  });

  test('each has a case', () => {
    expect(cases.map(([rule]) => rule).sort()).toEqual(owaspRules.map(({ id }) => id).sort());
  });
});

test('what a shared part says is told once, however many operations use it', async () => {
  const uses = Array.from(
    { length: 50 },
    (_, n) =>
      `  /p${n}: { get: { responses: { '200': { description: ok, content: { application/json: { schema: { $ref: '#/components/schemas/A' } } } } } } }\n`,
  );
  const text = `openapi: 3.1.0\ninfo: { title: T, version: '1' }\npaths:\n${uses.join('')}components: { schemas: { A: { type: array, items: { type: boolean } } } }\n`;
  expect((await lint(text)).find(({ rule }) => rule === 'owasp-array-limit')).toMatchObject({
    count: 1,
    places: [{ line: 54 }],
  });
});

test('findings come by rule, with their count, five places at most, the worst first', async () => {
  const paths = Array.from(
    { length: 30 },
    (_, n) => `  /p${n}: { post: { responses: { '200': { description: ok } } } }\n`,
  );
  const groups = await lint(`openapi: 3.1.0\ninfo: { title: T, version: '1' }\npaths:\n${paths.join('')}`);
  expect(groups.find(({ rule }) => rule === 'owasp-write-restricted')).toMatchObject({ count: 30 });
  expect(groups.every(({ places }) => places.length <= 5)).toBe(true);
  const levels = groups.map(({ level }) => level);
  expect(levels).toEqual(
    levels.toSorted((a, b) => ['error', 'warning', 'info'].indexOf(a) - ['error', 'warning', 'info'].indexOf(b)),
  );
  expect(lintCounts({ ok: true, groups }).warning).toBeGreaterThanOrEqual(60);
});

test('places are those of the text, in JSON and in YAML', async () => {
  const yaml = `openapi: 3.1.0\ninfo: { title: T, version: '1' }\npaths:\n  /a:\n    get:\n      responses: { '200': { description: ok } }\n`;
  const json =
    '{\n "openapi": "3.1.0", "info": { "title": "T", "version": "1" },\n "paths": {\n  "/a": { "get": {\n   "responses": { "200": { "description": "ok" } } } } }\n}';
  const place = async (text: string, format: 'yaml' | 'json') => {
    const group = (await lint(text, format)).find(({ rule }) => rule === 'owasp-error-500');
    return group?.places[0];
  };
  expect(await place(yaml, 'yaml')).toMatchObject({ line: 6, column: 7, pointer: '/paths/~1a/get/responses' });
  expect(await place(json, 'json')).toMatchObject({ line: 5, column: 4, pointer: '/paths/~1a/get/responses' });
});

test('OpenAPI 2.0 is linted as it is written', async () => {
  const text = `swagger: '2.0'
info: { title: T, version: '1' }
schemes: [http]
securityDefinitions: { b: { type: basic } }
paths:
  /a:
    get: { parameters: [{ name: token, in: query, type: string }], responses: { 200: { description: ok } } }
`;
  const rules = (await lint(text)).map(({ rule }) => rule);
  expect(rules).toEqual(
    expect.arrayContaining([
      'owasp-no-http-basic',
      'owasp-server-http',
      'owasp-no-credentials-in-url',
      'owasp-string-limit',
    ]),
  );
});

test('mistakes that the reader lets pass are errors of the lint', async () => {
  const groups = await lint(`openapi: 3.1.0\ninfo: { title: T }\npaths: {}\n`);
  expect(groups.find(({ rule }) => rule === 'struct')).toMatchObject({ level: 'error', places: [{ line: 2 }] });
});

test('the documents that ship have no error', async () => {
  for (const file of ['parcels/v1', 'parcels/v2', 'gatehouse/v1']) {
    const groups = await lint(readFileSync(`content/apis/${file}/openapi.yaml`, 'utf8'));
    expect([file, groups.filter(({ level }) => level === 'error').map(({ rule }) => rule)]).toEqual([file, []]);
    expect(groups.filter(({ rule }) => !lintRules.has(rule))).toEqual([]);
  }
});

test('every rule has words for people', () => {
  for (const [, { title, why }] of lintRules) expect([title.length > 10, why.endsWith('.')]).toEqual([true, true]);
});
