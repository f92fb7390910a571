import { readFileSync } from 'node:fs';

import type { Page } from 'playwright-core';
import { afterEach, expect, test } from 'vitest';

import { operationPointers } from '../../src/catalog/document-parts.ts';
import type { Format } from '../../src/catalog/document-source.ts';
import { readOpenApiDocument } from '../../src/catalog/openapi-document.ts';
import { sliceOperation } from '../../src/reference/operation-slice.ts';
import { createResolver } from '../../src/reference/resolver.ts';
import { useBrowser } from '../support/browser.ts';
import { describeWithPrograms } from '../support/with-programs.ts';
import { type ReferencePage, serveReference } from './reference-page.ts';

const SCRIPT = '<script>alert(1)</script><img src=x onerror=alert(2)>';

/** Twelve ways to bring a script in, one per place where Swagger UI shows text or an address of the document. */
const hostile = JSON.stringify({
  openapi: '3.1.0',
  info: {
    title: `Title ${SCRIPT}`,
    version: '1',
    description: `Shown ${SCRIPT}
[link](javascript:alert(3)) <a href="javascript:alert(4)">a</a>
<svg onload=alert(5)></svg><svg><style>@import 'https://evil.example/a.css'</style></svg>
<form action="https://evil.example"><button>Go</button></form><style>body{display:none}</style>
<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(6)&gt;">`,
    termsOfService: 'javascript:alert(7)',
    contact: { name: 'Contact', url: 'javascript:alert(8)', email: 'a@b.example' },
    license: { name: 'Licence', url: 'javascript:alert(9)' },
  },
  externalDocs: { url: 'javascript:alert(10)', description: 'More' },
  servers: [{ url: 'javascript:alert(11)' }],
  tags: [{ name: 'T', description: SCRIPT, externalDocs: { url: 'javascript:alert(12)' } }],
  security: [{ oauth: [] }],
  paths: {
    '/a': {
      get: {
        tags: ['T'],
        operationId: 'getA',
        summary: SCRIPT,
        description: SCRIPT,
        externalDocs: { url: 'javascript:alert(13)' },
        parameters: [{ name: 'p', in: 'query', description: SCRIPT, schema: { type: 'string', default: SCRIPT } }],
        responses: { 200: { description: SCRIPT, content: { 'text/html': { example: SCRIPT } } } },
      },
    },
  },
  components: {
    securitySchemes: {
      oauth: {
        type: 'oauth2',
        description: SCRIPT,
        flows: { implicit: { authorizationUrl: 'javascript:alert(14)', scopes: {} } },
      },
    },
  },
});

async function canonical(text: string, format: Format): Promise<string> {
  const read = await readOpenApiDocument(text, format);
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.document.json;
}

describeWithPrograms('Swagger UI under the portal’s Content-Security-Policy', ['chromium'], () => {
  const browsing = useBrowser();
  let served: ReferencePage | undefined;
  afterEach(() => served?.close());

  async function open(document: string, theme: 'light' | 'dark' = 'light', query = ''): Promise<Page> {
    served = await serveReference(document, { theme });
    const page = await browsing.newPage();
    await page.goto(served.url + query);
    await page.locator('.opblock').first().waitFor();
    return page;
  }

  test('a document of twelve payloads stays silent', async () => {
    // Pictures of our own site are harmless, and this one does not exist.
    browsing.expectProblem(/status of 404.*\/docs\/x\)/);
    // Its sanitiser parses the text in a document of its own, which reports what the policy would not allow.
    browsing.expectProblem(/inline (style|event handler).* violates/);
    const page = await open(await canonical(hostile, 'json'));
    await page.locator('.opblock .parameters').waitFor();
    const links = await page.locator('a[href]').evaluateAll((found) => found.map((one) => one.getAttribute('href')));
    expect(links.filter((link) => /^\s*(javascript|data|vbscript):/i.test(link ?? ''))).toEqual([]);
    const handlers = await page
      .locator('.swagger-ui *')
      .evaluateAll((found) => found.flatMap((one) => one.getAttributeNames().filter((name) => name.startsWith('on'))));
    expect(handlers).toEqual([]);
    expect(await page.locator('.swagger-ui :is(form[action], style, script, iframe)').count()).toBe(0);
    expect(await page.locator('body').isVisible()).toBe(true);
  });

  test.each(['search-shelves', 'copy-shelf'])('can send a call with a method of OpenAPI 3.2: %s', async (slug) => {
    const page = await open(await sliceOf(slug, 'tests/catalog/depot.yaml'));
    await page.locator('.opblock .execute').waitFor();
    expect(await page.locator('.opblock').count()).toBe(1);
  });

  test('the address of the page cannot load another document', async () => {
    const page = await open(
      await sliceOf('list-services'),
      'light',
      '?url=/docs/other.json&configUrl=/docs/other.json',
    );
    await page.locator('.opblock .execute').waitFor();
    expect(await page.locator('.opblock').count()).toBe(1);
  });

  test.each(['light' as const, 'dark' as const])(
    'shows the fields of a call, ready to be sent, in %s',
    async (theme) => {
      const page = await open(await sliceOf('create-parcel'), theme);
      await page.locator('.opblock .execute').waitFor();
      await page.locator('.opblock textarea').first().waitFor();
      await expect.poll(() => page.locator('[data-waiting]').count()).toBe(0);
      await expect.poll(() => page.locator('.opblock-summary').first().isVisible()).toBe(false);
    },
  );
});

/** As the portal serves it. */
async function sliceOf(slug: string, file = 'content/apis/parcels/v2/openapi.yaml'): Promise<string> {
  const text = readFileSync(file, 'utf8');
  const read = await readOpenApiDocument(text, 'yaml');
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  const { operations, parts } = read.document;
  const operation = operations.find((one) => one.slug === slug);
  if (!operation) throw new Error(`there is no ${slug}`);
  const resolver = createResolver(
    new Map(parts.map((part) => [part.pointer, { value: JSON.parse(part.json) as unknown, slug: part.slug }])),
  );
  const { path, method } = operation;
  const pointers = operationPointers(path, method);
  const target = { title: 'Parcels', version: '2', serverUrl: 'http://127.0.0.1:1', path, method };
  const object = resolver.at(pointers.operation) as Record<string, unknown>;
  return JSON.stringify(sliceOperation(resolver, object, resolver.at(pointers.shared), target));
}
