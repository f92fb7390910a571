import type { Page } from 'playwright-core';
import { expect } from 'vitest';

import { call } from '../gateway/call.ts';
import type { PortalProcess } from '../support/portal-process.ts';

export const OWNER = 'olga@provider.example';
export const DEVELOPER = 'dora@consumer.example';
const PASSWORD = 'nine green bottles hanging';

/** With a confirmed address, and an application with a plan for the demo API. */
export async function signUp(portal: PortalProcess, page: Page): Promise<void> {
  for (const [path, button] of [
    ['/sign-up', 'Create account'],
    ['/sign-in', 'Sign in'],
  ] as const) {
    await page.goto(portal.portalUrl + path);
    await page.getByLabel('E-mail address').fill(DEVELOPER);
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: button }).click();
    await page.waitForLoadState();
  }
  await page.waitForURL(`${portal.portalUrl}/home`);
  const link = async (): Promise<string> => {
    const { text } = await call(portal.portalPort, { path: '/dev/mail' });
    return /\/verify-email\?token=[\w-]+/.exec(text)?.[0] ?? '';
  };
  await expect.poll(link).not.toBe('');
  await page.goto(portal.portalUrl + (await link()));
  await page.getByRole('main').getByRole('button').first().click();
  await page.goto(`${portal.portalUrl}/applications/new`);
  await page.getByLabel('Name').fill('Web shop');
  await page.getByRole('button', { name: 'Create application' }).click();
  const subscribe = page.getByRole('button', { name: 'Subscribe to Parcels' });
  await page.getByRole('heading', { name: 'Web shop' }).waitFor();
  if (!(await subscribe.isVisible())) await page.locator('summary', { hasText: 'Parcels' }).click();
  await page.getByRole('radio', { name: /^Free/ }).check();
  await subscribe.click();
  await page.getByText('of 1,000 calls').first().waitFor();
}

/** @returns the token */
export async function issueKey(portal: PortalProcess, page: Page, name: string, allowlist: string): Promise<string> {
  await page.goto(`${portal.portalUrl}/applications`);
  await page.getByRole('link', { name: 'Web shop' }).click();
  await page.getByRole('link', { name: 'Issue key' }).first().click();
  await page.getByLabel('Name').fill(name);
  await page
    .getByLabel(/allowlist/i)
    .first()
    .fill(allowlist);
  await page.getByRole('button', { name: 'Issue key' }).click();
  await page.getByRole('button', { name: /^Copy key/ }).click();
  return page.evaluate(() => navigator.clipboard.readText());
}

export async function becomeOwner(portal: PortalProcess, page: Page): Promise<void> {
  await page.goto(portal.firstOwnerUrl);
  await page.getByLabel('E-mail address').fill(OWNER);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('main').getByRole('button').last().click();
  await page.waitForLoadState();
  await page.goto(`${portal.portalUrl}/sign-in?next=/owner`);
  if (page.url().includes('/sign-in')) {
    await page.getByLabel('E-mail address').fill(OWNER);
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in' }).click();
  }
  await page.waitForLoadState();
}
