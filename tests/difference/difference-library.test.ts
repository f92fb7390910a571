import { afterAll, beforeAll, expect, test } from 'vitest';

import type { Catalog } from '../../src/catalog/catalog.ts';
import { createCatalogStore } from '../../src/catalog/catalog-store.ts';
import { type DifferenceLibrary, createDifferenceLibrary } from '../../src/difference/difference-library.ts';
import { createDifferenceReader } from '../../src/difference/difference-reader.ts';
import { createPublishedDocumentStore } from '../../src/difference/published-document-store.ts';
import { read } from '../catalog/documents.ts';
import { type TestDatabase, forEachDialect, openTestDatabase } from '../support/databases.ts';
import { documentOf } from './cases/case.ts';
import { AT_MS } from './judge.ts';

const life = {
  lifecycle: 'active',
  deprecatedAtMs: null,
  sunsetAtMs: null,
  upstreamUrl: 'http://127.0.0.1:1',
} as const;
const clock = { nowMs: () => AT_MS };

async function catalogOf(versions: Readonly<Record<string, object>>): Promise<Catalog> {
  const read1 = async ([version, document]: [string, object]) => ({
    version,
    ...life,
    document: await read(JSON.stringify(document), 'json'),
  });
  const list = await Promise.all(Object.entries(versions).map(read1));
  const api = { slug: 'things', title: 'Things', summary: '', plans: [], versions: list };
  return { apis: [api], broken: [], problems: [] };
}

const renamed = { paths: { '/others': { get: { operationId: 'post', responses: { 200: { description: 'Fine' } } } } } };

forEachDialect((dialect) => {
  let opened: TestDatabase;
  let library: DifferenceLibrary;
  let comparisons = 0;

  beforeAll(async () => {
    opened = await openTestDatabase(dialect);
    const catalog = createCatalogStore(opened.database);
    const versions = { v1: documentOf(), v2: documentOf({ deprecated: true }), v3: { ...documentOf(), ...renamed } };
    await catalog.sync(await catalogOf(versions), 0);
    const reader = createDifferenceReader();
    const counted: typeof reader = {
      read: (pair) => {
        comparisons += 1;
        return reader.read(pair);
      },
    };
    library = createDifferenceLibrary({ store: createPublishedDocumentStore(opened.database), reader: counted, clock });
  });

  afterAll(() => opened.close());

  test('are made once for readers who ask at once', async () => {
    comparisons = 0;
    const [first, second] = await Promise.all([
      library.between('things', 'v1', 'v2'),
      library.between('things', 'v1', 'v2'),
    ]);
    expect(first).toMatchObject({ ok: true, difference: { counts: { error: 0, warning: 1, info: 1 } } });
    expect(second).toEqual(first);
    expect(comparisons).toBe(1);
  });

  test.each([
    ['things', 'v1', 'v9'],
    ['others', 'v1', 'v2'],
  ])('are not there for %s from %s to %s', async (api, from, to) => {
    expect(await library.between(api, from, to)).toEqual({ ok: false, reason: 'not_found' });
  });

  test('a version does not differ from itself', async () => {
    expect(await library.between('things', 'v1', 'v1')).toMatchObject({ ok: true, difference: { operations: [] } });
  });

  test('the same operation is found by method and path, or else by its id', async () => {
    const key = { operationId: 'post', method: 'POST', path: '/things/{id}' };
    const found = await library.sameOperation('things', ['v2', 'v3'], key);
    expect([...found]).toEqual(
      expect.arrayContaining([
        ['v2', 'post'],
        ['v3', 'post'],
      ]),
    );
    expect(await library.sameOperation('things', ['v2'], { ...key, path: '/none', operationId: 'none' })).toEqual(
      new Map(),
    );
  });
});

test('a comparison that takes too much ends, and the next one is made', async () => {
  const pair = { old: JSON.stringify(documentOf()), new: '[]', options: { atMs: 0, sunsetDays: 0 } };
  const reader = createDifferenceReader();
  expect(await reader.read(pair)).toBeNull();
  expect(await reader.read({ ...pair, new: pair.old })).toMatchObject({ operations: [] });
  expect(await createDifferenceReader({ timeoutMs: 1, heapMb: 64 }).read(pair)).toBeNull();
});
