import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { useBrowser } from '../support/browser.ts';
import { type PortalProcess, startPortalProcess } from '../support/portal-process.ts';
import { describeWithPrograms } from '../support/with-programs.ts';
import { type Visitor, issueKey, keyPathIn, newApplication, signedInVisitor } from './visitor.ts';

const LONG = { timeout: 120_000 };
const standards = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

describeWithPrograms('the restrictions of a key in Chromium', ['chromium'], () => {
  const browsing = useBrowser();
  let portal: PortalProcess;
  let person: Visitor;
  let key: string;
  beforeAll(async () => {
    portal = await startPortalProcess();
    person = await signedInVisitor(portal.portalUrl);
    const application = await newApplication(person);
    await person.post(`${application}/subscriptions`, { apiSlug: 'parcels', planSlug: 'free' });
    key = keyPathIn(await issueKey(person, application, { allowlist: '203.0.113.0/24 # office' }));
  });
  afterAll(() => portal.stop());

  async function openPage(path: string, options: object = {}): Promise<Page> {
    const page = await browsing.newPage(options);
    const cookies = [...person.cookies].map(([name, value]) => ({ name, value, url: portal.portalUrl }));
    await page.context().addCookies(cookies);
    await page.goto(portal.portalUrl + path);
    return page;
  }

  async function faultsOf(page: Page): Promise<string[]> {
    const { violations } = await new AxeBuilder({ page }).withTags(standards).analyze();
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    const found = violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 150) ?? ''}`);
    return overflow > 0 ? [...found, `${overflow} pixels wider than the window`] : found;
  }

  test.each([
    { colorScheme: 'light', viewport: { width: 1280, height: 800 } },
    { colorScheme: 'dark', viewport: { width: 390, height: 800 } },
  ] as const)('keep WCAG 2.2 AA: $colorScheme, $viewport.width pixels', LONG, async (look) => {
    browsing.expectProblem(/status of 422/);
    const list = await openPage(`${key}/allowlist?address=203.0.113.9`, look);
    await list.fill('#allowlist', '203.0.113.77/24 # office\n203.0.113.5\n::/0');
    await list.click('button[value=preview]');
    expect(await faultsOf(list)).toEqual([]);
    const calls = await openPage(`${key}/restrictions`, look);
    for (const name of ['scopes', 'methods', 'operations']) await calls.click(`#${name} >> text=Only some`);
    expect(await faultsOf(calls)).toEqual([]);
    await calls.click('text=Save restrictions');
    await calls.waitForSelector('[role=alert]:focus');
    expect(await faultsOf(calls)).toEqual([]);
  });

  test('what a list would do is shown while it is typed, and saves nothing', LONG, async () => {
    browsing.expectProblem(/status of 422/);
    for (const path of [key, `${key}/allowlist`]) {
      const page = await openPage(path);
      await page.fill('#allowlist', '203.0.113.77/24 # office');
      await page.waitForSelector('allowlist-preview >> text=203.0.113.77/24 is kept as 203.0.113.0/24');
      expect(await page.evaluate(() => document.activeElement?.id)).toBe('allowlist');
      expect(await page.inputValue('#allowlist')).toBe('203.0.113.77/24 # office');
      await page.fill('#allowlist', '203.0.113.300');
      await page.waitForSelector('allowlist-preview >> text=203.0.113.300 is not an address');
      await page.fill('#allowlist', '');
      await page.click('add-address button');
      await page.waitForSelector('allowlist-preview >> text=which may call');
      await page.reload();
      expect(await page.inputValue('#allowlist')).toBe('203.0.113.0/24 # office');
    }
  });
});
