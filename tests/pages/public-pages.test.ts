import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { type PortalProcess, startPortalProcess } from '../support/portal-process.ts';
import { createVisitor } from './visitor.ts';

let portal: PortalProcess;
beforeAll(async () => {
  portal = await startPortalProcess();
});
afterAll(() => portal.stop());

const publicPaths = [
  '/',
  '/docs',
  '/docs/parcels',
  '/docs/parcels/v1',
  '/docs/parcels/v2',
  '/docs/gatehouse/v1',
  '/guides',
  '/notices',
  '/notices?kind=advisory&severity=high&api=parcels',
  '/search?q=rotate+a+key',
  '/errors',
  '/errors/address_not_allowed',
  '/errors/cross_origin',
  '/sign-up',
  '/sign-up/check-mail',
  '/sign-in',
  '/dev/mail',
];

describe('a page for all', () => {
  test.each(publicPaths)('%s has a title, one heading of the first level and a way to skip to it', async (path) => {
    const page = await createVisitor(portal.portalUrl).get(path);
    expect(page.status).toBe(200);
    expect(page.text('title')).toMatch(/^.+ · Gatehouse$/);
    expect(page.all('h1')).toHaveLength(1);
    expect(page.all('a.skip-link[href="#content"]')).toHaveLength(1);
    expect(page.all('main#content')).toHaveLength(1);
  });

  test.each(publicPaths)('%s keeps the content security policy: nothing inline', async (path) => {
    const page = await createVisitor(portal.portalUrl).get(path);
    expect(page.all('[style], style, script:not([src])')).toEqual([]);
    const handlers = page
      .all('*')
      .filter((element) => [...element.attributes].some(({ name }) => name.startsWith('on')));
    expect(handlers).toEqual([]);
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self';");
  });

  test.each(publicPaths)('%s has no two elements of one id', async (path) => {
    const ids = (await createVisitor(portal.portalUrl).get(path)).all('[id]').map(({ id }) => id);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });
});

describe('a page that is not there', () => {
  test.each([
    '/nothing',
    '/docs/nothing',
    '/docs/parcels/v9',
    '/guides/nothing',
    '/notices/nothing',
    '/errors/nothing',
  ])('%s is a 404 with the navigation', async (path) => {
    const page = await createVisitor(portal.portalUrl).get(path);
    expect(page.status).toBe(404);
    expect(page.text('h1')).toBe('There is nothing at this address.');
    expect(page.all('nav a[href="/docs"]').length).toBeGreaterThan(0);
  });
});

describe('the colours', () => {
  test('that a reader chose are rendered by the server', async () => {
    const visitor = createVisitor(portal.portalUrl);
    expect((await visitor.get('/docs')).all('html[data-theme]')).toEqual([]);
    const chosen = await visitor.post('/theme', { theme: 'dark', next: '/docs' });
    expect([chosen.status, chosen.location]).toEqual([303, '/docs']);
    expect((await visitor.get('/docs')).all('html[data-theme="dark"]')).toHaveLength(1);
    await visitor.post('/theme', { theme: 'system', next: '/docs' });
    expect((await visitor.get('/docs')).all('html[data-theme]')).toEqual([]);
  });

  test('can lead to no other site', async () => {
    const page = await createVisitor(portal.portalUrl).post('/theme', { theme: 'dark', next: '//evil.example/docs' });
    expect(page.location).toBe('/');
  });
});

test('the Atom feed has its media type and absolute links into this site', async () => {
  const page = await createVisitor(portal.portalUrl).get('/notices/feed.atom');
  expect(page.headers.get('content-type')).toBe('application/atom+xml; charset=utf-8');
  expect(page.html).toContain(`${portal.portalUrl}/notices/`);
});

test('a deprecated version says so, and until when', async () => {
  const page = await createVisitor(portal.portalUrl).get('/docs/parcels/v1');
  expect(page.text('.callout strong')).toMatch(
    /deprecated: [\d,]+ days? until its sunset|sunset of this version has passed/,
  );
  expect(page.text('.callout a')).toBe('version v2');
});
