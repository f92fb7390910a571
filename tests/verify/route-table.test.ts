import { describe, expect, test } from 'vitest';

import { type RouteOperation, buildRouteTable } from '../../src/verify/route-table.ts';
import { readTarget } from '../../src/verify/target.ts';

const templates = [
  'GET /parcels',
  'POST /parcels',
  'GET /parcels/{parcelId}',
  'PUT /parcels/{parcelId}',
  'GET /parcels/latest',
  'GET /parcels/{parcelId}/events',
  'GET /parcels/latest/label',
  'GET /archive/{name}.zip',
  'GET /archive/{name}.tar.gz',
  'GET /compare/{base}...{head}',
  'GET /(a+)+$/{x}',
  'GET /',
  'HEAD /status',
  'GET /status',
];
const operations = templates.map((operationId): RouteOperation => {
  const [method = '', path = ''] = operationId.split(' ');
  return { operationId, method, path, scopes: [], cost: 1 };
});
const v2 = { api: 'parcels', version: 'v2', retired: false, deprecation: null, upstreamUrl: 'http://x', operations };
const routes = buildRouteTable([v2, { ...v2, version: 'v1', retired: true }]);

function match(call: string): string | null {
  const [method = '', path = ''] = call.split(' ');
  const { refusal, operation } = readTarget(routes, { api: null, version: null, method, path: `/parcels/v2${path}` });
  return refusal ? refusal.code : (operation?.operationId ?? null);
}

describe('the operation behind a call', () => {
  test.each([
    ['GET /parcels', 'GET /parcels'],
    ['HEAD /parcels', 'GET /parcels'],
    ['HEAD /status', 'HEAD /status'],
    ['GET /parcels/4711', 'GET /parcels/{parcelId}'],
    ['GET /parcels/a%20b', 'GET /parcels/{parcelId}'],
    ['GET /%70arcels', 'GET /parcels'],
    ['GET /parcels/latest', 'GET /parcels/latest'],
    ['GET /parcels/latest/label', 'GET /parcels/latest/label'],
    ['GET /parcels/latest/events', 'GET /parcels/{parcelId}/events'],
    ['GET /archive/2026.zip', 'GET /archive/{name}.zip'],
    ['GET /archive/2026.tar.gz', 'GET /archive/{name}.tar.gz'],
    ['GET /compare/main...next', 'GET /compare/{base}...{head}'],
    ['GET /', 'GET /'],
  ])('%s is %s', (call, operationId) => {
    expect(match(call)).toBe(operationId);
  });

  test.each([
    'GET /parcels/',
    'GET /PARCELS',
    'get /parcels',
    'PUT /parcels',
    'GET /parcels/4711/',
    'GET /parcels/4711/label',
    'GET /archive/.zip',
    'GET ',
    'CONNECT /parcels',
    'GET /toString',
    'GET /__proto__',
  ])('%s is none', (call) => {
    expect(match(call)).toBe('unknown_operation');
  });

  test('a literal path beats a template even when only the template has the method', () => {
    expect(match('PUT /parcels/4711')).toBe('PUT /parcels/{parcelId}');
    expect(match('PUT /parcels/latest')).toBe('unknown_operation');
  });
});

describe('the target of a question', () => {
  const asked = { api: null, version: null, method: 'GET', path: null };

  test('with a named API the path has no prefix, and a prefix in it does not count', () => {
    expect(
      readTarget(routes, { ...asked, api: 'parcels', version: 'v2', path: '/parcels' }).operation?.operationId,
    ).toBe('GET /parcels');
    expect(
      readTarget(routes, { ...asked, api: 'parcels', version: 'v2', path: '/parcels/v2/parcels' }).refusal?.code,
    ).toBe('unknown_operation');
  });

  test.each([
    ['/other/v2/parcels', 'unknown_api'],
    ['/parcels/v9/parcels', 'unknown_api'],
    ['/parcels', 'unknown_api'],
    ['/', 'unknown_api'],
    ['/__proto__/constructor/x', 'unknown_api'],
    ['/parcels/v1/parcels', 'version_retired'],
    ['/parcels/v2', 'unknown_operation'],
    ['/parcels/v2/../v1/parcels', 'ambiguous_path'],
    ['', 'ambiguous_path'],
  ])('%s is refused as %s', (path, code) => {
    expect(readTarget(routes, { ...asked, path }).refusal?.code).toBe(code);
  });

  test('a name of an API that does not exist is never handed on to be counted', () => {
    expect(readTarget(routes, { ...asked, path: '/anything/v1/x' })).toMatchObject({ api: '', version: '' });
  });

  test('without a path, an API may be named alone or with a version', () => {
    expect(readTarget(routes, { ...asked, api: 'parcels' })).toMatchObject({ refusal: null, api: 'parcels' });
    expect(readTarget(routes, { ...asked, api: 'other' }).refusal?.code).toBe('unknown_api');
    expect(readTarget(routes, { ...asked, api: 'parcels', version: 'v1' }).refusal?.code).toBe('version_retired');
    expect(readTarget(routes, asked)).toMatchObject({ refusal: null, api: '' });
  });
});
