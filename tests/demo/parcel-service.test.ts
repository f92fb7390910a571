import { readFileSync } from 'node:fs';

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { readOpenApiDocument } from '../../src/catalog/openapi-document.ts';
import { type ParcelService, startParcelService } from '../../src/demo/parcel-service.ts';
import { trackingNumber } from '../../src/demo/parcel.ts';
import { resolve, schemaMistakes } from './schema-check.ts';

type Json = Record<string, any>;

const NOW_MS = Date.UTC(2026, 10, 24, 9);
const versions = ['v1', 'v2'];
const documents: Record<string, Json> = {};
let service: ParcelService;
/** A new application for every test starts with the samples. */
let application = 0;

for (const version of versions) {
  const text = readFileSync(`content/apis/parcels/${version}/openapi.yaml`, 'utf8');
  const read = await readOpenApiDocument(text, 'yaml');
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  documents[version] = JSON.parse(read.document.json) as Json;
}

beforeAll(async () => {
  service = await startParcelService({ port: 0, clock: { nowMs: () => NOW_MS } });
});
afterAll(() => service.close());
beforeEach(() => {
  application += 1;
});

interface Answer {
  status: number;
  type: string;
  body: any;
}

async function call(method: string, path: string, body?: unknown, contentType = 'application/json'): Promise<Answer> {
  const response = await fetch(`http://127.0.0.1:${String(service.port)}${path}`, {
    method,
    headers: { 'Gatehouse-Application-Id': `app_${String(application)}`, 'Content-Type': contentType },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const type = response.headers.get('content-type')?.split(';')[0] ?? '';
  return { status: response.status, type, body: type.endsWith('json') ? JSON.parse(text) : text };
}

interface Documented {
  version: string;
  method: string;
  path: string;
  item: Json;
  operation: Json;
}

const operations: Documented[] = versions.flatMap((version) =>
  Object.entries(documents[version]?.['paths'] as Json).flatMap(([path, item]: [string, Json]) =>
    Object.entries(item)
      .filter(([method]) => ['get', 'post', 'patch', 'delete'].includes(method))
      .map(([method, operation]) => ({
        version,
        method: method.toUpperCase(),
        path,
        item,
        operation: operation as Json,
      })),
  ),
);
const named = operations.map((one) => [`${one.method} /${one.version}${one.path}`, one] as const);

/** The operation's path with its documented examples, or with `value` for every parameter in it. */
function pathOf({ version, path, item, operation }: Documented, value?: string): string {
  const document = documents[version] ?? {};
  const parameters = [...(item['parameters'] ?? []), ...(operation['parameters'] ?? [])].map(
    (one) => resolve(document, one) as Json,
  );
  const query = new URLSearchParams();
  let filled = path;
  for (const { name, in: place, required, example } of parameters) {
    if (place === 'path') filled = filled.replace(`{${name}}`, encodeURIComponent(value ?? example));
    if (place === 'query' && required) query.set(name, String(example));
  }
  return `/${version}${filled}${query.size > 0 ? `?${query.toString()}` : ''}`;
}

function exampleBody({ operation }: Documented): unknown {
  const media = operation['requestBody']?.content['application/json'];
  if (!media) return undefined;
  return media.example ?? (Object.values(media.examples as Json)[0] as Json)['value'];
}

function expectDocumented({ version, operation }: Documented, answer: Answer): void {
  const document = documents[version] ?? {};
  const found = operation['responses'][String(answer.status)];
  expect(found, `status ${String(answer.status)} ${JSON.stringify(answer.body)}`).toBeDefined();
  const { content } = resolve(document, found) as Json;
  if (!content) return expect(answer.body).toBe('');
  expect(Object.keys(content)).toContain(answer.type);
  expect(schemaMistakes(document, content[answer.type].schema, answer.body)).toEqual([]);
}

describe('every documented operation', () => {
  test('is there: six of v1 and eighteen of v2', () => {
    expect(operations.filter(({ version }) => version === 'v1')).toHaveLength(6);
    expect(operations.filter(({ version }) => version === 'v2')).toHaveLength(18);
  });

  test.each(named)('%s answers its own example with a documented success', async (_, documented) => {
    // pcl_1 is delivered already; pcl_5 still waits at the sender.
    const isChange =
      documented.version === 'v2' && documented.path.startsWith('/parcels/{') && documented.method !== 'GET';
    const isCancellation = documented.operation['operationId'] === 'cancelShipment';
    const value = isChange ? 'pcl_5' : isCancellation ? trackingNumber(10_000_005) : undefined;
    const answer = await call(documented.method, pathOf(documented, value), exampleBody(documented));
    expect(answer.status).toBeLessThan(300);
    expectDocumented(documented, answer);
  });

  test.each(named)('%s answers nonsense with a documented error', async (_, documented) => {
    const hasBody = documented.operation['requestBody'] !== undefined;
    const bodies = hasBody ? [undefined, '{', '[]', '{"a":1}', 'null', `"${'x'.repeat(70_000)}"`] : [undefined];
    for (const body of bodies) {
      const answer = await call(documented.method, pathOf(documented, 'no such thing'), body);
      expectDocumented(documented, answer);
      if (hasBody) expect(answer.status).toBeGreaterThanOrEqual(400);
    }
  });
});

describe('parcels', () => {
  const order = exampleBody(operations.find(({ operation }) => operation['operationId'] === 'createParcel')!) as Json;

  test('a parcel is created, changed, tracked and cancelled', async () => {
    const { body: parcel } = await call('POST', '/v2/parcels', order);
    expect(parcel).toMatchObject({
      reference: 'order-2041',
      status: 'created',
      priceCents: 1665,
      expectedOn: '2026-12-01',
    });
    await call('PATCH', `/v2/parcels/${parcel.id}`, { weightGrams: 3000 });
    const { body: tracking } = await call('GET', `/v2/tracking/${parcel.trackingNumber}`);
    expect(tracking.events).toHaveLength(1);
    await call('POST', `/v2/parcels/${parcel.id}/cancellation`);
    const { body: cancelled } = await call('GET', `/v2/parcels/${parcel.id}`);
    expect(cancelled).toMatchObject({ status: 'cancelled', weightGrams: 3000, priceCents: 2025, expectedOn: null });
    expect((await call('GET', `/v2/parcels/${parcel.id}/label`)).status).toBe(409);
    expect((await call('GET', `/v1/shipments/${parcel.trackingNumber}`)).body).toMatchObject({
      status: 'cancelled',
      weight: 3,
    });
  });

  test('a reference belongs to one parcel', async () => {
    await call('POST', '/v2/parcels', order);
    const again = await call('POST', '/v2/parcels', order);
    expect(again).toMatchObject({ status: 409, body: { code: 'reference_taken' } });
  });

  test('every wrong member is named', async () => {
    const { body } = await call('POST', '/v2/parcels', {
      ...order,
      weightGrams: 0,
      surprise: 1,
      recipient: { ...order['recipient'], country: 'Portugal' },
    });
    expect(body.errors).toEqual([
      { pointer: '/weightGrams', detail: 'Must be 1 or more.' },
      { pointer: '/recipient/country', detail: 'Must be two capital letters, such as PT.' },
      { pointer: '/surprise', detail: expect.any(String) },
    ]);
  });

  test('pages join up to the whole list, newest first', async () => {
    const ids: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { body } = await call('GET', `/v2/parcels?pageSize=4${cursor === '' ? '' : `&cursor=${cursor}`}`);
      ids.push(...body.parcels.map(({ id }: Json) => id));
      cursor = body.nextCursor;
    }
    expect(ids).toEqual(['pcl_6', 'pcl_5', 'pcl_4', 'pcl_3', 'pcl_2', 'pcl_1']);
  });

  test('one application never sees what another one made', async () => {
    const { body } = await call('POST', '/v2/parcels', order);
    application += 1;
    expect((await call('GET', `/v2/parcels/${body.id}`)).status).toBe(404);
    expect((await call('GET', '/v2/parcels')).body.parcels).toHaveLength(6);
  });

  test('a van does not come on Sundays', async () => {
    const pickup = { day: '2030-03-17', window: 'morning', parcelCount: 1, address: order['sender'] };
    expect((await call('POST', '/v2/pickups', pickup)).body.errors).toEqual([
      { pointer: '/day', detail: 'Must be a Monday to Friday from tomorrow on.' },
    ]);
  });
});

test('tracking numbers carry the check digit of S10', () => {
  // RR473124829NO is the example of UPU S10: the same digits give the same check digit.
  expect(trackingNumber(47312482)).toBe('GH473124829NO');
});

test.each([
  ['GET', '/v3/parcels', 404],
  ['GET', '/', 404],
  ['DELETE', '/v2/services', 405],
  ['GET', '/v2/parcels/%E0%A4%A', 400],
])('%s %s is %i', async (method, path, status) => {
  expect((await call(method, path)).status).toBe(status);
});
