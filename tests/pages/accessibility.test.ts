import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { useBrowser } from '../support/browser.ts';
import { type PortalProcess, startPortalProcess } from '../support/portal-process.ts';
import { describeWithPrograms } from '../support/with-programs.ts';
import { PASSWORD, signedInVisitor } from './visitor.ts';

/** Axe takes a second or more for a page. */
const LONG_MS = 120_000;

const standards = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

describeWithPrograms('the pages in Chromium', ['chromium'], () => {
  const browsing = useBrowser();
  let portal: PortalProcess;
  beforeAll(async () => {
    portal = await startPortalProcess();
  });
  afterAll(() => portal.stop());

  /** What axe finds on this page, and whether it scrolls sideways; nothing when all is well. */
  async function faultsOf(page: Page): Promise<string[]> {
    // Swagger UI's own markup is not ours.
    const { violations } = await new AxeBuilder({ page }).withTags(standards).exclude('.swagger-ui').analyze();
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    return [
      ...violations.map(({ id, nodes }) => `${page.url()}: ${id}: ${nodes[0]?.html.slice(0, 150) ?? ''}`),
      ...(overflow > 0 ? [`${page.url()}: ${overflow} pixels wider than the window`] : []),
    ];
  }

  const looks = [
    { colorScheme: 'light', width: 1280 },
    { colorScheme: 'dark', width: 390 },
  ] as const;

  test.each(looks)(
    'pages for all keep WCAG 2.2 AA in $colorScheme at $width pixels',
    async ({ colorScheme, width }) => {
      const page = await browsing.newPage({ colorScheme, viewport: { width, height: 800 } });
      const faults: string[] = [];
      for (const path of [
        '/',
        '/docs',
        '/docs/parcels',
        '/guides',
        '/notices',
        '/errors',
        '/errors/key_expired',
        '/sign-up',
      ]) {
        await page.goto(portal.portalUrl + path);
        faults.push(...(await faultsOf(page)));
      }
      for (const list of ['/guides', '/notices']) {
        await page.goto(portal.portalUrl + list);
        await page.locator(`main :is(h2, h3) a[href^="${list}/"]`).first().click();
        faults.push(...(await faultsOf(page)));
      }
      expect(faults).toEqual([]);
    },
  );

  test.each(looks)(
    'the pages of an account keep it too in $colorScheme at $width pixels',
    { timeout: 60_000 },
    async ({ colorScheme, width }) => {
      const page = await browsing.newPage({ colorScheme, viewport: { width, height: 800 } });
      const person = await signedInVisitor(portal.portalUrl);
      const cookies = [...person.cookies].map(([name, value]) => ({ name, value, url: portal.portalUrl }));
      const faults: string[] = [];
      await page.goto(`${portal.portalUrl}/password-reset`);
      faults.push(...(await faultsOf(page)));
      await page.context().addCookies(cookies);
      for (const path of [
        '/account',
        '/account/password',
        '/account/email',
        '/account/two-step',
        '/command-line',
        '/sign-in/again',
      ]) {
        await page.goto(portal.portalUrl + path);
        faults.push(...(await faultsOf(page)));
      }
      expect(faults).toEqual([]);
    },
  );

  test.each(looks)(
    'the way from sign-up to a key keeps it too in $colorScheme at $width pixels',
    async ({ colorScheme, width }) => {
      browsing.expectProblem(/status of 422/);
      const page = await browsing.newPage({ colorScheme, viewport: { width, height: 800 } });
      const email = `${colorScheme}@example.com`;
      const faults: string[] = [];
      const look = async () => void faults.push(...(await faultsOf(page)));
      const send = async (fields: Record<string, string>) => {
        for (const [name, value] of Object.entries(fields)) await page.fill(`#${name}`, value);
        await page.locator('main button.primary').first().click();
        await page.waitForLoadState();
      };
      await page.goto(`${portal.portalUrl}/sign-up`);
      await send({ email, password: PASSWORD });
      await page.goto(`${portal.portalUrl}/sign-in`);
      await send({ email, password: 'not the right password' });
      await page.waitForSelector('[role=alert]:focus');
      await look();
      await send({ email, password: PASSWORD });
      await look();
      await page.goto(`${portal.portalUrl}/applications/new`);
      await send({ name: 'Web shop' });
      await look();
      const application = page.url();
      await page.goto(`${application}/subscriptions`);
      await look();
      await send({});
      await page.goto(`${application}/usage`);
      await look();
      await page.goto(`${application}/keys/new`);
      await look();
      await page.click('add-address button');
      expect(await page.inputValue('#allowlist')).toBe('127.0.0.1');
      await send({ name: 'Checkout' });
      await look();
      const copied = () => page.evaluate(() => document.dispatchEvent(new Event('copy')));
      await copied();
      await page.click('.reveal form button.primary');
      const key = page.url();
      await look();
      await page.goto(`${key}/rotation`);
      await look();
      await send({});
      await look();
      await copied();
      await page.goto(key);
      await page.click('.pair ~ .fold summary');
      await look();
      for (const path of [application, `${application}/keys/revocation`, `${portal.portalUrl}/report-leaked-key`]) {
        await page.goto(path);
        await look();
      }
      expect(faults).toEqual([]);
    },
    LONG_MS,
  );
});
