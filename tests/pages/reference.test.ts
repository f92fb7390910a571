import { rmSync } from 'node:fs';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { type PortalProcess, startPortalProcess } from '../support/portal-process.ts';
import { hostileContent, hostilePages } from './hostile-api.ts';
import { type Page, createVisitor, issueKey, newApplication, signedInVisitor, tokenIn } from './visitor.ts';

let portal: PortalProcess;
let content: string;
beforeAll(async () => {
  content = hostileContent();
  portal = await startPortalProcess({ CONTENT_DIR: content });
});
afterAll(async () => {
  await portal.stop();
  rmSync(content, { recursive: true });
});

const get = (path: string): Promise<Page> => createVisitor(portal.portalUrl).get(path);

const pages = [
  '/docs/parcels/v2',
  '/docs/parcels/v2/create-parcel',
  '/docs/parcels/v2/tags/prices',
  '/docs/parcels/v2/schemas',
  '/docs/parcels/v2/schemas/Parcel',
  '/docs/parcels/v2/webhooks',
  '/docs/gatehouse/v1',
];
describe('a page of the reference', () => {
  test.each(pages)('%s says which address it has, and where it is to be read as Markdown', async (path) => {
    const page = await get(path);
    expect(page.status).toBe(200);
    expect(page.all('link[rel=canonical]').map((link) => link.getAttribute('href'))).toEqual([portal.portalUrl + path]);
    for (const link of page.all('link[type="text/markdown"]')) {
      const markdown = await get(new URL(link.getAttribute('href') ?? '').pathname);
      expect([markdown.status, markdown.headers.get('content-type')]).toEqual([200, 'text/markdown; charset=utf-8']);
      expect(markdown.html).toMatch(/^# /);
    }
    expect(page.all('meta[name=description]')[0]?.getAttribute('content')).toMatch(/\S/);
  });

  test('shows an operation with its parameters, body, responses, scopes, plans and samples', async () => {
    const page = await get('/docs/parcels/v2/create-parcel');
    expect(page.text('h1')).toBe('Create a parcel');
    expect(page.text('#operation-address')).toMatch(/\/parcels\/v2\/parcels$/);
    expect(page.all('[id="body.sender.city"]')).toHaveLength(1);
    expect(page.all('.response')).toHaveLength(8);
    expect(page.all('[data-language]')).toHaveLength(8);
    const plans = page
      .all('[aria-labelledby=access] tbody tr, .part tbody tr')
      .map((row) => row.textContent.replaceAll(/\s+/g, ' ').trim());
    expect(plans.find((plan) => plan.startsWith('Free'))).toContain('a scope is missing');
    expect(plans.find((plan) => plan.startsWith('Pro'))).toContain('yes');
  });

  test('opens what was cut without JavaScript: the same page with that part open', async () => {
    const path = '/docs/parcels/v2/list-parcels';
    const closed = await get(path);
    const link = closed.all('schema-part a')[0]?.getAttribute('href') ?? '';
    const id = decodeURIComponent(link.split('#')[1] ?? '');
    expect(link).toMatch(/^\?open=/);
    const opened = await get(path + link.replace(/#.*/, ''));
    expect(opened.all(`[id="${id}"] .schema li`).length).toBeGreaterThan(0);
    expect(opened.all('link[rel=canonical]')[0]?.getAttribute('href')).toBe(portal.portalUrl + path);
  });

  test('remembers the language of the samples, and believes no other word', async () => {
    const visitor = createVisitor(portal.portalUrl);
    for (const [cookie, shown] of [
      ['ruby', 'ruby'],
      ['"><script>', 'curl'],
    ] as const) {
      visitor.cookies.set('sample_language', encodeURIComponent(cookie));
      const page = await visitor.get('/docs/parcels/v2/create-parcel');
      expect(page.all('input[name=sample-language][checked]').map((input) => input.getAttribute('value'))).toEqual([
        shown,
      ]);
    }
  });

  test.each([
    '/docs/parcels/v2/nope',
    '/docs/parcels/v9/create-parcel',
    '/docs/parcels/v2/tags/nope',
    '/docs/parcels/v2/schemas/nope',
    '/docs/parcels/v2/webhooks/nope',
    '/docs/nope/v1/x',
  ])('%s is not there, nor as Markdown', async (path) => {
    expect((await get(path)).status).toBe(404);
    expect((await get(`${path}.md`)).status).toBe(404);
  });

  test.each(['x'.repeat(3000), '%00', 'status-200.%3Cscript%3E', '&open=body'])(
    'takes ?open=%j calmly',
    async (open) => {
      expect((await get(`/docs/parcels/v2/create-parcel?open=${open}`)).status).toBe(200);
    },
  );
});

test.each([
  ['list-keys', 'Authorization: Bearer gth_pat_...'],
  ['get-calling-key', 'Authorization: Bearer gth_test_...'],
  ['list-apis', null],
])('the sample of the operation %s of the portal carries the credential that it takes', async (slug, credential) => {
  const { html } = await get(`/docs/gatehouse/v1/${slug}`);
  expect(/Authorization: Bearer [\w.]+/.exec(html)?.[0] ?? null).toBe(credential);
});

describe('the samples of a reader who is signed in', () => {
  const path = '/docs/parcels/v2/list-services';
  const bearer = (html: string): string | undefined => /Authorization: Bearer ([\w.]+)/.exec(html)?.[1];

  test('name the key of the application that they choose, and say what is missing', async () => {
    const person = await signedInVisitor(portal.portalUrl);
    expect((await person.get(path)).all('application-choice')).toHaveLength(0);
    const shop = await newApplication(person);
    expect((await person.get(path)).text('application-choice')).toContain('not subscribed to Parcels yet');
    await person.post(`${shop}/subscriptions`, { apiSlug: 'parcels', planSlug: 'free' });
    expect((await person.get(path)).text('application-choice')).toContain('no key that works');
    const token = tokenIn(await issueKey(person, shop)) ?? '';
    const masked = `${token.slice(0, 13)}...${token.slice(-4)}`;
    const page = await person.get(path);
    expect(bearer(page.html)).toBe(masked);
    expect(page.html).not.toContain(token);
    expect(page.all('#console-token')[0]?.getAttribute('placeholder')).toBe(masked);

    const desk = await newApplication(person, 'Returns desk');
    const id = (application: string): string => application.split('/').at(-1) ?? '';
    expect((await person.get(`${path}?application=${id(desk)}`)).html).not.toContain(masked);
    expect(bearer((await person.get(`${path}?application=${id(shop)}`)).html)).toBe(masked);
    person.cookies.set('docs_application', id(shop));
    expect(bearer((await person.get(path)).html)).toBe(masked);
  });

  test('name nobody else’s application, whatever the address or the cookie says', async () => {
    const [owner, other] = await Promise.all([signedInVisitor(portal.portalUrl), signedInVisitor(portal.portalUrl)]);
    const foreign = (await newApplication(owner, 'Secret plans')).split('/').at(-1) ?? '';
    await newApplication(other, 'Own');
    for (const wanted of [foreign, 'app_0', '"><script>', '%00', ''])
      expect(
        (await other.get(`${path}?application=${encodeURIComponent(wanted)}`)).text('application-choice'),
      ).toContain('Application Own');
    other.cookies.set('docs_application', foreign);
    expect((await other.get(path)).html).not.toContain('Secret plans');
    expect((await get(`${path}?application=${foreign}`)).all('application-choice')).toHaveLength(0);
  });
});

test('the sitemaps name every page of the reference, with the address of this site', async () => {
  expect((await get('/robots.txt')).html).toMatch(/^Sitemap: https?:\/\/\S+\/sitemap\.xml$/m);
  const index = (await get('/sitemap.xml')).html;
  const maps = [...index.matchAll(/<loc>([^<]*)<\/loc>/g)].map(([, address = '']) => new URL(address).pathname);
  expect(maps).toContain('/docs/parcels/v2/sitemap.xml');
  const named = await Promise.all(maps.map(async (path) => (await get(path)).html));
  for (const path of pages.filter((one) => !/\/(schemas|webhooks)$/.test(one)))
    expect(named.join('\n')).toContain(`<loc>${portal.portalUrl}${path}</loc>`);
});

test('llms.txt leads to every version of every API as Markdown', async () => {
  const page = await get('/llms.txt');
  expect(page.headers.get('content-type')).toBe('text/plain; charset=utf-8');
  const links = [...page.html.matchAll(/\]\(([^)]*\.md)\)/g)].map(([, address = '']) => new URL(address).pathname);
  expect(links).toContain('/docs/parcels/v1.md');
  for (const path of links) expect((await get(path)).status).toBe(200);
});

test('the document of one operation is open to all, and small', async () => {
  const page = await get('/docs/parcels/v2/create-parcel/openapi.json');
  expect([page.status, page.headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
  expect(page.html.length).toBeLessThan(10_000);
  expect((await get('/docs/parcels/v2/nope/openapi.json')).status).toBe(404);
});

describe('a document that means harm', () => {
  test('brings no element, handler or address of its own into any page', async () => {
    const paths = await hostilePages(get);
    expect(paths.length).toBeGreaterThanOrEqual(6);
    for (const path of paths) {
      const page = await get(path);
      expect([path, page.status]).toEqual([path, 200]);
      expect(page.all('main :is(script:not([src]), style, iframe, form, svg[onload], math, mglyph, img)')).toEqual([]);
      const attributes = page.all('main *').flatMap((element) => [...element.attributes]);
      expect(attributes.filter(({ name }) => name.startsWith('on') || name === 'style')).toEqual([]);
      const addresses = attributes
        .filter(({ name }) => ['href', 'src', 'action', 'srcdoc'].includes(name))
        .map(({ value }) => value);
      expect(addresses.filter((address) => /^\s*(javascript|data|vbscript):/i.test(address))).toEqual([]);
      expect(page.all('h1')).toHaveLength(1);
      const ids = page.all('[id]').map(({ id }) => id);
      expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    }
  });
});
