import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { type PortalProcess, startPortalProcess } from '../support/portal-process.ts';
import { type Page, createVisitor } from './visitor.ts';

let portal: PortalProcess;
let content: string;

/** As it ships, with a third version that has lost an operation and gained another. */
function contentWithThirdVersion(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-changes-'));
  cpSync('content', folder, { recursive: true });
  const api = join(folder, 'apis/parcels');
  const file = readFileSync(join(api, 'api.yaml'), 'utf8');
  const third = 'versions:\n  v3: { lifecycle: active, upstream: http://127.0.0.1:9/v3 }\n';
  writeFileSync(join(api, 'api.yaml'), file.replace('versions:\n', third));
  cpSync(join(api, 'v2'), join(api, 'v3'), { recursive: true });
  const document = readFileSync(join(api, 'v2/openapi.yaml'), 'utf8');
  writeFileSync(join(api, 'v3/openapi.yaml'), document.replace('\n  /quotes:', '\n  /prices:'));
  return folder;
}

beforeAll(async () => {
  content = contentWithThirdVersion();
  portal = await startPortalProcess({ CONTENT_DIR: content });
});
afterAll(async () => {
  await portal.stop();
  rmSync(content, { recursive: true });
});

const get = (path: string): Promise<Page> => createVisitor(portal.portalUrl).get(path);

describe('changes between two versions', () => {
  test('are shown by operation, what breaks first, with links to the pages of operations', async () => {
    const page = await get('/docs/parcels/changes/v2...v3');
    expect(page.status).toBe(200);
    expect(page.text('h1')).toBe('Parcels: v2 to v3');
    expect(page.text('.page-header .summary')).toBe('1 change breaks clients, 1 is safe.');
    const links = page.all('.change h3 a').map((link) => link.getAttribute('href'));
    expect(links).toEqual(['/docs/parcels/v2/create-quote', '/docs/parcels/v3/create-quote']);
    expect(page.text('.change .finding-rule code')).toBe('api-path-removed-without-deprecation');
  });

  test('can be filtered by what they mean, in the address', async () => {
    expect((await get('/docs/parcels/changes/v2...v3?level=error')).all('.change')).toHaveLength(1);
    expect((await get('/docs/parcels/changes/v2...v3?level=warning')).text('.empty-title')).toBe(
      'No change of this kind',
    );
    expect((await get('/docs/parcels/changes/v2...v3?level=nonsense&page=-1')).all('.change')).toHaveLength(2);
  });

  test('come as Markdown and as JSON', async () => {
    const markdown = await get('/docs/parcels/changes/v2...v3.md');
    expect(markdown.headers.get('content-type')).toBe('text/markdown; charset=utf-8');
    expect(markdown.html).toContain('### `POST /quotes` (removed, breaking)');
    const json = await get('/docs/parcels/changes/v2...v3.json');
    expect(json.headers.get('content-type')).toContain('application/json');
    expect(JSON.parse(json.html)).toMatchObject({
      api: 'parcels',
      from: 'v2',
      to: 'v3',
      counts: { error: 1, info: 1 },
    });
  });

  test('a version does not differ from itself', async () => {
    expect((await get('/docs/parcels/changes/v2...v2')).text('.empty-title')).toBe('Nothing differs');
  });

  test.each(['v2...v9', 'v2', 'v2...v3...v1', 'v2..v3', '...', '%E0%A4%A'])('%s is no comparison', async (range) => {
    const statuses = await Promise.all(
      ['', '.md', '.json'].map(async (end) => (await get(`/docs/parcels/changes/${range}${end}`)).status),
    );
    expect(statuses.every((status) => status === 404 || status === 400)).toBe(true);
  });

  test('are reached by choosing two versions, without a script', async () => {
    const page = await get('/docs/parcels/changes');
    expect(page.all('select').map((select) => select.getAttribute('name'))).toEqual(['from', 'to']);
    const answer = await fetch(`${portal.portalUrl}/docs/parcels/changes?from=v1&to=v2`, { redirect: 'manual' });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/docs/parcels/changes/v1...v2']);
    expect((await get('/docs/gatehouse/changes')).text('.empty-title')).toBe('There is only one version');
  });
});

test('the versions of an operation lead to the same operation, or else to the overview', async () => {
  const links = async (path: string) => {
    const page = await get(path);
    return page.all('.version-switch li a').map((link) => link.getAttribute('href'));
  };
  expect(await links('/docs/parcels/v3/create-parcel')).toEqual([
    '/docs/parcels/v3/create-parcel',
    '/docs/parcels/v2/create-parcel',
    '/docs/parcels/v1',
  ]);
  // The same id on another path.
  expect(await links('/docs/parcels/v2/create-quote')).toContain('/docs/parcels/v3/create-quote');
  expect(await links('/docs/parcels/v2')).toEqual(['/docs/parcels/v3', '/docs/parcels/v2', '/docs/parcels/v1']);
});
