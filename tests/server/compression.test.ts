import { request } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';

import { afterAll, beforeAll, expect, test } from 'vitest';

import type { AstroHandler } from '../../src/server/page-request.ts';
import { type Front, startFront } from './front.ts';

const text = '<p>One operation of an API, described at length.</p>'.repeat(1000);

/** Writes in two parts, as Astro does, under the type that the address names. */
const longPage: AstroHandler = (request, response) => {
  const isPicture = request.url === '/page/picture';
  response.writeHead(200, { 'content-type': isPicture ? 'image/png' : 'text/html', etag: '"one"' });
  response.write(text.slice(0, 20));
  response.end(text.slice(20));
  return Promise.resolve();
};

let front: Front;
beforeAll(async () => {
  front = await startFront({}, longPage);
});
afterAll(() => front.close());

/** Bytes as they came: fetch would decode them. */
function bytesOf(headers: Record<string, string>): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const all = { Host: 'portal.test', ...headers };
    request({ port: front.port, host: '127.0.0.1', path: '/page', headers: all }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part)).on('end', () => resolve(Buffer.concat(parts)));
    })
      .once('error', reject)
      .end();
  });
}

test.each([
  ['br', (bytes: Buffer) => brotliDecompressSync(bytes)],
  ['gzip', (bytes: Buffer) => gunzipSync(bytes)],
])('a page for somebody who is not signed in leaves as %s, and says the same', async (coding, decode) => {
  const bytes = await bytesOf({ 'Accept-Encoding': coding });
  expect(bytes.length).toBeLessThan(text.length / 20);
  expect(decode(bytes).toString()).toBe(text);
});

test.each([
  ['a session', { Cookie: '__Host-session=secret' }],
  ['an unknown cookie', { Cookie: 'theme=dark; other=1' }],
  ['a token', { Authorization: 'Bearer secret' }],
  ['no wish for it', { 'Accept-Encoding': 'identity' }],
])('an answer to a request with %s is not compressed, so that its length tells nothing', async (_what, headers) => {
  const answer = await front.request('GET', '/page', { 'Accept-Encoding': 'gzip, br', ...headers });
  expect(answer.headers.has('content-encoding')).toBe(false);
  expect(answer.body).toContain(text.slice(-200));
});

test('the choice of colours is no reason to send more', async () => {
  const answer = await front.request('GET', '/page', { 'Accept-Encoding': 'gzip', Cookie: 'theme=dark' });
  expect(answer.headers.get('content-encoding')).toBe('gzip');
});

test('caches are told that there are two codings of one page', async () => {
  const answer = await front.request('GET', '/page', { 'Accept-Encoding': 'gzip' });
  expect(answer.headers.get('vary')).toContain('Accept-Encoding');
  expect(answer.headers.get('etag')).toBe('W/"one"');
});

test('an answer to a form and a picture leave as they are', async () => {
  const form = await front.request(
    'POST',
    '/page',
    { 'Accept-Encoding': 'gzip', Origin: 'https://portal.test', 'Content-Type': 'text/plain' },
    'x',
  );
  const picture = await front.request('GET', '/page/picture', { 'Accept-Encoding': 'gzip' });
  expect(form.headers.has('content-encoding')).toBe(false);
  expect(picture.headers.has('content-encoding')).toBe(false);
});
