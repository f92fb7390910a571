import type { Catalog } from '../../src/catalog/catalog.ts';
import { createCatalogStore } from '../../src/catalog/catalog-store.ts';
import { createReferenceLibrary } from '../../src/reference/reference-library.ts';
import { createReferenceStore } from '../../src/reference/reference-store.ts';
import { read } from '../catalog/documents.ts';
import type { TestDatabase } from '../support/databases.ts';

export const KEY = { api: 'parcels', version: 'v2' };

/** Publishes a document as `parcels` v2, and gives the reference that reads it. */
export async function publish(
  { database }: Pick<TestDatabase, 'database'>,
  text: string,
  format: 'yaml' | 'json' = 'yaml',
) {
  const document = await read(text, format);
  const store = createCatalogStore(database);
  const life = {
    lifecycle: 'active',
    deprecatedAtMs: null,
    sunsetAtMs: null,
    upstreamUrl: 'http://127.0.0.1:1',
  } as const;
  const api = {
    slug: 'parcels',
    title: 'Parcels',
    summary: '',
    plans: [],
    versions: [{ version: 'v2', ...life, document }],
  };
  const catalog: Catalog = { apis: [api], broken: [], problems: [] };
  await store.sync(catalog, 0);
  const site = { publicUrl: 'https://portal.example', gatewayPublicUrl: 'https://api.example', keyPrefix: 'gth' };
  const reference = createReferenceLibrary({ store: createReferenceStore(database), catalog: store, site });
  const withdraw = () => store.sync({ apis: [], broken: [], problems: [] }, 1);
  return { document, reference, withdraw };
}

/** A document with one operation and these schemas. */
export function documentWith(operation: object, components: object = {}, shared: object = {}): string {
  const parameters = [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }];
  const post = { operationId: 'post', responses: { 200: { description: 'Fine' } }, ...operation };
  return JSON.stringify({
    openapi: '3.1.0',
    info: { title: 'Parcels', version: '1' },
    paths: { '/parcels/{id}': { parameters, ...shared, post } },
    components,
  });
}
