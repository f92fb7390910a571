import { expect, test } from 'vitest';

import { type Catalog, useUpstreams } from '../../src/catalog/catalog.ts';

function catalogOf(upstreams: Record<string, string>): Catalog {
  const document = {
    json: '{}',
    sha256: '',
    title: '',
    documentVersion: '',
    description: '',
    operations: [],
    parts: [],
  };
  const version = { version: 'v2', lifecycle: 'active' as const, deprecatedAtMs: null, sunsetAtMs: null, document };
  const apis = Object.entries(upstreams).map(([slug, upstreamUrl]) => ({
    slug,
    title: slug,
    summary: '',
    plans: [],
    versions: [{ ...version, upstreamUrl }],
  }));
  return { apis, broken: [], problems: [] };
}

const upstreamsOf = (catalog: Catalog) =>
  Object.fromEntries(catalog.apis.map(({ slug, versions }) => [slug, versions[0]?.upstreamUrl]));

test('a setting moves the upstream of one API to another origin; its path and the other APIs stay', () => {
  const catalog = catalogOf({ parcels: 'http://127.0.0.1:4330/v2', rates: 'http://127.0.0.1:9/v1', gatehouse: '' });
  const moved = useUpstreams(
    catalog,
    new Map([
      ['parcels', 'https://parcels.internal:8443'],
      ['gatehouse', 'http://x'],
    ]),
  );
  expect(upstreamsOf(moved)).toEqual({
    parcels: 'https://parcels.internal:8443/v2',
    rates: 'http://127.0.0.1:9/v1',
    gatehouse: '',
  });
});

test('an upstream without a path gets none', () => {
  const moved = useUpstreams(catalogOf({ parcels: 'http://127.0.0.1:4330' }), new Map([['parcels', 'http://a:1']]));
  expect(upstreamsOf(moved)).toEqual({ parcels: 'http://a:1' });
});
