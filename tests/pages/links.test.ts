import { afterAll, beforeAll, expect, test } from 'vitest';

import { type PortalProcess, startPortalProcess } from '../support/portal-process.ts';
import {
  type Page,
  type Visitor,
  createVisitor,
  issueKey,
  newApplication,
  ownerVisitor,
  signedInVisitor,
} from './visitor.ts';

let portal: PortalProcess;
beforeAll(async () => {
  portal = await startPortalProcess();
});
afterAll(() => portal.stop());

/** Of one path with different queries, such as the pages of a list or the days of a chart. */
const MOST_QUERIES = 8;
/** Where guides send those who have an account, and owners. */
const FOR_ACCOUNTS = /^\/(home|applications|owner|account|webhooks|audit|command-line)(\/|$)/;

/** Follows every link into the site from `starts` on. @returns what is wrong with them, and how many pages there were */
async function crawl(visitor: Visitor, starts: readonly string[], leavesOut: RegExp) {
  const problems: string[] = [];
  const pages = new Map<string, Page>();
  const queries = new Map<string, number>();
  const fragments: { from: string; to: string; id: string }[] = [];
  const found = new Set(starts);
  for (const address of found) {
    const page = await visitor.get(address);
    pages.set(address, page);
    // Such as /sign-up for whoever is signed in.
    if (page.status === 303 && page.location !== null) found.add(page.location);
    else if (page.status !== 200) problems.push(`${address} answers ${page.status}`);
    if (page.headers.get('content-type')?.startsWith('text/html') !== true) continue;
    for (const link of page.all('a[href]')) {
      const href = link.getAttribute('href') ?? '';
      const { origin, pathname, search, hash } = new URL(href, new URL(address, portal.portalUrl));
      if (origin !== portal.portalUrl || leavesOut.test(pathname)) continue;
      const to = pathname + search;
      if (hash !== '') fragments.push({ from: address, to, id: decodeURIComponent(hash.slice(1)) });
      const asked = queries.get(pathname) ?? 0;
      if (found.has(to) || asked >= MOST_QUERIES) continue;
      queries.set(pathname, asked + 1);
      found.add(to);
    }
  }
  for (const { from, to, id } of fragments) {
    const page = pages.get(to);
    if (page?.status === 200 && !page.all('[id]').some((element) => element.id === id))
      problems.push(`${from} leads to ${to}#${id}, which is not there`);
  }
  return { problems: [...new Set(problems)], pages: pages.size };
}

test('every link that a guest finds leads to a page, and to the place on it', { timeout: 120_000 }, async () => {
  const { problems, pages } = await crawl(createVisitor(portal.portalUrl), ['/', '/errors', '/dev/mail'], FOR_ACCOUNTS);
  expect(problems).toEqual([]);
  expect(pages).toBeGreaterThan(100);
});

test('so does every link of a developer with a key', { timeout: 240_000 }, async () => {
  const person = await signedInVisitor(portal.portalUrl);
  const application = await newApplication(person);
  await issueKey(person, application);
  const { problems, pages } = await crawl(person, ['/home', application], /^\/(owner|dev)(\/|$)/);
  expect(problems).toEqual([]);
  expect(pages).toBeGreaterThan(120);
});

test('and every link of an owner', { timeout: 240_000 }, async () => {
  const owner = await ownerVisitor(portal);
  const { problems, pages } = await crawl(owner, ['/home', '/owner'], /^\/dev(\/|$)/);
  expect(problems).toEqual([]);
  expect(pages).toBeGreaterThan(150);
});
