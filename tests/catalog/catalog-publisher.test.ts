import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { type CatalogPublisher, createCatalogPublisher } from '../../src/catalog/catalog-publisher.ts';
import { type CatalogStore, createCatalogStore } from '../../src/catalog/catalog-store.ts';
import { type TestDatabase, forEachDialect, openTestDatabase } from '../support/databases.ts';

const silent = { error: () => undefined, warn: () => undefined, info: () => undefined } as never;
const API =
  'title: Things\nsummary: All of them.\nversions:\n  v1: { lifecycle: active, upstream: http://127.0.0.1:9 }\n';

const documentOf = (...names: string[]): string =>
  JSON.stringify({
    openapi: '3.1.0',
    info: { title: 'Things', version: '1' },
    paths: Object.fromEntries(
      names.map((name) => [`/${name}`, { get: { operationId: name, responses: { 200: { description: 'Fine' } } } }]),
    ) as object,
  });

forEachDialect((dialect) => {
  let opened: TestDatabase;
  let store: CatalogStore;
  let contentDir: string;
  let publisher: CatalogPublisher;
  let synced: { wasRead: boolean; changes: readonly string[] }[];

  const write = (name: string, text: string): void => {
    mkdirSync(join(contentDir, 'apis/things/v1'), { recursive: true });
    writeFileSync(join(contentDir, 'apis/things', name), text);
  };
  const operations = async (): Promise<string[]> =>
    (await store.operations('things', 'v1')).map(({ operationId }) => operationId);

  const startPublisher = (): CatalogPublisher =>
    createCatalogPublisher({
      store: {
        knownReadings: () => store.knownReadings(),
        sync: async (catalog, ...rest) => {
          const result = await store.sync(catalog, ...rest);
          const [version] = catalog.apis[0]?.versions ?? [];
          synced.push({ wasRead: version?.document !== null, changes: result.changes });
          return result;
        },
      },
      contentDir,
      documentHistoryBytes: 1_000_000,
      upstreams: new Map(),
      clock: { nowMs: () => 0 },
      log: silent,
    });

  beforeEach(async () => {
    opened = await openTestDatabase(dialect);
    store = createCatalogStore(opened.database);
    contentDir = mkdtempSync(join(tmpdir(), 'gatehouse-content-'));
    write('api.yaml', API);
    write('v1/openapi.json', documentOf('first'));
    synced = [];
    publisher = startPublisher();
    await publisher.publish();
  });
  afterEach(async () => {
    rmSync(contentDir, { recursive: true });
    await opened.close();
  });

  test('a changed document is published at the second look that finds it the same', async () => {
    write('v1/openapi.json', documentOf('first', 'second'));
    await publisher.look();
    expect(await operations()).toEqual(['first']);
    await publisher.look();
    expect(await operations()).toEqual(['first', 'second']);
  });

  test('a restart reads no document again, and keeps what readers see', async () => {
    await startPublisher().publish();
    expect(synced.slice(1)).toEqual([{ wasRead: false, changes: [] }]);
    expect(await operations()).toEqual(['first']);
  });

  test('another release of the reader reads every document once more, and says nothing when they stayed the same', async () => {
    const forgetReader = opened.database.kysely.updateTable('api_version').set({ file_reading: 'of another reader' });
    await forgetReader.execute();
    await startPublisher().publish();
    await startPublisher().publish();
    expect(synced.slice(1)).toEqual([
      { wasRead: true, changes: [] },
      { wasRead: false, changes: [] },
    ]);
  });

  test('what api.yaml says changes also while its document does not', async () => {
    write('api.yaml', API.replace('127.0.0.1:9', '127.0.0.1:10'));
    await startPublisher().publish();
    expect(synced.slice(1)).toEqual([{ wasRead: false, changes: ['things/v1 changed'] }]);
    expect(await operations()).toEqual(['first']);
  });

  test('a version that was away comes back with the document it had, without reading it', async () => {
    rmSync(join(contentDir, 'apis'), { recursive: true });
    await startPublisher().publish();
    expect(await store.version('things', 'v1')).toBeNull();
    write('api.yaml', API);
    write('v1/openapi.json', documentOf('first'));
    await startPublisher().publish();
    expect(synced.at(-1)).toMatchObject({ wasRead: false });
    expect(await operations()).toEqual(['first']);
    expect(await store.version('things', 'v1')).toMatchObject({ operationCount: 1 });
  });

  test('a file that is still being written is left alone', async () => {
    for (const name of ['second', 'third', 'fourth']) {
      write('v1/openapi.json', documentOf('first', name));
      await publisher.look();
      expect(await operations()).toEqual(['first']);
    }
    await publisher.look();
    expect(await operations()).toEqual(['first', 'fourth']);
  });

  test('a broken document changes nothing, is named, and is named no longer once it is repaired', async () => {
    const lookTwice = async (): Promise<void> => {
      await publisher.look();
      await publisher.look();
    };
    write('v1/openapi.json', documentOf('first', 'second').slice(0, -20));
    await lookTwice();
    expect(await operations()).toEqual(['first']);
    expect(publisher.problems()).toMatchObject([{ file: 'apis/things/v1/openapi.json' }]);
    write('v1/openapi.json', documentOf('repaired'));
    await lookTwice();
    expect(await operations()).toEqual(['repaired']);
    expect(publisher.problems()).toEqual([]);
  });

  test('what changes while documents are read is not published half', async () => {
    write('v1/openapi.json', documentOf('second'));
    await publisher.look();
    const looking = publisher.look();
    write('api.yaml', API.replace('All of them.', 'Some of them.'));
    await looking;
    expect(await operations()).toEqual(['first']);
    expect((await store.apis())[0]?.summary).toBe('All of them.');
    await publisher.look();
    await publisher.look();
    expect((await store.apis())[0]?.summary).toBe('Some of them.');
  });
});
