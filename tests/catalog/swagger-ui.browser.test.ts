import { readFileSync } from 'node:fs';

import type { Page } from 'playwright-core';
import { afterEach, expect, test } from 'vitest';

import { type Format } from '../../src/catalog/document-source.ts';
import { readOpenApiDocument } from '../../src/catalog/openapi-document.ts';
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

  test('a document of twelve payloads stays silent, folded and unfolded', async () => {
    // Pictures of our own site are harmless, and this one does not exist.
    browsing.expectProblem(/status of 404.*\/docs\/x\)/);
    // Its sanitiser parses the text in a document of its own, which reports what the policy would not allow.
    browsing.expectProblem(/inline (style|event handler).* violates/);
    const page = await open(await canonical(hostile, 'json'));
    await page.locator('.opblock-summary-control').first().click();
    await page.locator('.opblock .responses-wrapper').waitFor();
    await page.locator('.authorize').first().click();
    await page.locator('.modal-ux').waitFor();
    const links = await page.locator('a[href]').evaluateAll((found) => found.map((one) => one.getAttribute('href')));
    expect(links.filter((link) => /^\s*(javascript|data|vbscript):/i.test(link ?? ''))).toEqual([]);
    const handlers = await page
      .locator('.swagger-ui *')
      .evaluateAll((found) => found.flatMap((one) => one.getAttributeNames().filter((name) => name.startsWith('on'))));
    expect(handlers).toEqual([]);
    expect(await page.locator('.swagger-ui :is(form[action], style, script, iframe)').count()).toBe(0);
    expect(await page.locator('body').isVisible()).toBe(true);
  });

  test('the address of the page cannot load another document', async () => {
    const document = await canonical(readFileSync('content/apis/parcels/v2/openapi.yaml', 'utf8'), 'yaml');
    const page = await open(document, 'light', '?url=/docs/other.json&configUrl=/docs/other.json');
    expect(await page.locator('.opblock').count()).toBe(18);
  });

  test('GitHub’s 1,223 operations open folded, and unfold', async () => {
    const text = readFileSync('node_modules/@octokit/openapi/generated/api.github.com.json', 'utf8');
    served = await serveReference(await canonical(text, 'json'), { folded: true });
    const page = await browsing.newPage();
    await page.goto(served.url);
    const tag = page.locator('.opblock-tag').first();
    await tag.waitFor({ timeout: 100_000 });
    const operations = page.locator('.opblock');
    expect(await operations.count()).toBe(0);
    await tag.click();
    await operations.first().waitFor();
  }, 150_000);

  test.each(['light' as const, 'dark' as const])('shows every operation of the demo API, in %s', async (theme) => {
    const document = await canonical(readFileSync('content/apis/parcels/v2/openapi.yaml', 'utf8'), 'yaml');
    const page = await open(document, theme);
    expect(await page.locator('.opblock').count()).toBe(18);
    await page.locator('.opblock-summary-control').nth(1).click();
    await page.locator('.opblock .responses-wrapper').first().waitFor();
    expect(await page.locator('[data-waiting]').count()).toBe(0);
  });
});
