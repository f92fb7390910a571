import { describe, expect, test } from 'vitest';

import { createSearchIndex } from '../../src/search/search-index.ts';
import type { SearchKind, SearchSource } from '../../src/search/search.ts';

function operation(
  method: string,
  path: string,
  operationId: string,
  summary: string,
  more: object = {},
): SearchSource {
  return {
    kind: 'operation',
    href: `/docs/parcels/v2/${operationId}`,
    crumbs: ['Parcels', 'v2'],
    ...{ method, path, operationId, summary },
    deprecated: false,
    isCurrent: true,
    json: '{}',
    ...more,
  };
}

const sources: SearchSource[] = [
  operation('GET', '/parcels', 'listParcels', 'List parcels'),
  operation('POST', '/parcels', 'createParcel', 'Create a parcel', {
    json: JSON.stringify({
      description: 'Hands a **shipment** over.',
      parameters: [{ name: 'idempotencyToken', in: 'header' }, { $ref: '#/x' }, null],
    }),
  }),
  operation('GET', '/parcels/{parcelId}', 'getParcel', 'Get a parcel'),
  operation('GET', '/parcels/{parcelId}/label', 'getParcelLabel', 'Get the label of a parcel'),
  operation('POST', '/rates', 'getRates', 'Get rates'),
  operation('POST', '/shipments', 'createShipment', 'Create a parcel', { isCurrent: false, deprecated: true }),
  {
    ...{
      kind: 'schema',
      href: '/docs/parcels/v2/schemas/Parcel',
      crumbs: ['Parcels'],
      name: 'Parcel',
      isCurrent: true,
    },
    json: JSON.stringify({ properties: { trackingNumber: {} }, allOf: [{ properties: { weightGrams: {} } }] }),
  },
  {
    ...{ kind: 'guide', href: '/guides/keys', title: 'Keys', summary: 'Keep them safe.', section: 'Security' },
    html: '<p>Start.</p><h2 id="rotate">Rotate a key without an outage</h2><p>Both work during the overlap.</p>',
  },
  {
    kind: 'refusal',
    href: '/errors/key_expired',
    code: 'key_expired',
    status: 401,
    title: 'API key expired',
    text: 'Over.',
  },
  {
    ...{ kind: 'notice', href: '/notices/labels', title: 'Labels could be guessed', summary: 'Update.' },
    ...{ names: ['CVE-2026-12345'], html: '<p>Label links were weak.</p>' },
  },
];

const index = createSearchIndex();
index.add(sources);
const search = (text: string, kind: SearchKind | null = null) => index.search({ text, kind, most: 10 });
const hrefs = (text: string): string[] => search(text).flatMap(({ hits }) => hits.map(({ href }) => href));
const operationAt = (id: string): string => `/docs/parcels/v2/${id}`;

describe('what is found first', () => {
  test.each([
    ['createParcel', operationAt('createParcel')],
    ['createparcel', operationAt('createParcel')],
    ['POST /parcels', operationAt('createParcel')],
    ['GET /parcels/17', operationAt('getParcel')],
    ['https://api.example/parcels/v2/parcels/17/label', operationAt('getParcelLabel')],
    ['get a parcel', operationAt('getParcel')],
    ['create a parcel', operationAt('createParcel')],
    ['craete parcle', operationAt('createParcel')],
    ['list parc', operationAt('listParcels')],
    ['idempotency token', operationAt('createParcel')],
    ['Parcel', '/docs/parcels/v2/schemas/Parcel'],
    ['trackingNumber', '/docs/parcels/v2/schemas/Parcel'],
    ['weight', '/docs/parcels/v2/schemas/Parcel'],
    ['how do I rotate my keys?', '/guides/keys#rotate'],
    ['key_expired', '/errors/key_expired'],
    ['cve-2026-12345', '/notices/labels'],
  ])('%j leads to %s', (text, href) => expect(hrefs(text)[0]).toBe(href));

  test('what stands in a version of the past comes after what stands in the present one', () => {
    const found = hrefs('create a parcel');
    expect(found.indexOf(operationAt('createShipment'))).toBeGreaterThan(found.indexOf(operationAt('createParcel')));
  });

  test('a mistyped word does not find words that begin otherwise', () =>
    expect(hrefs('craete')).not.toContain(operationAt('getRates')));
});

describe('an answer', () => {
  test.each(['', '   ', '...', 'zzzzqqq', 'constructor', '__proto__', 'toString', '"', '\\', 'a'.repeat(70)])(
    '%j finds nothing, and fails not',
    (text) => expect(search(text)).toEqual([]),
  );

  test('counts all, shows as many as asked for, and can be of one kind', () => {
    const [group, other] = index.search({ text: 'parcel', kind: 'operation', most: 2 });
    expect(group).toMatchObject({ kind: 'operation', count: 6 });
    expect(group?.hits).toHaveLength(2);
    expect(other).toBeUndefined();
  });

  test('marks what was found, in text that stays text', () => {
    const [group] = search('label');
    const hit = group?.hits.find(({ href }) => href === operationAt('getParcelLabel'));
    expect(hit?.title).toEqual([
      { text: 'Get the ', isHit: false },
      { text: 'label', isHit: true },
      { text: ' of a parcel', isHit: false },
    ]);
    expect(hit).toMatchObject({ badge: 'GET', crumbs: ['Parcels', 'v2'], deprecated: false });
  });
});

test('of thousands that answer, every one is counted, and the one whose title is asked for comes first', () => {
  const index = createSearchIndex();
  index.add(
    Array.from({ length: 1500 }, (_, count) =>
      operation(
        'GET',
        `/carriers/c${count}/depots`,
        `listDepots${count}`,
        `List the depots of carrier number ${count}`,
      ),
    ),
  );
  index.add([operation('GET', '/carriers', 'listCarriers', 'List carriers')]);
  const [group] = index.search({ text: 'list carrier', kind: null, most: 3 });
  expect(group?.count).toBe(1501);
  expect(group?.hits[0]?.href).toBe('/docs/parcels/v2/listCarriers');
});
