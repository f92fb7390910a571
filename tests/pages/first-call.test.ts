import { execFileSync } from 'node:child_process';

import { expect, test } from 'vitest';

import type { Operation } from '../../src/catalog/api.ts';
import { curlCall, easiestOperation } from '../../src/ui/catalog/first-call.ts';

const operation = (method: string, path: string, deprecated = false): Operation => ({
  operationId: `${method} ${path}`,
  slug: '',
  method,
  path,
  summary: '',
  deprecated,
  tag: '',
});

test.each([
  'http://127.0.0.1:8080/parcels/v2/depots',
  'http://127.0.0.1:8080/it\'s/$(id)/`id`/"quoted"',
  "http://127.0.0.1:8080/';id;'",
  'http://127.0.0.1:8080/back\\slash/new\nline/$HOME/*',
])('a shell reads %j as one word and runs nothing in it', (address) => {
  const arguments_ = curlCall(address, 'gth_test_secret').replace(/^curl/, "printf '%s\\0'");
  const words = execFileSync('/bin/sh', ['-c', arguments_], { encoding: 'utf8' }).split('\0');
  expect(words).toEqual([address, '-H', 'Authorization: Bearer gth_test_secret', '']);
});

test('the easiest operation is a GET without anything to fill in', () => {
  const operations = [
    operation('POST', '/parcels'),
    operation('GET', '/parcels/{parcelId}'),
    operation('GET', '/old', true),
    operation('GET', '/depots'),
  ];
  expect(easiestOperation(operations)?.path).toBe('/depots');
  expect(easiestOperation(operations.slice(0, 3))?.path).toBe('/parcels/{parcelId}');
  expect(easiestOperation(operations.slice(0, 1))).toBeNull();
});
