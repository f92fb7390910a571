import { connect } from 'node:net';

import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { type Front, PUBLIC_URL, startFront, statuses } from './front.ts';

const MIB = 1024 * 1024;
let front: Front;
beforeAll(async () => {
  front = await startFront();
});
afterAll(() => front.close());

const post = `POST /page HTTP/1.1\r\nHost: portal.test\r\nOrigin: ${PUBLIC_URL}\r\n`;
const get = 'GET /page HTTP/1.1\r\nHost: portal.test\r\n';

test.each([
  ['no Host', 'GET /page HTTP/1.1\r\n\r\n', 400],
  ['no Host in HTTP/1.0', 'GET /page HTTP/1.0\r\n\r\n', 400],
  ['two Hosts', `${get}Host: portal.test\r\n\r\n`, 400],
  ['two Hosts, one foreign', `${get}Host: evil.test\r\n\r\n`, 400],
  ['a Host with an account', 'GET /page HTTP/1.1\r\nHost: x@y\r\n\r\n', 400],
  ['a Host with a port that is none', 'GET /page HTTP/1.1\r\nHost: portal.test:99999\r\n\r\n', 400],
  ['the absolute form with a foreign host', 'GET http://evil.test/page HTTP/1.1\r\nHost: portal.test\r\n\r\n', 400],
  ['two Content-Lengths', `${post}Content-Length: 1\r\nContent-Length: 2\r\n\r\na`, 400],
  ['a Content-Length that is none', `${post}Content-Length: -1\r\n\r\n`, 400],
  [
    'Content-Length and Transfer-Encoding',
    `${post}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    400,
  ],
  ['an unknown Transfer-Encoding', `${post}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`, 400],
  ['two Authorizations', `${get}Authorization: Bearer a\r\nAuthorization: Bearer b\r\n\r\n`, 400],
  ['two X-API-Keys in two spellings', `${get}X-API-Key: a\r\nx-api-key: b\r\n\r\n`, 400],
  ['two Cookies', `${get}Cookie: a=1\r\nCookie: b=2\r\n\r\n`, 400],
  ['two Content-Types', `${post}Content-Type: text/plain\r\nContent-Type: application/json\r\n\r\n`, 400],
  ['two Origins', `${post}Origin: https://evil.test\r\n\r\n`, 400],
  ['a NUL in a header', `${get}X: a\0b\r\n\r\n`, 400],
  ['a header without a colon', `${get}broken\r\n\r\n`, 400],
  ['a space before the colon', `${get}X : a\r\n\r\n`, 400],
  ['a folded header', `${get}X: a\r\n b\r\n\r\n`, 400],
  ['a header of 20 kB', `${get}X: ${'a'.repeat(20_000)}\r\n\r\n`, 431],
  ['a thousand headers', `${get}${'X: a\r\n'.repeat(1000)}\r\n`, 431],
  ['a target of 20 kB', `GET /${'a'.repeat(20_000)} HTTP/1.1\r\nHost: portal.test\r\n\r\n`, 431],
  ['TRACE', 'TRACE /page HTTP/1.1\r\nHost: portal.test\r\n\r\n', 405],
  ['OPTIONS', 'OPTIONS * HTTP/1.1\r\nHost: portal.test\r\n\r\n', 405],
  ['CONNECT', 'CONNECT evil.test:443 HTTP/1.1\r\nHost: portal.test\r\n\r\n', 405],
  ['an unknown method', 'FOO /page HTTP/1.1\r\nHost: portal.test\r\n\r\n', 405],
  ['a compressed body', `${post}Content-Encoding: gzip\r\nContent-Length: 1\r\n\r\na`, 415],
  ['TLS on a plain port', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 405],
  ['HTTP/2 from the start', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
])('%s is refused', async (_what, bytes, status) => {
  const before = front.seen.length;
  expect(statuses(await front.raw(bytes))).toEqual([status]);
  expect(front.seen.length).toBe(before);
});

test('a refused method is told which methods there are', async () => {
  const ours = { Origin: PUBLIC_URL };
  for (const method of ['TRACE', 'PUT', 'PATCH', 'DELETE']) {
    const answer = await front.request(method, '/page', ours);
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD, POST']);
  }
  const { headers } = await front.request('TRACE', '/api/v1/apis');
  expect(headers.get('allow')).toBe('GET, HEAD, POST, PUT, PATCH, DELETE');
});

test('a body of exactly 1 MiB is read, one byte more is refused, with and without a length', async () => {
  const ours = { Origin: PUBLIC_URL };
  expect((await front.request('POST', '/page', ours, 'a'.repeat(MIB))).status).toBe(200);
  expect((await front.request('POST', '/page', ours, 'a'.repeat(MIB + 1))).status).toBe(413);
  const chunk = `10000\r\n${'a'.repeat(65_536)}\r\n`;
  const chunked = (count: number, rest: string) =>
    front.raw(`${post}Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n${chunk.repeat(count)}${rest}0\r\n\r\n`);
  expect(statuses(await chunked(16, ''))).toEqual([200]);
  expect(statuses(await chunked(16, '1\r\na\r\n'))).toEqual([413]);
});

/** Sends chunks of 1 MiB for as long as the server takes them, 2 GiB at most. */
function sendEndlessBody(port: number): Promise<{ text: string; sent: number }> {
  const chunk = Buffer.from(`100000\r\n${'a'.repeat(MIB)}\r\n`);
  return new Promise((resolve) => {
    const state = { text: '', sent: 0 };
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(`${post}Transfer-Encoding: chunked\r\n\r\n`);
      send();
    });
    const send = (): void => {
      while (!socket.destroyed && state.sent < 2048) {
        state.sent += 1;
        if (!socket.write(chunk)) return void socket.once('drain', send);
      }
    };
    socket.on('data', (data) => (state.text += data.toString('latin1'))).on('error', () => undefined);
    socket.on('close', () => resolve(state));
  });
}

test('an endless body is cut off without being kept in memory, and the answer arrives', async () => {
  await sendEndlessBody(front.port);
  const before = process.memoryUsage().rss;
  const grown: number[] = [];
  // What waits to be collected counts too, on a busy machine for longer than one body takes; what is kept stays.
  for (let time = 0; time < 3; time += 1) {
    const { text, sent } = await sendEndlessBody(front.port);
    expect(statuses(text)).toEqual([413]);
    expect(sent).toBeLessThan(2048);
    grown.push(process.memoryUsage().rss - before);
  }
  expect(Math.min(...grown)).toBeLessThan(50 * MIB);
});

test('what follows a refused body on the same connection is not taken for a request', async () => {
  const smuggled = 'GET /page?smuggled HTTP/1.1\r\nHost: portal.test\r\n\r\n';
  const answer = await front.raw(`${post}Content-Length: ${2 * MIB}\r\n\r\n${smuggled}`);
  expect(statuses(answer)).toEqual([413]);
  expect(front.seen.some(({ url }) => url.includes('smuggled'))).toBe(false);
});

test('a sender that asks first is told to go on, or that the body is too large', async () => {
  const expecting = `${post}Expect: 100-continue\r\nConnection: close\r\n`;
  expect(statuses(await front.raw(`${expecting}Content-Length: 1\r\n\r\na`))).toEqual([100, 200]);
  expect(statuses(await front.raw(`${expecting}Content-Length: ${2 * MIB}\r\n\r\n`))).toEqual([413]);
});

test('a broken chunk is refused and the page never sees half a body', async () => {
  const before = front.seen.length;
  expect(statuses(await front.raw(`${post}Transfer-Encoding: chunked\r\n\r\n4\r\nname\r\nzz\r\n`))).toEqual([400]);
  expect(front.seen.length).toBe(before);
});

const token = fc.stringMatching(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,12}$/);
const junk = fc.string({ unit: 'binary', maxLength: 30 });
const ascii = fc.string({ unit: 'grapheme-ascii', maxLength: 40 });

/** Mostly what is usual, sometimes what is known to have hurt others, sometimes anything. */
function mostly(usual: readonly string[], hurtful: readonly string[], anything: fc.Arbitrary<string>) {
  return fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...usual) },
    { weight: 2, arbitrary: fc.constantFrom(...hurtful) },
    { weight: 1, arbitrary: anything },
  );
}

const malformed = fc.record({
  method: mostly(['GET', 'POST', 'HEAD', 'DELETE'], ['TRACE', 'OPTIONS', 'FOO', ''], token),
  target: mostly(
    ['/page', '/404', '/healthz', '/robots.txt', '/nothing'],
    ['*', '//', '/%', '/%2e%2e', '/../..', '/__proto__', '/_image', '/x?%', '/api/v1/constructor'],
    fc.oneof(
      ascii.map((text) => `/${text}`),
      junk,
    ),
  ),
  version: mostly(['HTTP/1.1'], ['HTTP/1.0', 'HTTP/2.0', 'HTTP/9', 'http/1.1', ''], junk),
  host: mostly(['portal.test'], ['x@y', '[::1', '', 'portal.test:99999', 'a b', '%00'], junk),
  headers: fc.array(
    fc.tuple(
      mostly(
        ['Origin', 'Cookie', 'Range', 'Accept', 'Content-Type', 'If-None-Match', 'X-Forwarded-For', 'Upgrade'],
        ['Content-Length', 'Transfer-Encoding', 'Expect', 'X-Forwarded-Host', 'Connection'],
        token,
      ),
      mostly([PUBLIC_URL, 'text/html', '5'], ['chunked', '-1', '100-continue', 'bytes=9-1', 'websocket'], junk),
    ),
    { maxLength: 4 },
  ),
  body: mostly([''], ['a=1', '0\r\n\r\n', '\0'], junk),
});

type Malformed = typeof malformed extends fc.Arbitrary<infer Value> ? Value : never;

test('a thousand malformed requests never get a 5xx, and the server serves on', { timeout: 120_000 }, async () => {
  const seen = new Set<number>();
  const send = async (request: Malformed): Promise<void> => {
    const headers = request.headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
    const start = `${request.method} ${request.target} ${request.version}\r\nHost: ${request.host}\r\n`;
    const text = await front.raw(`${start}${headers}Connection: close\r\n\r\n${request.body}`);
    for (const status of statuses(text)) seen.add(status);
  };
  const requests = fc.sample(malformed, { numRuns: 1000, seed: 20260101 });
  for (let start = 0; start < requests.length; start += 200)
    await Promise.all(requests.slice(start, start + 200).map(send));
  expect([...seen].filter((status) => status >= 500)).toEqual([]);
  expect([...seen].sort()).toEqual(expect.arrayContaining([200, 400, 405]));
  expect((await front.request('GET', '/page')).status).toBe(200);
});
