import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { useBrowser } from '../support/browser.ts';
import { type PortalProcess, startPortalProcess } from '../support/portal-process.ts';
import { describeWithPrograms } from '../support/with-programs.ts';

const standards = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

describeWithPrograms('the search dialog in Chromium', ['chromium'], () => {
  const browsing = useBrowser();
  let portal: PortalProcess;

  beforeAll(async () => {
    portal = await startPortalProcess();
  });
  afterAll(() => portal.stop());

  async function pageAt(path: string, look: Parameters<typeof browsing.newPage>[0] = {}): Promise<Page> {
    const page = await browsing.newPage(look);
    await page.goto(portal.portalUrl + path);
    return page;
  }

  async function openWithSlash(page: Page, text: string): Promise<void> {
    await page.keyboard.press('/');
    await page.locator('dialog:modal').waitFor();
    const answered = page.waitForResponse((response) => new URL(response.url()).searchParams.get('q') === text);
    await page.keyboard.type(text);
    await (await answered).finished();
    await page.getByRole('option').first().waitFor();
  }

  test('opens with "/", follows the arrows, and Enter leads to the chosen result', async () => {
    const page = await pageAt('/guides');
    await openWithSlash(page, 'craete a parcel');
    const field = page.getByRole('combobox');
    expect(await field.getAttribute('aria-expanded')).toBe('true');
    const chosen = page.getByRole('option', { selected: true });
    await chosen.filter({ hasText: 'Create a parcel' }).waitFor();
    await page.keyboard.press('ArrowDown');
    expect(await field.getAttribute('aria-activedescendant')).toBe(await chosen.getAttribute('id'));
    expect(await chosen.textContent()).not.toContain('Create a parcel');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/docs/parcels/v2/create-parcel');
  });

  test('opens with Ctrl-K, closes with Escape, and gives the focus back', async () => {
    const page = await pageAt('/guides');
    await page.getByRole('link', { name: 'Sign in' }).first().focus();
    await page.keyboard.press('Control+k');
    await page.locator('dialog:modal').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('a:focus', { hasText: 'Sign in' }).waitFor();
  });

  test('"/" in a field is a character', async () => {
    const page = await pageAt('/sign-in');
    await page.getByLabel('E-mail').fill('');
    await page.keyboard.type('a/b');
    expect(await page.getByLabel('E-mail').inputValue()).toBe('a/b');
    expect(await page.locator('dialog').count()).toBe(0);
  });

  test('what was found in a document is shown as text', async () => {
    const page = await pageAt('/guides');
    await page.route('**/search.json*', (route) => route.fulfill({ json: hostileAnswer }));
    await openWithSlash(page, 'x');
    expect(await page.locator('dialog img, dialog script').count()).toBe(0);
    expect(await page.getByRole('option').first().textContent()).toContain('<img src=x onerror=alert(1)>');
  });

  test.each([
    { colorScheme: 'light', width: 1280 },
    { colorScheme: 'dark', width: 390 },
  ] as const)(
    'keeps WCAG 2.2 AA in $colorScheme at $width pixels',
    { timeout: 60_000 },
    async ({ colorScheme, width }) => {
      const page = await pageAt('/search?q=rotate+key', { colorScheme, viewport: { width, height: 800 } });
      expect(await faultsOf(page)).toEqual([]);
      await page.locator('.search-open').click();
      await page.locator('dialog:modal').waitFor();
      await page.keyboard.type('parcel');
      await page.getByRole('option').first().waitFor();
      expect(await faultsOf(page)).toEqual([]);
    },
  );

  async function faultsOf(page: Page): Promise<string[]> {
    const { violations } = await new AxeBuilder({ page }).withTags(standards).analyze();
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    const found = violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 150) ?? ''}`);
    return overflow > 0 ? [...found, `${overflow} pixels wider than the window`] : found;
  }
});

const hostile = [{ text: '<img src=x onerror=alert(1)>', isHit: true }];
const hostileAnswer = {
  groups: [
    {
      kind: 'schema',
      count: 1,
      hits: [
        {
          ...{ kind: 'schema', href: '/docs', crumbs: ['<script>alert(1)</script>'], badge: '<b>' },
          ...{ title: hostile, address: hostile, excerpt: hostile, deprecated: false },
        },
      ],
    },
  ],
};
