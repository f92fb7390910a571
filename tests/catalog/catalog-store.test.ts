import { readFileSync } from 'node:fs';

import { afterEach, beforeEach, expect, test } from 'vitest';

import type { Catalog, CatalogApi, CatalogVersion } from '../../src/catalog/catalog.ts';
import { createCatalogLibrary } from '../../src/catalog/catalog-library.ts';
import { type CatalogStore, createCatalogStore } from '../../src/catalog/catalog-store.ts';
import { readOpenApiDocument } from '../../src/catalog/openapi-document.ts';
import { plainLimits } from '../../src/plans/plan-limits.ts';
import { createPlanStore } from '../../src/plans/plan-store.ts';
import { type TestDatabase, forEachDialect, openTestDatabase } from '../support/databases.ts';

const text = readFileSync('content/apis/parcels/v2/openapi.yaml', 'utf8');
const read = await readOpenApiDocument(text, 'yaml');
if (!read.ok) throw new Error(JSON.stringify(read.problems));
const document = read.document;

const plan: CatalogApi['plans'][number] = {
  apiSlug: 'parcels',
  slug: 'free',
  title: 'Free',
  summary: 'Enough to try.',
  scopes: ['parcels:read', 'quotes:read'],
  limits: plainLimits(60, 60, 1000, 'day'),
  overlapMaxDays: 30,
  rotationIntervalDays: null,
  maxLifetimeDays: null,
  dormancy: null,
};

function version(name: string, change: Partial<CatalogVersion> = {}): CatalogVersion {
  return {
    version: name,
    lifecycle: 'active',
    deprecatedAtMs: null,
    sunsetAtMs: null,
    upstreamUrl: `http://127.0.0.1:4330/${name}`,
    document,
    ...change,
  };
}

function catalogOf(change: Partial<CatalogApi> = {}, more: Partial<Catalog> = {}): Catalog {
  const api = {
    slug: 'parcels',
    title: 'Parcels',
    summary: 'Send.',
    plans: [plan],
    versions: [version('v2')],
    ...change,
  };
  return { apis: [api], broken: [], problems: [], ...more };
}

const NOW = Date.UTC(2026, 10, 24);
const nothing: Catalog = { apis: [], broken: [], problems: [] };

forEachDialect((dialect) => {
  let opened: TestDatabase;
  let store: CatalogStore;

  beforeEach(async () => {
    opened = await openTestDatabase(dialect);
    store = createCatalogStore(opened.database);
  });
  afterEach(() => opened.close());

  const auditEntries = () => opened.database.kysely.selectFrom('audit_entry').selectAll().orderBy('sequence').execute();

  test('what was loaded can be read, in the order of the document', async () => {
    await store.sync(catalogOf({ versions: [version('v9'), version('v10')] }), NOW);
    const [api] = await store.apis();
    expect(api?.versions.map((one) => [one.version, one.operationCount])).toEqual([
      ['v10', 18],
      ['v9', 18],
    ]);
    expect(await store.version('parcels', 'v9')).toMatchObject({ title: 'Parcels', documentVersion: '2.4.0' });
    const operations = await store.operations('parcels', 'v9');
    expect(operations.map(({ operationId }) => operationId)).toEqual(document.operations.map((one) => one.operationId));
    expect(operations[0]).toEqual({
      operationId: 'listParcels',
      slug: 'list-parcels',
      method: 'GET',
      path: '/parcels',
      summary: 'List parcels',
      deprecated: false,
      tag: 'Parcels',
    });
    expect(await store.document('parcels', 'v9')).toBe(document.json);
    expect(await store.document('parcels', 'v11')).toBeNull();
  });

  test('the same catalog a second time writes nothing', async () => {
    const first = await store.sync(catalogOf(), NOW);
    expect(first.changes).toEqual(['parcels added', 'parcels/v2 added', 'parcels plan free added']);
    const rows = await opened.database.kysely.selectFrom('api_version').selectAll().execute();
    expect((await store.sync(catalogOf(), NOW + 1)).changes).toEqual([]);
    expect(await opened.database.kysely.selectFrom('api_version').selectAll().execute()).toEqual(rows);
    expect(await auditEntries()).toHaveLength(1);
  });

  test('every change is written and audited once', async () => {
    await store.sync(catalogOf(), NOW);
    const changed = {
      ...document,
      json: '{"openapi":"3.1.1"}',
      sha256: 'other',
      operations: document.operations.slice(0, 2),
    };
    const result = await store.sync(
      catalogOf({
        title: 'Post',
        plans: [{ ...plan, limits: plainLimits(60, 60, 5, 'day') }],
        versions: [version('v2', { document: changed })],
      }),
      NOW + 1,
    );
    expect(result.changes).toEqual(['parcels changed', 'parcels/v2 document changed', 'parcels plan free changed']);
    expect(await store.operations('parcels', 'v2')).toHaveLength(2);
    const entries = await auditEntries();
    expect(entries.map(({ actor, action, at_ms }) => [actor, action, at_ms])).toEqual([
      ['system', 'catalog.updated', NOW],
      ['system', 'catalog.updated', NOW + 1],
    ]);
    expect(JSON.parse(entries[1]?.details ?? '')).toEqual({ changes: result.changes });
  });

  test('a new lifecycle is written without writing the document again', async () => {
    await store.sync(catalogOf(), NOW);
    const change = { lifecycle: 'deprecated', deprecatedAtMs: NOW, sunsetAtMs: NOW + 1 } as const;
    const result = await store.sync(catalogOf({ versions: [version('v2', change)] }), NOW);
    expect(result.changes).toEqual(['parcels/v2 changed']);
    expect(await store.version('parcels', 'v2')).toMatchObject(change);
    expect(await store.operations('parcels', 'v2')).toHaveLength(18);
  });

  test('what vanished is hidden, keeps its rows, and can come back', async () => {
    await store.sync(catalogOf({ versions: [version('v1'), version('v2')] }), NOW);
    expect((await store.sync(catalogOf({ plans: [] }), NOW)).changes).toEqual([
      'parcels/v1 removed',
      'parcels plan free removed',
    ]);
    expect((await store.apis())[0]?.versions.map((one) => one.version)).toEqual(['v2']);
    expect((await store.sync(nothing, NOW)).changes).toEqual(['parcels removed', 'parcels/v2 removed']);
    expect(await store.apis()).toEqual([]);
    expect(await store.document('parcels', 'v2')).toBeNull();
    expect(await opened.database.kysely.selectFrom('api_version').select('version').execute()).toHaveLength(2);
    const back = await store.sync(catalogOf(), NOW);
    expect(back.changes).toEqual([
      'parcels published again',
      'parcels/v2 published again',
      'parcels plan free published again',
    ]);
    expect(await store.operations('parcels', 'v2')).toHaveLength(18);
  });

  test('what is broken keeps what was stored before: a typing error is not an outage', async () => {
    await store.sync(catalogOf({ versions: [version('v1'), version('v2')] }), NOW);
    const brokenVersion = catalogOf({}, { broken: [{ slug: 'parcels', version: 'v1' }] });
    expect((await store.sync(brokenVersion, NOW)).changes).toEqual([]);
    const brokenApi: Catalog = { ...nothing, broken: [{ slug: 'parcels', version: null }] };
    expect((await store.sync(brokenApi, NOW)).changes).toEqual([]);
    expect((await store.apis())[0]?.versions).toHaveLength(2);
  });

  test('documents point at the gateway, and the management API’s at the portal', async () => {
    const management = {
      slug: 'gatehouse',
      title: 'Gatehouse',
      summary: 'The portal.',
      plans: [],
      versions: [version('v1')],
    };
    await store.sync({ ...nothing, apis: [...catalogOf().apis, management] }, NOW);
    const library = createCatalogLibrary({
      store,
      plans: createPlanStore(opened.database),
      problems: () => [],
      site: { publicUrl: 'https://developers.example', gatewayPublicUrl: 'https://api.example' },
    });
    const servers = async (slug: string, name: string) =>
      (JSON.parse((await library.document(slug, name)) ?? '') as { servers: unknown }).servers;
    expect(await servers('parcels', 'v2')).toEqual([{ url: 'https://api.example/parcels/v2' }]);
    expect(await servers('gatehouse', 'v1')).toEqual([{ url: 'https://developers.example/api/v1' }]);
    expect(await library.document('parcels', 'v7')).toBeNull();
    expect(await library.operations('parcels', 'v7')).toEqual([]);
    expect((await library.apis()).map(({ slug, plans }) => [slug, plans.length])).toEqual([
      ['gatehouse', 0],
      ['parcels', 1],
    ]);
    expect(await library.api('nope')).toBeNull();
  });
});
