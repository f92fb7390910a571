import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { call } from '../gateway/call.ts';
import { useBrowser } from '../support/browser.ts';
import { type PortalProcess, startPortalProcess } from '../support/portal-process.ts';
import { describeWithPrograms } from '../support/with-programs.ts';

const EMAIL = 'grace@northwind.example';
const PASSWORD = 'nine green bottles hanging';

describeWithPrograms('a rotation without an outage', ['chromium'], () => {
  const browsing = useBrowser();
  let portal: PortalProcess;
  beforeAll(async () => {
    portal = await startPortalProcess();
  });
  afterAll(() => portal.stop());

  test('both keys work and share one quota, until the old one is ended by hand', async () => {
    const page = await browsing.newPage({ permissions: ['clipboard-read', 'clipboard-write'] });
    await signUpAndIn(page);
    await createSubscribedApplication(page);
    await page.getByRole('link', { name: 'Issue key' }).first().click();
    await page.getByLabel('Name').fill('Checkout');
    await page.getByRole('button', { name: 'Issue key' }).click();
    const oldToken = await copyToken(page);
    await page.getByText('Waiting for the first call...').waitFor();
    expect(await statusOf(oldToken)).toBe(200);
    await page.getByText(/^First call seen \d+ s ago from 127\.0\.0\.1: allowed\.$/).waitFor();
    await page.getByRole('button', { name: /go to the key/ }).click();

    await page.getByRole('link', { name: 'Rotate key' }).click();
    expect(await page.getByRole('radio', { name: /^24 hours/ }).isChecked()).toBe(true);
    await page.getByText('only the new key').locator('visible=true').waitFor();
    await page.getByRole('button', { name: 'Rotate key' }).click();
    const newToken = await copyToken(page);
    await page.getByText(/The old key, \.\.\.\w{4}, works until/).waitFor();
    expect(newToken).not.toBe(oldToken);
    for (const token of [oldToken, newToken, newToken]) expect(await statusOf(token)).toBe(200);

    await page.getByRole('button', { name: /go to the key/ }).click();
    await page.getByText('The old key may still be in use').waitFor();
    const callsOf = async (name: string) => {
      await page.reload();
      return sideOf(page, name).textContent();
    };
    // Counts are written some times a second.
    await expect.poll(() => callsOf('Old key')).toContain('2 calls');
    await expect.poll(() => callsOf('New key')).toContain('2 calls');
    await page.getByRole('link', { name: 'Web shop' }).click();
    await page.getByText('4 of 1,000 calls').waitFor();

    await page
      .getByRole('row', { name: /ending/ })
      .getByRole('link')
      .click();
    await page.getByRole('button', { name: 'End it now all the same' }).click();
    await page.getByText('expired').first().waitFor();
    expect(await statusOf(oldToken)).toBe(401);
    expect(await statusOf(newToken)).toBe(200);
  }, 90_000);

  const sideOf = (page: Page, name: string) => page.getByRole('region', { name, exact: true });

  async function statusOf(token: string): Promise<number> {
    const headers = { Authorization: `Bearer ${token}` };
    return (await call(portal.gatewayPort, { path: '/parcels/v2/services', headers })).status;
  }

  async function copyToken(page: Page): Promise<string> {
    await page.getByRole('button', { name: /^Copy key/ }).click();
    const token = await page.evaluate(() => navigator.clipboard.readText());
    expect(token).toMatch(/^gth_test_[0-9A-Za-z]{36}$/);
    return token;
  }

  async function signUpAndIn(page: Page): Promise<void> {
    for (const [path, button] of [
      ['/sign-up', 'Create account'],
      ['/sign-in', 'Sign in'],
    ] as const) {
      await page.goto(portal.portalUrl + path);
      await page.getByLabel('E-mail address').fill(EMAIL);
      await page.getByLabel('Password').fill(PASSWORD);
      await page.getByRole('button', { name: button }).click();
      await page.waitForLoadState();
    }
    await page.waitForURL(`${portal.portalUrl}/home`);
  }

  async function createSubscribedApplication(page: Page): Promise<void> {
    await page.getByRole('link', { name: 'New application' }).click();
    await page.getByLabel('Name').fill('Web shop');
    await page.getByRole('button', { name: 'Create application' }).click();
    await page.getByRole('heading', { name: 'Web shop' }).waitFor();
    const subscribe = page.getByRole('button', { name: 'Subscribe to Parcels' });
    if (!(await subscribe.isVisible())) await page.locator('summary', { hasText: 'Parcels' }).click();
    await page.getByRole('radio', { name: /^Free/ }).check();
    await subscribe.click();
    await page.getByText('of 1,000 calls').first().waitFor();
  }
});
