import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { type Visitor, newApplication, signedInVisitor } from '../pages/visitor.ts';
import { useBrowser } from '../support/browser.ts';
import { type PortalProcess, startPortalProcess } from '../support/portal-process.ts';
import { describeWithPrograms } from '../support/with-programs.ts';

const LONG = { timeout: 120_000 };
const UNCONFIRMED = 'Have you stored the token of this key?';

describeWithPrograms('the page that shows a key once, in Chromium', ['chromium'], () => {
  const browsing = useBrowser();
  let portal: PortalProcess;
  let person: Visitor;
  let application: string;
  beforeAll(async () => {
    portal = await startPortalProcess();
    person = await signedInVisitor(portal.portalUrl);
    application = await newApplication(person);
  });
  afterAll(() => portal.stop());

  /** Issues a key as people do. */
  async function reveal(): Promise<Page> {
    const page = await browsing.newPage();
    const cookies = [...person.cookies].map(([name, value]) => ({ name, value, url: portal.portalUrl }));
    await page.context().addCookies(cookies);
    await page.context().grantPermissions(['clipboard-write', 'clipboard-read']);
    await page.goto(`${portal.portalUrl}${application}/keys/new`);
    await page.fill('#name', 'Build server');
    await page.click('main form button.primary');
    await page.waitForSelector('reveal-panel:defined #token');
    // Browsers ask only where somebody has done something.
    await page.click('reveal-panel h2');
    return page;
  }

  test('asks before it is left, and stays when that was an accident', LONG, async () => {
    browsing.expectProblem(/^dialog: /);
    const page = await reveal();
    const asked = page.waitForEvent('dialog');
    await page.click('.site-nav >> text=Guides', { noWaitAfter: true });
    expect((await asked).type()).toBe('beforeunload');
    // It was dismissed.
    expect(await page.textContent('#token')).toContain('gth_test_');
    const keyPath = (await page.getAttribute('reveal-panel', 'confirm-at'))?.replace('/confirmation', '') ?? '';
    expect((await person.get(keyPath)).html).toContain(UNCONFIRMED);
  });

  test(
    'is left without a question once the key was copied, and the portal knows that it has arrived',
    LONG,
    async () => {
      const page = await reveal();
      const confirmed = page.waitForResponse((response) => response.url().endsWith('/confirmation'));
      await page.click('reveal-panel >> text=Copy key');
      await confirmed;
      await page.click('.site-nav >> text=Guides');
      await page.waitForURL('**/guides');
      const keyPath = (await confirmed).url().replace(portal.portalUrl, '').replace('/confirmation', '');
      expect((await person.get(keyPath)).html).not.toContain(UNCONFIRMED);
    },
  );
});
