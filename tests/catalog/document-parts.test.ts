import { readFileSync } from 'node:fs';

import { expect, test } from 'vitest';

import { operationPointers, partPointer } from '../../src/catalog/document-parts.ts';
import { pointerPath, resolvePointer } from '../../src/catalog/json-pointer.ts';
import { read, yamlWith } from './documents.ts';

test('the parts together are the document, each where its pointer says', async () => {
  const document = await read(readFileSync('content/apis/parcels/v2/openapi.yaml', 'utf8'));
  const named = document.parts.filter(({ kind }) => kind !== 'root' && kind !== 'path');
  for (const { pointer, json } of named) expect(JSON.parse(json)).toEqual(resolvePointer(document.parsed, pointer));
  const count = (kind: string): number => document.parts.filter((part) => part.kind === kind).length;
  expect(count('operation')).toBe(document.operations.length);
  expect(count('schema')).toBe(Object.keys(document.parsed.components.schemas).length);
  expect(count('root')).toBe(1);
});

test('what the operations of a path share is a part of its own', async () => {
  const { parts } = await read(
    yamlWith(`  /parcels/{id}:
    parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
    get: { operationId: getParcel, responses: { '200': { description: Fine } } }
`),
  );
  const { operation, shared } = operationPointers('/parcels/{id}', 'GET');
  expect(shared).toBe('/paths/~1parcels~1{id}');
  expect(parts.find(({ pointer }) => pointer === shared)?.json).toContain('"parameters"');
  expect(parts.find(({ pointer }) => pointer === operation)?.json).not.toContain('"parameters"');
});

test('webhooks have an address each', async () => {
  const { parts } = await read(
    yamlWith(`webhooks:
  parcelDelivered:
    post: { responses: { '200': { description: Fine } } }
`),
  );
  expect(parts.find(({ kind }) => kind === 'webhook')).toMatchObject({
    pointer: '/webhooks/parcelDelivered/post',
    slug: 'parcel-delivered',
  });
});

test.each([
  ['#/components/schemas/Parcel/properties/id', '/components/schemas/Parcel'],
  ['#/paths/~1parcels~1%7Bid%7D/get/responses/200', '/paths/~1parcels~1{id}/get'],
  ['#/paths/~1parcels/parameters/0', '/paths/~1parcels'],
  ['#/info/title', ''],
])('%s stands in the part %j', (reference, pointer) => {
  expect(partPointer(pointerPath(reference) ?? [])).toBe(pointer);
});
