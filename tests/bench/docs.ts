import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { chromium } from 'playwright-core';

import { debianPrograms, findProgram } from '../support/programs.ts';
import { type DeepLink, contentWith, cutDocument, links, readDocument } from './docs-operations.ts';
import { peers, servePeers } from './docs-peers.ts';
import { startMeasured } from './docs-portal.ts';
import { ask, median, quantile, readAtOnce } from './docs-readers.ts';
import { type Row, goals, rounded, rowOf, say, sayRows, sayTable } from './docs-report.ts';
import { savePage } from './docs-saved.ts';
import { staticPage } from './docs-static.ts';
import { type Visit, visit } from './docs-visit.ts';

/**
 * How long a reader waits who follows a link to one operation of a huge document (GitHub's REST API: 13 MB, 1,223
 * operations; Stripe's: 452, of schemas in circles), in Chromium with an empty cache: from the portal, from a page made
 * by hand, from the portal's page saved to a file, which shows what its server costs, and from the renderers that people
 * use, in turn on the same machine. Then: does a page take longer in a larger document, what do fifty readers at once wait,
 * and what do the documents cost at the start.
 *
 * BENCH_VISITS of ours and of the static page, BENCH_PEER_VISITS of each peer (0 leaves them out), BENCH_LIMIT_MS after which a peer counts
 * as never, BENCH_PAGES for the fifty readers, BENCH_APIS. The last line is JSON; ratios are of medians.
 */
const VISITS = Number(process.env.BENCH_VISITS ?? '11');
const PEER_VISITS = Number(process.env.BENCH_PEER_VISITS ?? '3');
const LIMIT_MS = Number(process.env.BENCH_LIMIT_MS ?? '60000');
const PAGES = Number(process.env.BENCH_PAGES ?? '2000');
const APIS = (process.env.BENCH_APIS ?? 'github,stripe').split(',');
const READERS = 50;
const SIZES = [20, 100, 400];

const executablePath = findProgram(debianPrograms.chromium);
if (executablePath === null) throw new Error('the benchmark needs Chromium: apt-get install chromium');
const browserOptions = { executablePath, args: ['--disable-dev-shm-usage'] };
const measured = links.filter(({ api }) => APIS.includes(api));
const [largest] = measured;
if (!largest) throw new Error('BENCH_APIS names neither github nor stripe');
const documents = new Map(measured.map(({ api }) => [api as string, readDocument(api)]));
const documentOf = ({ api }: DeepLink): string => documents.get(api) ?? '';

const cut = SIZES.map((size): [string, string] => [`n${size}`, cutDocument(documentOf(largest), largest, size)]);
const whole = [...documents].map(([api, text]): [string, Record<string, string>] => [api, { whole: text }]);
const content = contentWith({ ...Object.fromEntries(whole), cut: Object.fromEntries(cut) });
const data = mkdtempSync(join(tmpdir(), 'gatehouse-bench-'));
try {
  const first = await startMeasured(content, data);
  const firstStart = { startMs: first.startMs, mostMb: first.mostMb() };
  await first.stop();
  const portal = await startMeasured(content, data);
  const laterStart = { startMs: portal.startMs, mostMb: portal.mostMb() };
  say(`Start with new documents: ${firstStart.startMs} ms, ${firstStart.mostMb} MB; again: ${laterStart.startMs} ms\n`);
  const visits = [];
  for (const link of measured) visits.push(await measureVisits(link, portal.url));
  const growth = await measureGrowth(portal.url, largest);
  const readers = await measureReaders(portal.url, largest);
  await portal.stop();
  say(
    JSON.stringify({ bench: 'docs', goals, visits, growth, readers, start: { first: firstStart, later: laterStart } }),
  );
} finally {
  rmSync(content, { recursive: true });
  rmSync(data, { recursive: true });
}

/**
 * Ours and the static page take turns, so that what else the machine does meets both. The browser runs already, as that of a
 * reader does; each visit has a window and an empty cache of its own.
 */
async function measureVisits(link: DeepLink, portalUrl: string) {
  const text = documentOf(link);
  const page = `/docs/${link.api}/whole/${link.slug}`;
  const from = '<!doctype html><title>Elsewhere</title><a href="/">A link</a>';
  const saved = await savePage(portalUrl, page);
  const bare = await servePeers(text, { '/static': staticPage(text, link), '/from': from }, saved);
  const own = { summary: 'h1', parameter: `[id="${link.parameterId}"] .schema-name` };
  let browser = await chromium.launch(browserOptions);
  const once = async (url: string, shown = own): Promise<Visit> => {
    const { headings, parameter } = link;
    // Another site: a site is a name without its port.
    const followed = { from: `${bare.url.replace('127.0.0.1', 'localhost')}/from`, url };
    const visited = await visit(browser, followed, { shown, headings, parameter }, LIMIT_MS);
    if (visited.readyMs === null) {
      // What is stuck does not disturb the next visit.
      await browser.close();
      browser = await chromium.launch(browserOptions);
    }
    return visited;
  };
  // Not counted: the first visit of a browser.
  await once(`${bare.url}/static`, { summary: 'h1', parameter: 'th' });
  const ours: Visit[] = [];
  const fixed: Visit[] = [];
  const asFile: Visit[] = [];
  for (let round = 0; round < VISITS; round += 1) {
    ours.push(await once(portalUrl + page));
    fixed.push(await once(`${bare.url}/static`, { summary: 'h1', parameter: 'th' }));
    asFile.push(await once(bare.url + page));
  }
  const rows: Row[] = [rowOf('portal', ours), rowOf('static page', fixed), rowOf('our page as a file', asFile)];
  for (const peer of PEER_VISITS > 0 ? peers : []) {
    const visited = [];
    for (let round = 0; round < PEER_VISITS; round += 1)
      visited.push(await once(bare.url + peer.address(link), peer.shown(link)));
    rows.push(rowOf(peer.name, visited));
  }
  await browser.close();
  bare.close();
  return sayRows(`${link.api}: ${link.method.toUpperCase()} ${link.path}`, rows);
}

async function measureGrowth(portalUrl: string, link: DeepLink) {
  const paths = [...SIZES.map((size) => `/docs/cut/n${size}/${link.slug}`), `/docs/${link.api}/whole/${link.slug}`];
  const times = new Map(paths.map((path) => [path, { known: [] as number[], guest: [] as number[] }]));
  for (let round = 0; round < VISITS * 10; round += 1) {
    for (const [path, { known, guest }] of times) {
      known.push((await ask(portalUrl + path, 'known')).ms);
      guest.push((await ask(portalUrl + path, 'guest')).ms);
    }
  }
  const middle = (all: readonly number[]): number => rounded(median(all.slice(5)));
  const rows = [...times].map(([path, { known, guest }]) => ({
    path,
    madeAnewMs: middle(known),
    fromMemoryMs: middle(guest),
  }));
  sayTable('One page in documents of growing size', rows);
  return rows;
}

/** Fifty readers, over all operations of the largest document: each page made for them, and as guests get them. */
async function measureReaders(portalUrl: string, { api }: DeepLink) {
  const list = await (await fetch(`${portalUrl}/docs/${api}/whole/sitemap.xml`)).text();
  const urls = [...list.matchAll(/<loc>([^<]+)<\/loc>/g)]
    .map(([, url = '']) => new URL(new URL(url).pathname, portalUrl).href)
    .filter((url) => !/\/(schemas|tags|webhooks)\b/.test(url));
  await readAtOnce(urls, 'known', READERS, Math.min(PAGES, 200));
  const rows = [];
  for (const who of ['known', 'guest'] as const) {
    const startedAt = performance.now();
    const times = await readAtOnce(urls, who, READERS, PAGES);
    const perSecond = Math.round((times.length / (performance.now() - startedAt)) * 1000);
    const [p50, p99] = [rounded(quantile(times, 0.5)), rounded(quantile(times, 0.99))];
    rows.push({
      pages: who === 'known' ? 'each made anew' : 'as guests get them',
      readers: READERS,
      perSecond,
      p50,
      p99,
    });
  }
  sayTable('Readers at once, milliseconds', rows);
  return rows;
}
