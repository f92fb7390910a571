import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { useBrowser } from '../support/browser.ts';
import { describeWithPrograms } from '../support/with-programs.ts';
import { type Newsstand, type Reader, SUNSET, TODAY, openNewsstand } from './newsstand.ts';
import type { Visitor } from './visitor.ts';

const END = `${TODAY}-v1-ends`;
/** Eight pages, each looked at thoroughly. */
const LONG = { timeout: 120_000 };
const standards = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

describeWithPrograms('notices in Chromium', ['chromium'], () => {
  const browsing = useBrowser();
  let stand: Newsstand;
  let nora: Reader;
  let owner: Visitor;

  beforeAll(async () => {
    stand = await openNewsstand();
    [nora, owner] = [await stand.consumerCalling('v1', 3), await stand.owner()];
    stand.publish(END, `kind: deprecation\ntitle: Version 1 ends soon\ndeprecated: ${TODAY}\nsunset: ${SUNSET}`);
    stand.publish(`${TODAY}-leak`, 'kind: advisory\ntitle: Labels leak\nseverity: critical');
    await stand.mailed(nora.email, /(Labels leak)/);
  });
  afterAll(() => stand.stop());

  async function pageOf(person: Visitor, options: { width: number; colorScheme: 'light' | 'dark' }): Promise<Page> {
    const { width, colorScheme } = options;
    const page = await browsing.newPage({ colorScheme, viewport: { width, height: 800 } });
    const cookies = [...person.cookies].map(([name, value]) => ({ name, value, url: stand.portal.portalUrl }));
    await page.context().addCookies(cookies);
    return page;
  }

  async function faultsOf(page: Page, path: string): Promise<string[]> {
    await page.goto(stand.portal.portalUrl + path);
    const { violations } = await new AxeBuilder({ page }).withTags(standards).analyze();
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    const found = violations.map(({ id, nodes }) => `${path}: ${id}: ${nodes[0]?.html.slice(0, 150) ?? ''}`);
    return overflow > 0 ? [...found, `${path}: ${overflow} pixels wider than the window`] : found;
  }

  test.each([
    { colorScheme: 'light', width: 1280 },
    { colorScheme: 'dark', width: 390 },
  ] as const)('their pages keep WCAG 2.2 AA in $colorScheme at $width pixels', LONG, async (look) => {
    const faults: string[] = [];
    const reader = await pageOf(nora, look);
    for (const path of ['/home', '/notices', `/notices/${END}`, '/account/notices', '/notices/unsubscription?token=x'])
      faults.push(...(await faultsOf(reader, path)));
    const publisher = await pageOf(owner, look);
    for (const path of ['/owner/notices', `/owner/notices/${END}`, `/owner/notices/${END}/reminder`])
      faults.push(...(await faultsOf(publisher, path)));
    expect(faults).toEqual([]);
  });

  test('opening a notice is noted, acknowledging it takes it from the home, and the owner sees both', async () => {
    const look = { colorScheme: 'light', width: 1280 } as const;
    const leak = `${TODAY}-leak`;
    const reader = await pageOf(nora, look);
    const noted = reader.waitForResponse((response) => response.url().endsWith(`/notices/${leak}/reading`));
    await reader.goto(`${stand.portal.portalUrl}/notices/${leak}`);
    expect((await noted).status()).toBe(200);
    await reader.goto(`${stand.portal.portalUrl}/home`);
    await reader.getByRole('button', { name: /^Acknowledge\s+Labels leak$/ }).click();
    await reader.getByRole('button', { name: /^Acknowledge\s+Labels leak$/ }).waitFor({ state: 'detached' });
    const publisher = await pageOf(owner, look);
    await publisher.goto(`${stand.portal.portalUrl}/owner/notices/${leak}`);
    for (const label of ['Told', 'Read', 'Acknowledged'])
      expect(await publisher.locator(`td[data-label=${label}] time`).count(), label).toBe(1);
  });
});
