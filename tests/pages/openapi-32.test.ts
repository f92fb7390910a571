import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { read } from '../catalog/documents.ts';
import { type PortalProcess, startPortalProcess } from '../support/portal-process.ts';
import { type Page, createVisitor } from './visitor.ts';

const depot = readFileSync('tests/catalog/depot.yaml', 'utf8');
let portal: PortalProcess;
let content: string;
beforeAll(async () => {
  content = mkdtempSync(join(tmpdir(), 'gatehouse-content-'));
  cpSync('content', content, { recursive: true });
  mkdirSync(join(content, 'apis/depot/v1'), { recursive: true });
  const life = 'lifecycle: active, upstream: "http://127.0.0.1:9"';
  writeFileSync(
    join(content, 'apis/depot/api.yaml'),
    `title: Depot\nsummary: Shelves.\nversions:\n  v1: { ${life} }\n`,
  );
  writeFileSync(join(content, 'apis/depot/v1/openapi.yaml'), depot);
  portal = await startPortalProcess({ CONTENT_DIR: content });
});
afterAll(async () => {
  await portal.stop();
  rmSync(content, { recursive: true });
});

const get = (path: string): Promise<Page> => createVisitor(portal.portalUrl).get(path);

test('every operation of a document of OpenAPI 3.2 is listed, has a page of its own, and is found by its address', async () => {
  const { operations } = await read(depot);
  const overview = await get('/docs/depot/v1');
  expect(overview.text('#operations')).toBe(`${operations.length} operations`);
  for (const { slug, method, path } of operations) {
    expect(overview.all(`main a[href="/docs/depot/v1/${slug}"]`).length).toBeGreaterThan(0);
    const page = await get(`/docs/depot/v1/${slug}`);
    expect([page.status, page.text('article .method')]).toEqual([200, method]);
    const markdown = await get(`/docs/depot/v1/${slug}.md`);
    expect(markdown.html).toContain(`${method} ${portal.gatewayUrl}/depot/v1${path}`);
    const slice = await get(`/docs/depot/v1/${slug}/openapi.json`);
    expect(JSON.parse(slice.html)).toMatchObject({ openapi: '3.2.0' });
  }
  const found = await get(`/search?q=${encodeURIComponent('COPY /shelves/17')}`);
  expect(found.all('main a[href="/docs/depot/v1/copy-shelf"]').length).toBeGreaterThan(0);
});

test('pages show what is new: a query string, items of a stream, summaries, the default option, tags under a heading', async () => {
  const list = await get('/docs/depot/v1/list-shelves');
  expect(list.text('#querystring-parameters')).toBe('Query string');
  expect(list.text('.nav-heading')).toBe('Storage');
  expect(list.text('.response summary')).toContain('The shelves');
  const stream = await get('/docs/depot/v1/stream-events');
  expect(stream.text('.response-body')).toContain('Each item is:');
  expect(stream.all('[id="status-200-item.event"]')).toHaveLength(1);
  expect((await get('/docs/depot/v1/schemas/Event')).text('main')).toContain('for anything else');
  expect((await get('/docs/depot/v1/webhooks/shelf-moved')).text('article .method')).toBe('NOTIFY');
  expect((await get('/docs/depot/v1')).text('[aria-labelledby=servers]')).toContain('sandbox');
  const document = JSON.parse((await get('/docs/depot/v1/openapi.json')).html) as { openapi: string; servers: unknown };
  expect(document.openapi).toBe('3.2.0');
  expect(JSON.stringify(document.servers)).not.toContain('depot.example.com');
});

test('the verifier knows its operations', async () => {
  const ask = (method: string) => fetch(`${portal.gatewayUrl}/depot/v1/shelves`, { method });
  expect((await ask('QUERY')).status).toBe(401);
  expect((await ask('PURGE')).status).toBe(401);
});
