import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';

import { createAnswerMemory } from '../../src/server/answer-memory.ts';
import type { AstroHandler } from '../../src/server/page-request.ts';
import { type BytesAnswer, askForBytes, startFront } from './front.ts';

let edition: string | null | Error;
/** Runs while a page is being made. */
let meanwhile: () => void;
let made: number;

/** As long as a page, in two parts as Astro writes it; the address says what is special about it. */
const page: AstroHandler = (asked, response) => {
  made += 1;
  const { url = '' } = asked;
  response.writeHead(/missing|^\/404/.test(url) ? 404 : 200, {
    'content-type': 'text/html',
    ...(url.includes('cookie') && { 'set-cookie': 'a=1' }),
  });
  response.write(new TextEncoder().encode(`<p>page ${made}</p>`));
  meanwhile();
  if (url.includes('broken')) response.destroy();
  else response.end(new TextEncoder().encode('<p>ä</p>'.repeat(1000)));
  return Promise.resolve();
};

const front = await startFront({}, page, null, () => {
  if (edition instanceof Error) throw edition;
  return edition;
});
afterAll(() => front.close());
beforeEach(() => {
  edition = 'first';
  meanwhile = () => undefined;
  made = 0;
});

const ask = (path: string, headers: Record<string, string> = {}, method = 'GET', port = front.port) =>
  askForBytes(port, path, headers, method);

const ofOneAnswer = ['x-request-id', 'date', 'connection', 'keep-alive', 'transfer-encoding', 'content-length'];
const lasting = ({ headers }: BytesAnswer): [string, unknown][] =>
  Object.entries(headers)
    .filter(([name]) => !ofOneAnswer.includes(name))
    .sort();

describe('a page of the documentation, asked for by guests', () => {
  test.each([
    ['identity', (bytes: Buffer) => bytes],
    ['gzip', gunzipSync],
    ['br', brotliDecompressSync],
  ])('is made once and is then the same, as %s too', async (coding, decode) => {
    const path = `/docs/once-as-${coding}`;
    const first = await ask(path, { 'Accept-Encoding': coding });
    const second = await ask(path, { 'Accept-Encoding': coding });
    expect(made).toBe(1);
    expect(decode(second.bytes).toString()).toBe(`<p>page 1</p>${'<p>ä</p>'.repeat(1000)}`);
    expect(second.bytes).toEqual(first.bytes);
    expect(lasting(second)).toEqual(lasting(first));
    expect(Object.fromEntries(lasting(second))).toMatchObject({
      'cache-control': 'no-store',
      'x-frame-options': 'DENY',
    });
    expect(second.headers['content-length']).toBe(String(second.bytes.length));
    expect(second.headers['x-request-id']).not.toBe(first.headers['x-request-id']);
  });

  test('is made for each coding that readers take', async () => {
    const codings = await Promise.all(
      ['gzip', 'br', 'identity'].map(async (coding) => {
        await ask('/docs/codings', { 'Accept-Encoding': coding });
        return (await ask('/docs/codings', { 'Accept-Encoding': coding })).headers['content-encoding'];
      }),
    );
    expect(codings).toEqual(['gzip', 'br', undefined]);
  });

  test('is made anew when something has changed that it may show', async () => {
    await ask('/docs/changed');
    edition = 'second';
    const { bytes } = await ask('/docs/changed');
    expect(bytes.toString()).toMatch(/^<p>page 2</);
    expect((await ask('/docs/changed')).bytes).toEqual(bytes);
  });

  test('is not remembered when something changed while it was made', async () => {
    meanwhile = () => (edition = 'second');
    await ask('/docs/meanwhile');
    meanwhile = () => undefined;
    expect((await ask('/docs/meanwhile')).bytes.toString()).toMatch(/^<p>page 2</);
  });

  test('is answered, and not remembered, when asking what changed fails, before it is made or after', async () => {
    meanwhile = () => (edition = new Error('disk I/O error'));
    expect((await ask('/docs/fails')).status).toBe(200);
    expect((await ask('/docs/fails')).bytes.toString()).toMatch(/^<p>page 2</);
    edition = 'second';
    meanwhile = () => undefined;
    expect((await ask('/docs/fails')).bytes.toString()).toMatch(/^<p>page 3</);
  });

  test('is not remembered when nobody can tell whether something changed', async () => {
    edition = null;
    await ask('/docs/untold');
    await ask('/docs/untold');
    expect(made).toBe(2);
  });
});

test.each([
  ['a session', '/docs/a', { Cookie: '__Host-session=secret' }, 'GET'],
  ['a harmless cookie', '/docs/b', { Cookie: 'theme=dark' }, 'GET'],
  ['a token', '/docs/c', { Authorization: 'Bearer secret' }, 'GET'],
  ['another method', '/docs/d', {}, 'HEAD'],
  ['a question', '/docs/e?open=body', {}, 'GET'],
  ['another page', '/page/f', {}, 'GET'],
  ['a page that is missing', '/docs/missing', {}, 'GET'],
  ['a page that sets a cookie', '/docs/cookie', {}, 'GET'],
])('what answers a request with %s is neither remembered nor from memory', async (_what, path, headers, method) => {
  await ask(path);
  const before = made;
  await ask(path, headers, method);
  await ask(path, headers, method);
  expect(made).toBe(before + 2);
});

test('half a page is not remembered', async () => {
  await expect(ask('/docs/broken')).rejects.toThrow();
  await expect(ask('/docs/broken')).rejects.toThrow();
  expect(made).toBe(2);
});

test('a file with its hash in its name comes from memory, in each coding, and is still revalidated', async () => {
  const path = '/assets/app.abc123.js';
  const first = await ask(path, { 'Accept-Encoding': 'identity' });
  const second = await ask(path, { 'Accept-Encoding': 'identity' });
  expect(second.bytes.toString()).toBe('export const answer = 42;\n');
  expect(lasting(second)).toEqual(lasting(first));
  expect((await ask(path, { 'Accept-Encoding': 'br' })).bytes.toString()).toBe('brotli');
  const tag = String(first.headers.etag);
  expect((await ask(path, { 'Accept-Encoding': 'identity', 'If-None-Match': tag })).status).toBe(304);
  expect(second.headers['cache-control']).toBe('public, max-age=31536000, immutable');
});

describe('memory', () => {
  let server: Server;
  afterEach(() => void server.close());

  test('is bounded: what was asked for least recently goes first', async () => {
    let answers = 0;
    const memory = createAnswerMemory({ edition: () => 'same', nameOf: ({ url }) => url ?? null, mostBytes: 2500 });
    server = createServer((asked, response) => {
      if (memory.answer(asked, response)) return;
      answers += 1;
      response.end('x'.repeat(1000));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    for (const path of ['/a', '/b', '/a', '/c']) await ask(path, {}, 'GET', port);
    expect(answers).toBe(3);
    await ask('/a', {}, 'GET', port);
    expect(answers).toBe(3);
    await ask('/b', {}, 'GET', port);
    expect(answers).toBe(4);
  });
});
