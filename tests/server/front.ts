import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Writable } from 'node:stream';

import pino from 'pino';

import type { Portal } from '../../src/portal/portal.ts';
import { type Config, type Environment, readConfig } from '../../src/settings/config.ts';
import { createDurationHistogram } from '../../src/platform/duration-histogram.ts';
import { createLog } from '../../src/platform/log.ts';
import { createMetrics } from '../../src/platform/metrics.ts';
import { type FrontServer, createFrontServer } from '../../src/server/front-server.ts';
import type { Edition } from '../../src/server/answer-memory.ts';
import type { AstroHandler, PageLocals } from '../../src/server/page-request.ts';

const secret = 'only-for-tests-only-for-tests-only-for-tests';

export const PUBLIC_URL = 'https://portal.test';

/** With a sign that replacing text would take for an instruction. */
export const SITE_CSS = '@font-face{font-family:Own;src:url(/assets/own.woff2)}body{color:red;content:"$&"}';

/** A page as the stand-in for Astro saw it. */
export interface SeenRequest {
  method: string;
  url: string;
  headers: Readonly<Record<string, unknown>>;
  body: string | null;
  locals: PageLocals;
}

export interface Front {
  port: number;
  server: FrontServer;
  /** What reached the pages, oldest first. */
  seen: SeenRequest[];
  /** Sends bytes as they are and returns everything that came back before the connection ended. */
  raw(bytes: string): Promise<string>;
  /** One well-formed request on a connection of its own. */
  request(method: string, path: string, headers?: Readonly<Record<string, string>>, body?: string): Promise<Answer>;
  close(): Promise<void>;
}

export interface Answer {
  status: number;
  headers: Headers;
  body: string;
}

/** A front server on a free port, with files of its own and a stand-in for Astro's handler. */
/** @param logSink takes the log from the level `info` on; it is silent without */
export async function startFront(
  environment: Environment = {},
  page: AstroHandler = echoPage,
  logSink: Writable | null = null,
  edition: Edition = () => null,
): Promise<Front> {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-front-'));
  writeStaticFiles(folder);
  const config = testConfig(environment);
  const seen: SeenRequest[] = [];
  const durations = createDurationHistogram('http_request_duration_seconds', 'Test.', (status) => ({ status }));
  const server = createFrontServer({
    config,
    log: logSink ? pino({ level: 'info' }, logSink) : createLog('test', 'silent'),
    // Only `site` is read by the front server; pages get the rest untouched.
    portal: { site: { version: '1.2.3' } } as Portal,
    operations: {
      health: () => Promise.resolve({ status: 'ok', version: '1.2.3', schema: '0001-foundation', reasons: [] }),
      metrics: createMetrics([() => [durations.family()]]),
      metricsToken: config.metricsToken,
    },
    durations,
    edition,
    staticFolder: folder,
    astroHandler: (request, response, next, locals) => {
      const { method = '', url = '', headers, body } = request;
      seen.push({ method, url, headers: { ...headers }, body: body ? Buffer.from(body).toString() : null, locals });
      return page(request, response, next, locals);
    },
  });
  const port = await server.listen();
  const raw = (bytes: string): Promise<string> => exchange(port, bytes);
  return {
    port,
    server,
    seen,
    raw,
    request: async (method, path, headers = {}, body) =>
      parseAnswer(await raw(requestText(method, path, { Host: 'portal.test', ...headers }, body))),
    close: async () => {
      await server.close(1000);
      rmSync(folder, { recursive: true });
    },
  };
}

export interface BytesAnswer {
  status: number;
  headers: Record<string, unknown>;
  bytes: Buffer;
}

/** Asks one of these servers, and gives the bytes of the body as they came. */
export function askForBytes(
  port: number,
  path: string,
  headers: Readonly<Record<string, string>> = {},
  method = 'GET',
): Promise<BytesAnswer> {
  return new Promise((resolve, reject) => {
    const options = { port, host: '127.0.0.1', path, method, headers: { Host: 'portal.test', ...headers } };
    request(options, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part)).on('error', reject);
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, bytes: Buffer.concat(parts) }),
      );
    })
      .once('error', reject)
      .end();
  });
}

export function testConfig(environment: Environment = {}): Config {
  const secrets = { KEY_PEPPER: secret, SESSION_SECRET: secret, GATEWAY_SECRET: secret };
  const read = readConfig({ PUBLIC_URL, PORT: '0', ...secrets, ...environment }, 'production');
  if (!read.ok) throw new Error(read.errors.join('\n'));
  return read.config;
}

/** `/page...` is a page, `/404` the page for everything else, `/broken` throws. */
export const echoPage: AstroHandler = (request, response, next) => {
  const path = request.url?.split('?', 1)[0] ?? '';
  if (path === '/broken') return Promise.reject(new Error('a page failed'));
  if (!/^\/(page|docs|api|404)/.test(path)) {
    next();
    return Promise.resolve();
  }
  response.writeHead(path === '/404' ? 404 : 200, {
    'content-type': 'text/html',
    'set-cookie': ['a=1', 'b=2'],
    'x-frame-options': 'ALLOWALL',
    ...(path === '/page/cached' && { 'cache-control': 'public, max-age=60' }),
  });
  response.end(`page ${path}`);
  return Promise.resolve();
};

export function requestText(
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  body?: string,
): string {
  const length = body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(body)) };
  const lines = Object.entries({ ...length, ...headers, Connection: 'close' }).map(
    ([name, value]) => `${name}: ${value}`,
  );
  return `${method} ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${body ?? ''}`;
}

/** Status lines of all answers in a raw exchange. */
export function statuses(text: string): number[] {
  return [...text.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map((match) => Number(match[1]));
}

function parseAnswer(text: string): Answer {
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const [statusLine = '', ...lines] = head.split('\r\n');
  const headers = new Headers();
  for (const line of lines) headers.append(line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1));
  return { status: Number(statusLine.split(' ')[1]), headers, body: rest.join('\r\n\r\n') };
}

function exchange(port: number, bytes: string): Promise<string> {
  return new Promise((resolve) => {
    let received = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes, 'latin1'));
    socket.on('data', (data) => (received += data.toString('latin1')));
    socket.on('error', () => undefined);
    // A request that the server keeps waiting for is not an answer; half-closing ends the wait.
    socket.setTimeout(1500, () => socket.destroy());
    socket.on('close', () => resolve(received));
  });
}

function writeStaticFiles(folder: string): void {
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'assets/app.abc123.js'), 'export const answer = 42;\n');
  writeFileSync(join(folder, 'assets/app.abc123.js.br'), 'brotli');
  writeFileSync(join(folder, 'assets/site.abc123.css'), SITE_CSS);
  writeFileSync(join(folder, 'robots.txt'), 'User-agent: *\n');
  writeFileSync(join(folder, '.secret'), 'hidden');
}
