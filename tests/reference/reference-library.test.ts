import { readFileSync } from 'node:fs';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { type TestDatabase, forEachDialect, openTestDatabase } from '../support/databases.ts';
import { KEY, documentWith, publish } from './published.ts';

const parcels = readFileSync('content/apis/parcels/v2/openapi.yaml', 'utf8');

forEachDialect((dialect) => {
  let opened: TestDatabase;
  beforeEach(async () => {
    opened = await openTestDatabase(dialect);
  });
  afterEach(() => opened.close());

  test('every operation of a document has a page, with everything it refers to', async () => {
    const { reference, document } = await publish(opened, parcels);
    for (const { slug, operationId } of document.operations) {
      const page = await reference.operation(KEY, slug, '');
      expect(page?.operation.operationId).toBe(operationId);
      expect(page?.view.responses.map(({ description }) => description)).not.toContain('');
    }
    const page = await reference.operation(KEY, 'create-parcel', '');
    expect(page?.scopes).toEqual(['parcels:write']);
    expect(page?.security.map(({ schemes }) => schemes[0]?.how)).toEqual([
      'X-API-Key in the header',
      'Authorization: Bearer',
      'Authorization: Basic, with the API key as user name',
    ]);
    expect(page?.view.body?.contents[0]?.schema?.component?.name).toBe('NewParcel');
    expect(page?.view.responses[0]?.headers.map(({ name }) => name)).toEqual(['Location']);
    expect(page?.navigation.tag).toMatchObject({ title: 'Parcels', slug: 'parcels' });
  });

  test('a path’s parameters belong to its operations, and an operation’s own replaces the one of its name', async () => {
    const shared = [
      { name: 'id', in: 'path', required: true, description: 'Shared.', schema: {} },
      { name: 'id', in: 'query', required: true, description: 'Shared.', schema: {} },
    ];
    const own = [{ name: 'id', in: 'path', required: true, description: 'Own.', schema: {} }];
    const { reference } = await publish(opened, documentWith({ parameters: own }, {}, { parameters: shared }), 'json');
    const page = await reference.operation(KEY, 'post', '');
    const found = page?.view.parameters.flatMap(({ place, parameters }) =>
      parameters.map(({ name, description }) => [place, name, description]),
    );
    expect(found).toEqual([
      ['path', 'id', 'Own.'],
      ['query', 'id', 'Shared.'],
    ]);
  });

  test('callbacks and links are described, and their references followed', async () => {
    const operation = {
      requestBody: { $ref: '#/components/requestBodies/Body' },
      callbacks: {
        delivered: {
          '{$request.body#/url}': { post: { summary: 'Delivered', responses: { 204: { description: 'Seen' } } } },
        },
      },
      responses: {
        201: {
          description: 'Made',
          links: { self: { operationId: 'post', parameters: { id: '$response.body#/id' } } },
        },
      },
    };
    const { reference } = await publish(
      opened,
      documentWith(operation, {
        requestBodies: { Body: { required: true, content: { 'application/json': { schema: { type: 'object' } } } } },
      }),
      'json',
    );
    const page = await reference.operation(KEY, 'post', '');
    expect(page?.view.body?.required).toBe(true);
    expect(page?.view.callbacks[0]).toMatchObject({
      name: 'delivered',
      expression: '{$request.body#/url}',
      method: 'POST',
    });
    expect(page?.view.responses[0]?.links[0]?.parameters).toEqual([{ name: 'id', expression: '$response.body#/id' }]);
  });

  test('schemas and webhooks have pages, and what has none is null', async () => {
    const { reference } = await publish(opened, parcels);
    const schemas = await reference.schemas(KEY);
    expect(schemas).toHaveLength(21);
    for (const { name, slug } of schemas) expect((await reference.schema(KEY, slug, ''))?.name).toBe(name);
    for (const slug of ['', 'nope', 'createParcel', '../x', '%']) {
      expect(await reference.operation(KEY, slug, '')).toBeNull();
      expect(await reference.schema(KEY, slug, '')).toBeNull();
      expect(await reference.tag(KEY, slug)).toBeNull();
      expect(await reference.webhook(KEY, slug, '')).toBeNull();
    }
  });

  test('tags count every operation once', async () => {
    const { reference, document } = await publish(opened, parcels);
    const tags = (await reference.navigation(KEY))?.tags ?? [];
    expect(tags.reduce((sum, { operationCount }) => sum + operationCount, 0)).toBe(document.operations.length);
    const tag = await reference.tag(KEY, 'prices');
    expect([tag?.description, tag?.navigation.operations.length]).toEqual([
      'What we carry, where to, and for how much.',
      3,
    ]);
  });

  test('what is no longer published has no pages', async () => {
    const { reference, withdraw } = await publish(opened, parcels);
    await withdraw();
    expect(await reference.operation(KEY, 'create-parcel', '')).toBeNull();
    expect(await reference.navigation(KEY)).toBeNull();
    expect(await reference.schemas(KEY)).toEqual([]);
  });

  test('a changed document replaces all of the one before', async () => {
    await publish(opened, parcels);
    const { reference } = await publish(opened, documentWith({}), 'json');
    expect(await reference.operation(KEY, 'create-parcel', '')).toBeNull();
    expect(await reference.schemas(KEY)).toEqual([]);
    expect((await reference.operation(KEY, 'post', ''))?.operation.path).toBe('/parcels/{id}');
  });
});
