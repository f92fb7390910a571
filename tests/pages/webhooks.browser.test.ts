import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { useBrowser } from '../support/browser.ts';
import { type PortalProcess, startPortalProcess } from '../support/portal-process.ts';
import { describeWithPrograms } from '../support/with-programs.ts';
import { type Receiver, startReceiver } from '../webhooks/receivers.ts';
import { signedInVisitor } from './visitor.ts';

const standards = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

describeWithPrograms('webhooks in Chromium', ['chromium'], () => {
  const browsing = useBrowser();
  let portal: PortalProcess;
  let receiver: Receiver;
  beforeAll(async () => {
    portal = await startPortalProcess({ WEBHOOK_ALLOW_PRIVATE: 'yes' });
    receiver = await startReceiver((response) => response.writeHead(503).end('Come back on Monday.'));
  });
  afterAll(async () => {
    await portal.stop();
    await receiver.close();
  });

  test.each([
    { colorScheme: 'light', width: 1280 },
    { colorScheme: 'dark', width: 390 },
  ] as const)(
    'the way from none to a delivery keeps WCAG 2.2 AA in $colorScheme at $width pixels',
    { timeout: 120_000 },
    async ({ colorScheme, width }) => {
      browsing.expectProblem(/status of 422/);
      const page = await browsing.newPage({ colorScheme, viewport: { width, height: 800 } });
      const { cookies } = await signedInVisitor(portal.portalUrl);
      await page.context().addCookies([...cookies].map(([name, value]) => ({ name, value, url: portal.portalUrl })));
      const faults: string[] = [];
      const look = async (): Promise<void> => {
        const { violations } = await new AxeBuilder({ page }).withTags(standards).analyze();
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        faults.push(
          ...violations.map(({ id, nodes }) => `${page.url()}: ${id}: ${nodes[0]?.html.slice(0, 150) ?? ''}`),
        );
        if (overflow > 0) faults.push(`${page.url()}: ${overflow} pixels wider than the window`);
      };
      await page.goto(`${portal.portalUrl}/webhooks`);
      await look();
      await page.click('main a.button.primary');
      await page.fill('#url', 'https://10.0.0.1/');
      await page.check('[name=events][value=chosen]');
      await page.click('main button.primary');
      await page.waitForSelector('[role=alert]:focus');
      await look();
      await page.fill('#url', receiver.url);
      await page.check('[name=event][value="key.revoked"]');
      await page.click('main button.primary');
      await page.waitForSelector('#secret');
      await look();
      await page.click('reveal-panel form button');
      await page.waitForURL(/\/webhooks\/hook_/);
      await look();
      await page.click('text=Send a test');
      await page.waitForURL(/\/deliveries\//);
      const delivery = page.url();
      await expect.poll(async () => (await page.goto(delivery)) && page.locator('#answer-1').count()).toBe(1);
      await look();
      for (const path of ['', '/edit', '/secret', '/removal']) {
        await page.goto(delivery.replace(/\/deliveries.*/, path));
        await look();
      }
      await page.goto(`${portal.portalUrl}/webhooks`);
      await look();
      expect(faults).toEqual([]);
    },
  );
});
