import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { type ParcelService, startParcelService } from '../../src/demo/parcel-service.ts';
import { trackingNumber } from '../../src/demo/parcel.ts';
import {
  type Answer,
  type DocumentedOperation,
  answerMistakes,
  examplePath,
  readShippedDocument,
  toAnswer,
} from '../support/shipped-document.ts';

const NOW_MS = Date.UTC(2026, 10, 24, 9);
const documented = {
  v1: await readShippedDocument('parcels/v1'),
  v2: await readShippedDocument('parcels/v2'),
};
const operations = Object.entries(documented).flatMap(([version, list]) =>
  list.map((operation) => [`${operation.method} /${version}${operation.path}`, version, operation] as const),
);
/** These change a parcel, which only one that still waits at the sender allows: the fifth sample. */
const changes: Readonly<Record<string, string>> = {
  updateParcel: 'pcl_5',
  cancelParcel: 'pcl_5',
  cancelShipment: trackingNumber(10_000_005),
};

let service: ParcelService;
/** A new application in every test: it starts with the samples. */
let application = 0;

beforeAll(async () => {
  service = await startParcelService({ port: 0, clock: { nowMs: () => NOW_MS } });
});
afterAll(() => service.close());
beforeEach(() => {
  application += 1;
});

/** What the tests below look at. */
interface Body {
  id: string;
  trackingNumber: string;
  events: unknown[];
  errors: unknown[];
  parcels: { id: string }[];
  nextCursor: string | null;
}

async function call(method: string, path: string, body?: unknown): Promise<Answer & { body: Body }> {
  const response = await fetch(`http://127.0.0.1:${String(service.port)}${path}`, {
    method,
    headers: { 'Gatehouse-Application-Id': `app_${String(application)}`, 'Content-Type': 'application/json' },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return (await toAnswer(response)) as Answer & { body: Body };
}

describe('every documented operation', () => {
  test('is there: six of v1 and eighteen of v2', () => {
    expect([documented.v1.length, documented.v2.length]).toEqual([6, 18]);
  });

  test.each(operations)('%s answers its own example as documented', async (_, version, operation) => {
    const path = `/${version}${examplePath(operation, changes[operation.operationId])}`;
    const answer = await call(operation.method, path, operation.exampleBody);
    expect(answerMistakes(operation, answer)).toEqual([]);
    expect(answer.status).toBeLessThan(300);
  });

  test.each(operations)('%s answers nonsense with a documented error', async (_, version, operation) => {
    const path = `/${version}${examplePath(operation, 'no such thing')}`;
    const hasBody = operation.exampleBody !== undefined;
    const bodies = hasBody ? [undefined, '{', '[]', '{"a":1}', 'null', `"${'x'.repeat(70_000)}"`] : [undefined];
    for (const body of bodies) {
      const answer = await call(operation.method, path, body);
      expect(answerMistakes(operation, answer)).toEqual([]);
      if (hasBody) expect(answer.status).toBeGreaterThanOrEqual(400);
    }
  });
});

describe('parcels', () => {
  const order = exampleOf(documented.v2, 'createParcel');

  test('a parcel is created, changed, tracked and cancelled', async () => {
    const { body: parcel } = await call('POST', '/v2/parcels', order);
    expect(parcel).toMatchObject({ reference: 'order-2041', priceCents: 1665, expectedOn: '2026-12-01' });
    await call('PATCH', `/v2/parcels/${parcel.id}`, { weightGrams: 3000 });
    const { body: tracking } = await call('GET', `/v2/tracking/${parcel.trackingNumber}`);
    expect(tracking.events).toHaveLength(1);
    await call('POST', `/v2/parcels/${parcel.id}/cancellation`);
    const { body: cancelled } = await call('GET', `/v2/parcels/${parcel.id}`);
    expect(cancelled).toMatchObject({ status: 'cancelled', weightGrams: 3000, priceCents: 2025, expectedOn: null });
    expect((await call('GET', `/v2/parcels/${parcel.id}/label`)).status).toBe(409);
    const { body: shipment } = await call('GET', `/v1/shipments/${parcel.trackingNumber}`);
    expect(shipment).toMatchObject({ status: 'cancelled', weight: 3 });
  });

  test('a reference belongs to one parcel', async () => {
    await call('POST', '/v2/parcels', order);
    const again = await call('POST', '/v2/parcels', order);
    expect(again).toMatchObject({ status: 409, body: { code: 'reference_taken' } });
  });

  test('every wrong member is named', async () => {
    const recipient = { ...(order.recipient as object), country: 'Portugal' };
    const { body } = await call('POST', '/v2/parcels', { ...order, weightGrams: 0, surprise: 1, recipient });
    expect(body.errors).toEqual([
      { pointer: '/weightGrams', detail: 'Must be 1 or more.' },
      { pointer: '/recipient/country', detail: 'Must be two capital letters, such as PT.' },
      { pointer: '/surprise', detail: expect.any(String) as string },
    ]);
  });

  test('pages join up to the whole list, newest first', async () => {
    const ids: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const { body }: { body: Body } = await call('GET', `/v2/parcels?pageSize=4${cursor && `&cursor=${cursor}`}`);
      ids.push(...body.parcels.map(({ id }) => id));
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
    const pickup = { day: '2030-03-17', window: 'morning', parcelCount: 1, address: order.sender };
    expect((await call('POST', '/v2/pickups', pickup)).body.errors).toEqual([
      { pointer: '/day', detail: 'Must be a Monday to Friday from tomorrow on.' },
    ]);
  });
});

test('tracking numbers carry the check digit of S10', () => {
  // RR473124829NO is the example of UPU S10: the same digits give the same check digit.
  expect(trackingNumber(47_312_482)).toBe('GH473124829NO');
});

test.each([
  ['GET', '/v3/parcels', 404],
  ['GET', '/', 404],
  ['DELETE', '/v2/services', 405],
  ['GET', '/v2/parcels/%E0%A4%A', 400],
])('%s %s is %i', async (method, path, status) => {
  expect((await call(method, path)).status).toBe(status);
});

function exampleOf(list: readonly DocumentedOperation[], operationId: string): Record<string, unknown> {
  return list.find((operation) => operation.operationId === operationId)?.exampleBody as Record<string, unknown>;
}
