import { afterEach, beforeEach, expect, test } from 'vitest';

import { readOpenApiDocument } from '../../src/catalog/openapi-document.ts';
import { type TestDatabase, forEachDialect, openTestDatabase } from '../support/databases.ts';
import { KEY, documentWith, publish } from './published.ts';

interface Slice {
  servers: { url: string }[];
  paths: Record<string, Record<string, { parameters: object[]; requestBody?: object; responses: object }>>;
  components: { schemas?: Record<string, object> };
}

const json = (schema: object) => ({ content: { 'application/json': { schema } } });
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });

forEachDialect((dialect) => {
  let opened: TestDatabase;
  beforeEach(async () => {
    opened = await openTestDatabase(dialect);
  });
  afterEach(() => opened.close());

  async function sliceOf(operation: object, components: object = {}, shared: object = {}): Promise<Slice> {
    const { reference } = await publish(opened, documentWith(operation, components, shared), 'json');
    const text = (await reference.slice(KEY, 'post')) ?? '';
    const again = await readOpenApiDocument(text, 'json');
    expect(again.ok || again.problems).toBe(true);
    return JSON.parse(text) as Slice;
  }

  test('a slice has the call of one operation, the gateway’s address and what its body refers to', async () => {
    const schemas = { Parcel: { properties: { from: ref('Place') } }, Place: {}, Receipt: {}, Unrelated: {} };
    const slice = await sliceOf(
      { requestBody: json(ref('Parcel')), responses: { 200: { description: 'Fine', ...json(ref('Receipt')) } } },
      { schemas, securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'X-API-Key' } } },
    );
    expect(slice.servers).toEqual([{ url: 'https://api.example/parcels/v2' }]);
    expect(Object.keys(slice.paths)).toEqual(['/parcels/{id}']);
    expect(slice.paths['/parcels/{id}']?.post?.parameters).toMatchObject([{ name: 'id', in: 'path' }]);
    expect(Object.keys(slice.components)).toEqual(['schemas']);
    expect(Object.keys(slice.components.schemas ?? {})).toEqual(['Parcel', 'Place']);
  });

  test('an operation’s own parameter replaces the one of its path', async () => {
    const own = { name: 'id', in: 'path', required: true, description: 'Own.', schema: {} };
    const slice = await sliceOf({ parameters: [own] });
    expect(slice.paths['/parcels/{id}']?.post?.parameters).toMatchObject([{ description: 'Own.' }]);
  });

  test('schemas in circles come once, and of hundreds only the nearest', async () => {
    const names = Array.from({ length: 300 }, (_, index) => `S${index}`);
    const schemas = names.map((name, index) => [
      name,
      { properties: Object.fromEntries([1, 2, 7].map((step) => [`p${step}`, ref(`S${(index + step) % 300}`)])) },
    ]);
    const slice = await sliceOf({ requestBody: json(ref('S0')) }, { schemas: Object.fromEntries(schemas) as object });
    const found = Object.keys(slice.components.schemas ?? {});
    expect(found.length).toBe(60);
    expect(found).toEqual(expect.arrayContaining(['S0', 'S1', 'S2', 'S7']));
  });

  test('references to other places than components are followed, and names of objects’ own members are names', async () => {
    const schemas = { toString: { type: 'string' }, valueOf: { properties: { a: ref('toString') } } };
    const place = '#/paths/~1parcels~1{id}/post/requestBody/content/application~1json/schema/properties/a';
    const slice = await sliceOf(
      {
        requestBody: json({ properties: { a: { type: 'integer' }, b: { $ref: place }, c: ref('valueOf') } }),
      },
      { schemas },
    );
    expect(JSON.stringify(slice.paths)).not.toContain('#/paths');
    expect(Object.keys(slice.components.schemas ?? {}).sort()).toEqual(['toString', 'valueOf']);
  });

  test('there is none of an operation that is not there, or of a version that was withdrawn', async () => {
    const { reference, withdraw } = await publish(opened, documentWith({}), 'json');
    expect(await reference.slice(KEY, 'other')).toBeNull();
    expect(await reference.slice({ api: 'parcels', version: 'v9' }, 'post')).toBeNull();
    await withdraw();
    expect(await reference.slice(KEY, 'post')).toBeNull();
  });
});
