import { afterAll, beforeAll, expect, test } from 'vitest';

import { type Front, PUBLIC_URL, startFront } from './front.ts';

const ours = { Origin: PUBLIC_URL };
const page = { Accept: 'text/html' };
let front: Front;

beforeAll(async () => {
  front = await startFront({ GATEWAY_PUBLIC_URL: 'https://gateway.test' });
});
afterAll(() => front.close());

test.each([
  ['a page', 'GET', '/page', {}, 200],
  ['a static file', 'GET', '/assets/app.abc123.js', {}, 200],
  ['an unchanged file', 'GET', '/robots.txt', {}, 200],
  ['a missing page', 'GET', '/nothing', page, 404],
  ['a missing resource', 'GET', '/nothing', {}, 404],
  ['a foreign host', 'GET', '/page', { Host: 'evil.test' }, 421],
  ['a strange path', 'GET', '/x/../page', {}, 400],
  ['a refused method', 'OPTIONS', '/page', {}, 405],
  ['a cross-site change', 'POST', '/page', { Origin: 'https://evil.test' }, 403],
  ['a compressed request', 'POST', '/page', { ...ours, 'Content-Encoding': 'gzip' }, 415],
  ['a request too large', 'POST', '/page', { ...ours, 'Content-Length': '1048577' }, 413],
  ['an unknown expectation', 'POST', '/page', { ...ours, Expect: 'tea' }, 417],
  ['a page that throws', 'GET', '/broken', {}, 500],
  ['the health check', 'GET', '/healthz', {}, 200],
])('%s carries the whole set of security headers', async (_what, method, path, headers, status) => {
  const answer = await front.request(method, path, headers);
  expect(answer.status).toBe(status);
  const policy = answer.headers.get('content-security-policy') ?? '';
  expect(policy).toMatch(/^default-src 'none'; script-src 'self'; .*base-uri 'none'; frame-ancestors 'none'$/);
  expect(policy).not.toContain('unsafe');
  expect(answer.headers.get('strict-transport-security')).toBe('max-age=63072000; includeSubDomains');
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  expect(answer.headers.get('referrer-policy')).toBe('same-origin');
  expect(answer.headers.get('cross-origin-opener-policy')).toBe('same-origin');
  expect(answer.headers.get('cross-origin-resource-policy')).toBe('same-origin');
  expect(answer.headers.get('permissions-policy')).toContain('camera=()');
  expect(answer.headers.get('x-frame-options')).toBe('DENY');
  expect(answer.headers.has('server')).toBe(false);
});

test('what the parser cannot read carries the same headers and says what was wrong', async () => {
  const answer = await front.raw('GET /page HTTP/1.1\r\nHost: portal.test\r\nbroken header\r\n\r\n');
  expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\nContent-Security-Policy: default-src 'none'/);
  expect(answer).toContain('Content-Type: application/problem+json');
  expect(answer).toContain('"code":"bad_request"');
});

test('only the documentation may call the gateway and draw data: images', async () => {
  const policyOf = async (path: string) => (await front.request('GET', path)).headers.get('content-security-policy');
  expect(await policyOf('/docs/parcels')).toContain(`connect-src 'self' https://gateway.test;`);
  expect(await policyOf('/docs/parcels')).toContain(`img-src 'self' data:;`);
  expect(await policyOf('/page')).toContain(`connect-src 'self';`);
  expect(await policyOf('/page')).toContain(`img-src 'self';`);
});

test('a portal without TLS does not ask for it', async () => {
  const plain = await startFront({ PUBLIC_URL: 'http://portal.test' });
  const answer = await plain.request('GET', '/page');
  await plain.close();
  expect(answer.status).toBe(200);
  expect(answer.headers.has('strict-transport-security')).toBe(false);
});

test('nobody may keep a page unless it says so, and never one that was asked for with a cookie', async () => {
  const cacheOf = async (path: string, headers = {}) =>
    (await front.request('GET', path, headers)).headers.get('cache-control');
  expect(await cacheOf('/page')).toBe('no-store');
  expect(await cacheOf('/page/cached')).toBe('public, max-age=60');
  expect(await cacheOf('/page/cached', { Cookie: 'session=x' })).toBe('private, no-store');
  expect(await cacheOf('/nothing', { Cookie: 'session=x' })).toContain('no-store');
});

test('a page says its encoding', async () => {
  expect((await front.request('GET', '/page')).headers.get('content-type')).toBe('text/html; charset=utf-8');
});

test('cookies that a page sets are kept, each in its own header', async () => {
  const answer = await front.request('GET', '/page');
  expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
});

test('programs get problem details, people get a page', async () => {
  const forPrograms = await front.request('GET', '/page', { Host: 'evil.test' });
  expect(forPrograms.headers.get('content-type')).toBe('application/problem+json');
  expect(JSON.parse(forPrograms.body)).toMatchObject({
    type: `${PUBLIC_URL}/errors/misdirected_request`,
    status: 421,
    code: 'misdirected_request',
  });
  const forPeople = await front.request('GET', '/page', { Host: 'evil.test', ...page });
  expect(forPeople.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(forPeople.body).toContain('This is not the address of the portal');
  expect(forPeople.body).not.toContain('evil.test');
  const missing = await front.request('GET', '/nothing', page);
  expect(missing.body).toContain('page /404');
});

test('the management API answers a missing address with problem details even to a browser', async () => {
  const standIn = await startFront({}, (_request, _response, next) => Promise.resolve(void next()));
  const answer = await standIn.request('GET', '/api/v1/nothing', page);
  await standIn.close();
  expect(answer.status).toBe(404);
  expect(JSON.parse(answer.body)).toMatchObject({ code: 'not_found' });
});

test('a page that throws is a plain 500 that tells nothing about the error, and the next request is served', async () => {
  const broken = await front.request('GET', '/broken');
  expect(broken.status).toBe(500);
  expect(broken.body).not.toContain('a page failed');
  expect((await front.request('GET', '/page')).status).toBe(200);
});

test('files of the build are compressed and kept for good, others for a short time, dot files not at all', async () => {
  const hashed = await front.request('GET', '/assets/app.abc123.js', { 'Accept-Encoding': 'gzip, br' });
  expect(hashed.headers.get('content-encoding')).toBe('br');
  expect(hashed.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  expect(hashed.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
  expect(hashed.headers.get('vary')).toBe('Accept-Encoding');
  const short = await front.request('GET', '/robots.txt');
  expect(short.headers.get('cache-control')).toBe('public, max-age=300');
  const unchanged = await front.request('GET', '/robots.txt', { 'If-None-Match': short.headers.get('etag') ?? '' });
  expect(unchanged.status).toBe(304);
  expect(unchanged.headers.get('cache-control')).toBe('public, max-age=300');
  expect((await front.request('GET', '/.secret')).status).toBe(404);
});

test('a backward range does not stop the server; ranges are not answered', async () => {
  const answer = await front.request('GET', '/robots.txt', { Range: 'bytes=9-2' });
  expect(answer.status).toBe(200);
  expect(answer.body).toBe('User-agent: *\n');
});

test('the health check tells status, version and schema under the public and the loopback names', async () => {
  for (const Host of ['portal.test', `127.0.0.1:${front.port}`, `localhost:${front.port}`, `[::1]:${front.port}`]) {
    const answer = await front.request('GET', '/healthz', { Host });
    expect(JSON.parse(answer.body)).toEqual({ status: 'ok', version: '1.2.3', schema: '0001-foundation', reasons: [] });
  }
});

test.each(['/_image', '/_image?href=/x', '/_actions/x', '/_server-islands/x'])(
  '%s, which the framework would answer by itself, is not there',
  async (path) => {
    const before = front.seen.length;
    expect((await front.request('GET', path)).status).toBe(404);
    expect((await front.request('POST', path, ours, '{}')).status).toBe(404);
    expect(front.seen.length).toBe(before);
  },
);

test('what others claim about address, host, path and method never reaches a page', async () => {
  const claims = [
    'Forwarded',
    'X-Forwarded-For',
    'X-Forwarded-Host',
    'X-Forwarded-Proto',
    'X-Forwarded-Port',
    'X-Real-IP',
    'X-HTTP-Method-Override',
    'X-Method-Override',
    'X-Original-URL',
    'X-Rewrite-URL',
    'X-Astro-Path',
  ];
  await front.request('GET', '/page', Object.fromEntries(claims.map((name) => [name, 'evil.test'])));
  const seen = front.seen.at(-1);
  expect(Object.keys(seen?.headers ?? {}).sort()).toEqual(['connection', 'host']);
  expect(seen?.locals.origin.address).toBe('127.0.0.1');
});

test('the management API never sees a cookie; pages do', async () => {
  await front.request('GET', '/api/v1/key', { Cookie: 'session=x' });
  expect(front.seen.at(-1)?.headers).not.toHaveProperty('cookie');
  await front.request('GET', '/page', { Cookie: 'session=x' });
  expect(front.seen.at(-1)?.headers).toHaveProperty('cookie', 'session=x');
});

test('a body reaches the page whole, with or without a length', async () => {
  await front.request('POST', '/page', ours, 'name=Ada');
  expect(front.seen.at(-1)?.body).toBe('name=Ada');
  await front.raw(
    `POST /page HTTP/1.1\r\nHost: portal.test\r\nOrigin: ${PUBLIC_URL}\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n4\r\nname\r\n4\r\n=Ada\r\n0\r\n\r\n`,
  );
  expect(front.seen.at(-1)?.body).toBe('name=Ada');
});

test('behind a trusted proxy the page learns the rightmost address that is not a proxy', async () => {
  const proxied = await startFront({ TRUSTED_PROXIES: '127.0.0.1, 10.0.0.0/8' });
  await proxied.request('GET', '/page', { 'X-Forwarded-For': '6.6.6.6, 203.0.113.9, 10.1.2.3', 'User-Agent': 'test' });
  await proxied.request('GET', '/page', { 'X-Forwarded-For': 'unknown' });
  await proxied.close();
  expect(proxied.seen.map(({ locals }) => locals.origin)).toEqual([
    { address: '203.0.113.9', userAgent: 'test' },
    { address: '', userAgent: '' },
  ]);
});
