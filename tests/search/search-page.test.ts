import { afterAll, beforeAll, expect, test } from 'vitest';

import { createVisitor } from '../pages/visitor.ts';
import { type PortalProcess, startPortalProcess } from '../support/portal-process.ts';

let portal: PortalProcess;
beforeAll(async () => {
  portal = await startPortalProcess();
});
afterAll(() => portal.stop());

const search = (parameters: Record<string, string>) =>
  createVisitor(portal.portalUrl).get(`/search?${new URLSearchParams(parameters).toString()}`);

test('the page finds without JavaScript, groups what it found and leads there', async () => {
  const page = await search({ q: 'rotate a key' });
  const headings = page.all('.search-group h2').map(({ textContent }) => textContent.trim());
  expect(headings.join()).toMatch(/Operations.*Guides|Guides.*Operations/);
  const links = page.all('.search-hit h3 a').map((link) => link.getAttribute('href'));
  expect(links).toContain('/docs/gatehouse/v1/rotate-key');
  expect(links.some((href) => href?.startsWith('/guides/keys#'))).toBe(true);
  expect(page.all('mark').length).toBeGreaterThan(3);
});

test('what was typed stays in the field, and is text', async () => {
  const page = await search({ q: '"><script>alert(1)</script>' });
  expect(page.status).toBe(200);
  expect(page.all('input[name=q]')[0]?.getAttribute('value')).toBe('"><script>alert(1)</script>');
  expect(page.all('script:not([src])')).toEqual([]);
});

test('one kind alone can be listed, and an unknown kind counts as none', async () => {
  const one = await search({ q: 'parcel', kind: 'schema' });
  expect(one.all('.search-group')).toHaveLength(1);
  const unknown = await search({ q: 'parcel', kind: '__proto__' });
  expect(unknown.all('.search-group').length).toBeGreaterThan(1);
});

test('a question without an answer says what to try', async () => {
  const page = await search({ q: 'zzzzqqq' });
  expect(page.status).toBe(200);
  expect(page.text('.empty')).toContain('Nothing found');
});

test('a key that was pasted is neither searched for nor shown again', async () => {
  const key = `gth_test_${'aB3'.repeat(14)}`;
  const answer = await search({ q: `it is ${key}` });
  expect(answer.html).not.toContain(key);
  expect(answer.location).toBe('/search?refused=key');
  const page = await createVisitor(portal.portalUrl).get('/search?refused=key');
  expect(page.text('main')).toContain('That is an API key');
});

test('the dialog gets JSON with a few hits of each kind', async () => {
  const response = await fetch(`${portal.portalUrl}/search.json?q=parcel`);
  const { groups } = (await response.json()) as { groups: { kind: string; count: number; hits: unknown[] }[] };
  expect(groups.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['operation', 'schema']));
  for (const { hits, count } of groups) expect(hits).toHaveLength(Math.min(count, 4));
  const none = await fetch(`${portal.portalUrl}/search.json`);
  expect(await none.json()).toEqual({ groups: [] });
});
