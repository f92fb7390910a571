import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type Server, createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';

import { type Browser, chromium } from 'playwright-core';

import { startPortalProcess } from '../support/portal-process.ts';
import { debianPrograms, findProgram } from '../support/programs.ts';

/**
 * How long a reader waits for one operation of a huge document (GitHub's REST API: 13 MB, 1,223 operations), from the
 * real portal and from a bare node:http server that has the same bytes in memory, in turn on the same machine. Asked by
 * a plain client (first byte, whole page) and by Chromium with an empty cache (until the first parameter is on screen).
 * The last line is JSON; `ratio` is the one of Chromium.
 */
const PATH = '/docs/github/v3/repos-get';
const FIRST_PARAMETER = '[id="path.owner"]';
const REQUESTS = Number(process.env.BENCH_REQUESTS ?? '200');
const VISITS = Number(process.env.BENCH_VISITS ?? '15');

const root = join(import.meta.dirname, '../..');
const executablePath = findProgram(debianPrograms.chromium);
if (executablePath === null) throw new Error('the benchmark needs Chromium: apt-get install chromium');

interface Visit {
  readyMs: number;
  bytes: number;
  shift: number;
}

const content = contentWithGitHub();
const portal = await startPortalProcess({ CONTENT_DIR: content });
const fixed = await serveFixed(await (await fetch(portal.portalUrl + PATH)).text());
const browser = await chromium.launch({ executablePath, args: ['--disable-dev-shm-usage'] });
try {
  await measure(browser, { portal: portal.portalUrl, static: fixed.url });
} finally {
  await browser.close();
  fixed.server.close();
  await portal.stop();
  rmSync(content, { recursive: true });
}

function contentWithGitHub(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-bench-'));
  cpSync(join(root, 'content'), folder, { recursive: true });
  const api = join(folder, 'apis/github');
  mkdirSync(join(api, 'v3'), { recursive: true });
  const lines = [
    'title: GitHub',
    'summary: As a large document.',
    'versions:',
    '  v3: { lifecycle: active, upstream: http://127.0.0.1:9 }',
    '',
  ];
  writeFileSync(join(api, 'api.yaml'), lines.join('\n'));
  cpSync(join(root, 'node_modules/@octokit/openapi/generated/api.github.com.json'), join(api, 'v3/openapi.json'));
  return folder;
}

/** The page as bytes, and the files of the build that it asks for. */
async function serveFixed(page: string): Promise<{ server: Server; url: string }> {
  const types: Readonly<Record<string, string>> = {
    '.css': 'text/css',
    '.js': 'text/javascript',
    '.svg': 'image/svg+xml',
  };
  const bytes = Buffer.from(page);
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    if (path === PATH) {
      response
        .writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', 'Content-Length': bytes.length })
        .end(bytes);
      return;
    }
    response.setHeader('Content-Type', types[extname(path)] ?? 'application/octet-stream');
    response.end(readFileSync(join(root, 'dist/client', path)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

function ask(url: string): Promise<{ firstByteMs: number; wholeMs: number }> {
  const startedAt = performance.now();
  return new Promise((resolve, reject) => {
    get(url, (response) => {
      const firstByteMs = performance.now() - startedAt;
      response.resume().once('end', () => resolve({ firstByteMs, wholeMs: performance.now() - startedAt }));
    }).once('error', reject);
  });
}

/** With an empty cache, as a reader who follows a link to the operation. */
async function visit(from: Browser, url: string): Promise<Visit> {
  const context = await from.newContext();
  const page = await context.newPage();
  const startedAt = performance.now();
  await page.goto(url, { waitUntil: 'commit' });
  await page.locator(FIRST_PARAMETER).waitFor();
  const readyMs = performance.now() - startedAt;
  await page.waitForLoadState('load');
  const { bytes, shift } = await page.evaluate(() => {
    const sizes = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')];
    const shifts = new PerformanceObserver(() => undefined);
    shifts.observe({ type: 'layout-shift', buffered: true });
    return {
      bytes: sizes.reduce((sum, entry) => sum + (entry as PerformanceResourceTiming).transferSize, 0),
      shift: shifts
        .takeRecords()
        .reduce((sum, entry) => sum + (entry as PerformanceEntry & { value: number }).value, 0),
    };
  });
  await context.close();
  return { readyMs, bytes, shift };
}

async function measure(from: Browser, origins: { portal: string; static: string }): Promise<void> {
  const names = ['portal', 'static'] as const;
  const asked = { portal: [], static: [] } as Record<
    (typeof names)[number],
    { firstByteMs: number; wholeMs: number }[]
  >;
  const visited = { portal: [], static: [] } as Record<(typeof names)[number], Visit[]>;
  for (let count = 0; count < 20; count += 1) for (const name of names) await ask(origins[name] + PATH);
  for (let count = 0; count < REQUESTS; count += 1)
    for (const name of names) asked[name].push(await ask(origins[name] + PATH));
  for (const name of names) await visit(from, origins[name] + PATH);
  for (let count = 0; count < VISITS; count += 1)
    for (const name of names) visited[name].push(await visit(from, origins[name] + PATH));
  const [ours, bare] = names.map((name) => ({
    firstByteMs: rounded(median(asked[name].map(({ firstByteMs }) => firstByteMs))),
    wholeMs: rounded(median(asked[name].map(({ wholeMs }) => wholeMs))),
    readyMs: rounded(median(visited[name].map(({ readyMs }) => readyMs))),
    kilobytes: rounded(median(visited[name].map(({ bytes }) => bytes)) / 1000),
    layoutShift: Math.max(...visited[name].map(({ shift }) => shift)),
  }));
  if (ours && bare) report(ours, bare);
}

type Result = Record<'firstByteMs' | 'wholeMs' | 'readyMs' | 'kilobytes' | 'layoutShift', number>;

function report(ours: Result, bare: Result): void {
  const row = (...cells: readonly (string | number)[]): string =>
    cells.map((cell, index) => (index === 0 ? String(cell).padEnd(18) : String(cell).padStart(14))).join('');
  say(row('', 'first byte ms', 'whole page ms', 'ready ms', 'transfer kB', 'layout shift'));
  say(row('portal', ours.firstByteMs, ours.wholeMs, ours.readyMs, ours.kilobytes, ours.layoutShift));
  say(row('static file', bare.firstByteMs, bare.wholeMs, bare.readyMs, bare.kilobytes, bare.layoutShift));
  say(
    `\nGitHub's GET /repos/{owner}/{repo}, ${REQUESTS} requests and ${VISITS} visits with an empty cache each, medians\n`,
  );
  say(JSON.stringify({ ratio: Number((ours.readyMs / bare.readyMs).toFixed(3)), portal: ours, static: bare }));
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function rounded(value: number): number {
  return Number(value.toFixed(1));
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
