import { type Browser, type BrowserContextOptions, type Page, chromium } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';

import { debianPrograms, findProgram } from './programs.ts';

export interface Browsing {
  /** A page in a fresh context: no cookies, nothing stored. Closed after the test. */
  newPage(options?: BrowserContextOptions): Promise<Page>;
  /** This test provokes problems like this one, such as `/status of 404/`. */
  expectProblem(pattern: RegExp): void;
}

/**
 * One Chromium for the tests of a suite; call it inside `describeWithPrograms(..., ['chromium'], ...)`.
 * A test fails when a page reports an error, breaks its Content-Security-Policy, opens a dialog or asks another
 * machine for something, unless the test has said that it expects this.
 */
export function useBrowser(): Browsing {
  let browser: Browser | undefined;
  let problems: string[] = [];
  let expected: RegExp[] = [];

  beforeAll(async () => {
    const executablePath = findProgram(debianPrograms.chromium);
    if (executablePath === null) throw new Error('Chromium is missing; this suite belongs inside describeWithPrograms');
    // Names resolve to nothing: whatever a page asks the outside for fails, and is seen.
    const onlyHere = '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost';
    browser = await chromium.launch({ executablePath, args: ['--disable-dev-shm-usage', onlyHere] });
  });
  afterAll(() => browser?.close());
  afterEach(async () => {
    for (const context of browser?.contexts() ?? []) await context.close();
    const unexpected = problems.filter((problem) => !expected.some((pattern) => pattern.test(problem)));
    problems = [];
    expected = [];
    expect(unexpected, 'what the pages of this test complained about').toEqual([]);
  });

  return {
    newPage: async (options) => {
      if (!browser) throw new Error('the browser starts in beforeAll; ask for pages in tests and in later hooks');
      const context = await browser.newContext(options);
      const page = await context.newPage();
      watch(page, (problem) => void problems.push(problem));
      return page;
    },
    expectProblem: (pattern) => void expected.push(pattern),
  };
}

function watch(page: Page, report: (problem: string) => void): void {
  page.on('console', (message) => {
    // Chromium reports a breach of the Content-Security-Policy as such an error too.
    if (message.type() === 'error') report(`console: ${message.text()} (${message.location().url})`);
  });
  page.on('pageerror', (error) => report(`uncaught: ${error.message}`));
  page.on('dialog', (dialog) => {
    report(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url());
    const isLocal = ['127.0.0.1', 'localhost', '[::1]'].includes(hostname);
    if (/^(https?|wss?):$/.test(protocol) && !isLocal) report(`foreign request: ${request.url()}`);
  });
}
