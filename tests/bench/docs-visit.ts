import { setTimeout as pause } from 'node:timers/promises';

import type { Browser, CDPSession, Page } from 'playwright-core';

import type { Shown } from './docs-peers.ts';

/** One reader with an empty cache. */
export interface Visit {
  /** From the start of the navigation until summary and first parameter are on screen; null: not within the limit. */
  readyMs: number | null;
  kilobytes: number;
  /** Of tasks longer than 50 ms, what is beyond. */
  blockingMs: number;
  layoutShift: number;
  heapMb: number;
}

export interface Wanted {
  shown: Shown;
  headings: readonly string[];
  parameter: string;
}

interface Watch {
  readyMs: number | null;
  blockingMs: number;
  layoutShift: number;
}

/** Where a reader clicks on a link to `url`: readers of a deep link come from elsewhere, and browsers then change process. */
export interface Link {
  /** A page of another site, with one link on it. */
  from: string;
  url: string;
}

const WINDOW_OPENS_MS = 1500;

export async function visit(browser: Browser, link: Link, wanted: Wanted, limitMs: number): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  await page.goto(link.from);
  // A new window of Chromium loads pages of its own for a second, for its address bar. Who follows a link waits for none.
  await page.waitForTimeout(WINDOW_OPENS_MS);
  const session = await context.newCDPSession(page);
  const bytes = await countBytes(session);
  await page.addInitScript(watchPage, wanted);
  try {
    await page.evaluate(clickLink, link.url);
    // Renderers change the address as soon as they run.
    await page.waitForURL((url) => url.href !== link.from, { waitUntil: 'commit', timeout: limitMs });
    if (!(await isReadyWithin(page, limitMs))) throw new Error('not within the limit');
    // What comes late, such as a font that moves the text, is to be seen too.
    await page.waitForTimeout(300);
    const watch = await page.evaluate<Watch>('window.benchWatch');
    const { metrics } = await session.send('Performance.getMetrics');
    const heap = metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? 0;
    return { ...watch, kilobytes: bytes() / 1000, heapMb: heap / 1e6 };
  } catch {
    return { readyMs: null, kilobytes: bytes() / 1000, blockingMs: limitMs, layoutShift: 0, heapMb: 0 };
  } finally {
    // A page that is stuck does not answer: its process ends with the browser.
    await Promise.race([context.close(), pause(3000)]);
  }
}

/** Asked from outside: what Playwright itself repeats in a page is stopped by a strict Content-Security-Policy. */
async function isReadyWithin(page: Page, limitMs: number): Promise<boolean> {
  const isReady = 'window.benchWatch.readyMs !== null && document.readyState === "complete"';
  // A page that is stuck does not answer at all.
  const limit = pause(limitMs, false);
  const startedAt = performance.now();
  while (performance.now() - startedAt < limitMs) {
    if (await Promise.race([page.evaluate<boolean>(isReady), limit])) return true;
    await pause(50);
  }
  return false;
}

async function countBytes(session: CDPSession): Promise<() => number> {
  let sum = 0;
  session.on('Network.loadingFinished', ({ encodedDataLength }) => {
    sum += encodedDataLength;
  });
  await session.send('Network.enable');
  await session.send('Performance.enable');
  return () => sum;
}

/** Runs in the page that the reader comes from. */
function clickLink(url: string): void {
  const link = document.querySelector('a');
  if (!link) throw new Error('no link to follow');
  link.href = url;
  link.click();
}

/** Runs in the page, before anything of its own. */
function watchPage({ shown, headings, parameter }: Wanted): void {
  const watch: Watch = { readyMs: null, blockingMs: 0, layoutShift: 0 };
  (globalThis as unknown as { benchWatch: Watch }).benchWatch = watch;
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) watch.blockingMs += duration - 50;
  }).observe({ type: 'longtask', buffered: true });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) watch.layoutShift += (entry as unknown as { value: number }).value;
  }).observe({ type: 'layout-shift', buffered: true });
  const isShown = (selector: string, texts: readonly string[]): boolean =>
    [...document.querySelectorAll(selector)].some((element) => {
      const { top, bottom, height } = element.getBoundingClientRect();
      if (height === 0 || bottom <= 0 || top >= innerHeight) return false;
      const text = element.textContent.replace(/[\s\u200b]+/g, ' ').trim();
      return texts.some((one) => text === one || text.startsWith(`${one} `));
    });
  const look = (): void => {
    const isReady = isShown(shown.summary, headings) && isShown(shown.parameter, [parameter]);
    // In the frame after the one that has them they have been painted.
    requestAnimationFrame(isReady ? () => (watch.readyMs = performance.now()) : look);
  };
  requestAnimationFrame(look);
}
