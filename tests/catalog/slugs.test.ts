import { expect, test } from 'vitest';

import { componentSlugs, kebab, operationSlugs } from '../../src/catalog/slugs.ts';

test.each([
  ['createParcel', 'create-parcel'],
  ['repos/get', 'repos-get'],
  ['GetHTTPStatus', 'get-http-status'],
  ['listV2Parcels', 'list-v2-parcels'],
  ['  Größe__ändern ', 'große-andern'.replace('ß', '-')],
  ['../../etc/passwd', 'etc-passwd'],
  ['<script>', 'script'],
  ['日本', ''],
])('%j has the address %j', (name, slug) => {
  expect(kebab(name)).toBe(slug);
});

test('operations that would share an address are numbered, whatever their order in the document', () => {
  const ids = ['get_parcel', 'getParcel', 'get-parcel', 'get-parcel-2', '日本', '中国'];
  const slugs = operationSlugs(ids);
  expect(new Set(slugs.values()).size).toBe(ids.length);
  expect(operationSlugs(ids.toReversed())).toEqual(slugs);
  expect(slugs.get('get-parcel')).toBe('get-parcel');
  expect(slugs.get('get-parcel-2')).toBe('get-parcel-2');
});

test('no operation takes the address of another page of its version', () => {
  expect([...operationSlugs(['tags', 'schemas', 'webhooks']).values()]).toEqual(['schemas-2', 'tags-2', 'webhooks-2']);
});

test('schemas keep their names as addresses unless something in them needs encoding', () => {
  const slugs = componentSlugs(['Parcel', 'parcel', 'a.b_c-d', 'List«Parcel»', 'a/b', 'x.md']);
  expect(Object.fromEntries(slugs)).toEqual({
    Parcel: 'Parcel',
    parcel: 'parcel',
    'a.b_c-d': 'a.b_c-d',
    'List«Parcel»': 'list-parcel',
    'a/b': 'a-b',
    'x.md': 'x-md',
  });
});
