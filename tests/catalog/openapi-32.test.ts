import { readFileSync } from 'node:fs';

import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';

import { resolvePointer } from '../../src/catalog/json-pointer.ts';
import { operationPointers } from '../../src/catalog/document-parts.ts';
import { compareDocuments } from '../../src/difference/compare-documents.ts';
import { readSource } from '../../src/catalog/document-source.ts';
import { lintDocument } from '../../src/publishing/lint-document.ts';
import { problems, read } from './documents.ts';

const text = readFileSync('tests/catalog/depot.yaml', 'utf8');
const document = await read(text, 'yaml');

/** Counted without the reader: every object that may answer is an operation. */
function countOperations(given: unknown): number {
  const { paths } = given as { paths: Record<string, Record<string, unknown>> };
  const items = Object.values(paths).flatMap(({ additionalOperations, ...item }) => [
    ...Object.values(item),
    ...Object.values<unknown>({ ...(additionalOperations as object | undefined) }),
  ]);
  return items.filter((one) => typeof one === 'object' && one !== null && 'responses' in one).length;
}

describe('a document of OpenAPI 3.2', () => {
  test('stays what it is, without servers, and has as many operations as counted otherwise', () => {
    expect(document.parsed.openapi).toBe('3.2.0');
    expect(document.parsed).not.toHaveProperty('servers');
    expect(document.operations).toHaveLength(countOperations(parse(text)));
    expect(document.operations.map(({ method, path, slug }) => `${method} ${path} ${slug}`)).toEqual([
      'GET /shelves list-shelves',
      'QUERY /shelves search-shelves',
      'PURGE /shelves purge-shelves',
      'COPY /shelves/{shelfId} copy-shelf',
      'LINK /shelves/{shelfId} link-shelves-shelfid',
      'GET /events stream-events',
      'POST /events report-events',
    ]);
    expect(document.operations[2]).toMatchObject({ scopes: ['shelves.write'], tag: 'shelves' });
  });

  test('is cut into parts that stand where their pointers say', () => {
    for (const { pointer, kind, json } of document.parts) {
      const whole = resolvePointer(document.parsed, `#${encodeURI(pointer)}`);
      if (kind !== 'path' && kind !== 'root') expect(whole).toEqual(JSON.parse(json));
    }
    for (const { method, path } of document.operations) {
      const { operation, shared } = operationPointers(path, method);
      expect(document.parts.filter(({ pointer }) => pointer === operation)).toHaveLength(1);
      const common = document.parts.find(({ pointer }) => pointer === shared);
      expect(common?.json ?? '').not.toContain('additionalOperations');
    }
    expect(document.parts.filter(({ kind }) => kind === 'webhook').map(({ pointer }) => pointer)).toEqual([
      '/webhooks/shelfFull/query',
      '/webhooks/shelfMoved/additionalOperations/NOTIFY',
    ]);
  });

  test.each(['get', 'Get', 'Query', 'TRACE'])('may not hide %s among its additional operations', async (method) => {
    const [problem] = await problems(text.replace('      PURGE:', `      ${method}:`));
    expect(problem).toMatch(/^\d+: .*(has a place of its own|must NOT be valid)/);
  });

  test.each(['A`id`', 'A|sh', 'A&sh', "A'", 'A$IFS', '-X', 'M'.repeat(33)])(
    'may not have %s for a method: it would stand in samples',
    async (method) => {
      const [problem] = await problems(text.replace('      PURGE:', `      "${method}":`));
      expect(problem).toMatch(/^80: .*is no method that is served here/);
    },
  );

  test('may not use the same operationId for an additional operation', async () => {
    expect(await problems(text.replace('operationId: copyShelf', 'operationId: listShelves'))).toEqual([
      expect.stringContaining('operationId "listShelves" of COPY /shelves/{shelfId} belongs to GET /shelves already'),
    ]);
  });

  test('names its own address, and still no other document', async () => {
    const elsewhere = text.replace(
      "$ref: '#/components/parameters/Trace'",
      '$ref: https://docs.example.com/apis/depot/v1/openapi.yaml#/components/parameters/Trace',
    );
    expect(await problems(elsewhere)).toEqual([expect.stringContaining('leaves the document')]);
  });

  test('is linted, with the rules for operations also for those with other methods', async () => {
    const source = readSource(text, 'yaml');
    if (!source.ok) throw new Error('unreadable');
    const report = await lintDocument(text, source.source, source.source.value as Record<string, unknown>);
    if (!report.ok) throw new Error(report.reason);
    expect(report.groups.length).toBeGreaterThan(0);
    expect(report.groups.filter(({ rule }) => rule.includes('struct'))).toEqual([]);
  });
});

describe('differences between documents of OpenAPI 3.2', () => {
  const options = { atMs: 0, deprecationDays: 0 } as unknown as Parameters<typeof compareDocuments>[2];
  const rulesBetween = async (change: (text: string) => string): Promise<string[]> => {
    const now = await read(change(text), 'yaml');
    const difference = compareDocuments({ ...document.parsed }, { ...now.parsed }, options);
    return JSON.stringify(difference).match(/"rule":"[^"]+"/g) ?? [];
  };

  test('a document does not differ from itself', async () => {
    expect(await rulesBetween((same) => same)).toEqual([]);
  });

  test.each([
    [
      'an additional operation that is gone',
      ['      PURGE:', '      LOCK:'],
      ['api-removed-without-deprecation', 'endpoint-added'],
    ],
    [
      'a query that needs more',
      ['minGrams: { type: integer }', 'minGrams: { type: string }'],
      ['request-property-type-changed'],
    ],
    ['an item of a stream', ['enum: [arrived, moved, left]', 'enum: [arrived, moved, left, lost]'], ['enum']],
  ])('%s is found', async (_, [from = '', to = ''], expected) => {
    const rules = (await rulesBetween((before) => before.replace(from, to))).join(' ');
    for (const rule of expected) expect(rules).toContain(rule);
  });
});
