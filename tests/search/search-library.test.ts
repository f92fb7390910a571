import { afterEach, beforeEach, expect, test } from 'vitest';

import { createCatalogStore } from '../../src/catalog/catalog-store.ts';
import type { Guide } from '../../src/guides/guide.ts';
import { renderMarkdown } from '../../src/platform/markdown.ts';
import { createReferenceStore } from '../../src/reference/reference-store.ts';
import { type SearchLibrary, createSearchLibrary } from '../../src/search/search-library.ts';
import { createSearchStore } from '../../src/search/search-store.ts';
import { createSearchThread } from '../../src/search/search-thread.ts';
import { publish } from '../reference/published.ts';
import { type TestDatabase, forEachDialect, openTestDatabase } from '../support/databases.ts';

const silent = { error: () => undefined, warn: () => undefined, info: () => undefined } as never;

forEachDialect((dialect) => {
  let database: TestDatabase;
  let library: SearchLibrary;
  let guides: Guide[];
  let nowMs: number;

  beforeEach(async () => {
    database = await openTestDatabase(dialect);
    guides = [];
    nowMs = 0;
    library = createSearchLibrary({
      catalog: createCatalogStore(database.database),
      reference: createReferenceStore(database.database),
      store: createSearchStore(database.database),
      guides: { list: () => guides },
      notices: { list: () => [] },
      refusals: [],
      thread: createSearchThread(),
      clock: { nowMs: () => nowMs },
      log: silent,
    });
  });
  afterEach(async () => {
    await library.close();
    await database.close();
  });

  const hrefs = async (text: string): Promise<string[]> => {
    nowMs += 1000;
    const found = await library.search({ text, kind: null, most: 500 });
    if (!found.ok) throw new Error(found.reason);
    return found.groups.flatMap(({ hits }) => hits.map(({ href }) => href));
  };

  test('operations, schemas and webhooks are found by name, and lead to their pages', async () => {
    await publish(database, documentOf(3));
    expect((await hrefs('operation2'))[0]).toBe('/docs/parcels/v2/operation2');
    expect(await hrefs('Thing')).toContain('/docs/parcels/v2/schemas/Thing');
    expect(await hrefs('parcelLost')).toContain('/docs/parcels/v2/webhooks/parcel-lost');
    expect(await hrefs('Sendings')).toContain('/docs/parcels/v2/tags/sendings');
  });

  test('every operation of a document that takes several batches is found', async () => {
    await publish(database, documentOf(250));
    const found = await hrefs('batchword');
    expect(new Set(found).size).toBe(250);
  });

  test('what is published or withdrawn while it runs is found, or found no longer', async () => {
    expect(await hrefs('operation1')).toEqual([]);
    const { withdraw } = await publish(database, documentOf(2));
    expect(await hrefs('operation1')).toEqual(['/docs/parcels/v2/operation1']);
    const { html } = renderMarkdown('## Pack well\n\nUse straw.');
    guides = [
      { slug: 'packing', title: 'Packing', summary: 'How.', section: 'Start', position: 1, html, headings: [] },
    ];
    expect(await hrefs('straw')).toEqual(['/guides/packing#pack-well']);
    await withdraw();
    expect(await hrefs('operation1')).toEqual([]);
    expect(await hrefs('straw')).toEqual(['/guides/packing#pack-well']);
  });

  test('searches at once share one index, and those that are too many are told so', async () => {
    await publish(database, documentOf(2));
    await library.refresh();
    const found = await Promise.all(
      Array.from({ length: 300 }, () => library.search({ text: 'operation1', kind: null, most: 1 })),
    );
    expect(found.filter(({ ok }) => ok).length).toBeGreaterThanOrEqual(100);
    expect(found.filter(({ ok }) => !ok).length).toBeGreaterThan(0);
    expect(await hrefs('operation1')).toHaveLength(1);
  });
});

function documentOf(operations: number): string {
  const responses = { 200: { description: 'Fine' } };
  const paths = Array.from({ length: operations }, (_, index) => [
    `/things${index}`,
    { get: { operationId: `operation${index}`, summary: 'Batchword', tags: ['Sendings'], responses } },
  ]);
  return JSON.stringify({
    openapi: '3.1.0',
    info: { title: 'Parcels', version: '1' },
    paths: Object.fromEntries(paths) as object,
    webhooks: { parcelLost: { post: { responses } } },
    components: { schemas: { Thing: { type: 'object' } } },
  });
}
