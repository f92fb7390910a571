import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { call } from '../gateway/call.ts';
import { type GatewayProgram, startCaddy, startNginx } from '../gateways/programs.ts';
import { useBrowser } from '../support/browser.ts';
import { type PortalProcess, startPortalProcess } from '../support/portal-process.ts';
import { describeWithPrograms } from '../support/with-programs.ts';
import { GATEWAY_SECRET } from '../verify/world.ts';

const EMAIL = 'ada@northwind.example';
const PASSWORD = 'nine green bottles hanging';
const LIST = '/parcels/v2/services';
/** Of the free plan, see content/apis/parcels/api.yaml. */
const CALLS_PER_MINUTE = 60;

describeWithPrograms('from the front page to a revoked key', ['chromium', 'nginx', 'caddy'], () => {
  const browsing = useBrowser();
  let portal: PortalProcess;
  let nginx: GatewayProgram;
  let caddy: GatewayProgram;
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-journey-'));

  beforeAll(async () => {
    portal = await startPortalProcess({ GATEWAY_SECRET });
    const ports = { verifierPort: portal.verifierPort, upstreamPort: portal.servicePort };
    nginx = await startNginx(folder, ports);
    caddy = await startCaddy(folder, ports);
  });
  afterAll(async () => {
    await Promise.allSettled([nginx.stop(), caddy.stop()]);
    await portal.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('a visitor reads, signs up, gets a key, calls through three gateways, watches the usage and revokes', async () => {
    const page = await browsing.newPage({ permissions: ['clipboard-read', 'clipboard-write'] });
    await readDocumentation(page);
    await signUpAndIn(page);
    await createApplication(page);
    const { keyUrl, token } = await issueKey(page);
    await tryItOut(page, token);

    // One allowed call each (with the one of "Try it out": 4), then one refusal of each kind.
    const gateways = { 'built-in': portal.gatewayPort, nginx: nginx.port, caddy: caddy.port };
    for (const [name, port] of Object.entries(gateways)) {
      expect(await statusOf(port, token), name).toBe(200);
      expect(await statusOf(port, `${token.slice(0, -1)}!`), name).toBe(401);
      const elsewhere = await call(port, { path: LIST, headers: bearer(token), from: '127.0.0.2' });
      expect(elsewhere.status, name).toBe(403);
      expect(elsewhere.json(), name).toMatchObject({
        code: 'address_not_allowed',
        detail: expect.stringContaining('127.0.0.2') as string,
      });
    }
    const allowed = 4 + (await callUntilRefused(portal.gatewayPort, token));
    expect(allowed).toBeGreaterThanOrEqual(CALLS_PER_MINUTE);
    for (const [name, port] of Object.entries(gateways)) {
      const refused = await call(port, { path: LIST, headers: bearer(token) });
      expect(refused.status, name).toBe(429);
      expect(Number(refused.headers['retry-after']), name).toBeGreaterThan(0);
      expect(refused.json(), name).toMatchObject({ code: 'rate_limited' });
    }

    // Three of one gateway each, and the one that ended the burst.
    await expectUsage(page, keyUrl, { allowed, rateLimited: 4, fromElsewhere: 3 });
    await readAdvisory(page);
    await revoke(page, keyUrl);
    for (const [name, port] of Object.entries(gateways)) {
      const ended = await call(port, { path: LIST, headers: bearer(token) });
      expect(ended.status, name).toBe(401);
      expect(ended.json(), name).toMatchObject({ code: 'key_revoked' });
    }
  }, 120_000);

  async function readDocumentation(page: Page): Promise<void> {
    await page.goto(portal.portalUrl);
    await page.getByRole('link', { name: 'Read the documentation' }).click();
    await page.getByRole('link', { name: 'Parcels', exact: true }).click();
    await page.getByRole('link', { name: 'v2', exact: true }).first().click();
    expect(await page.title()).toContain('Parcels v2');
    await page.getByText('List parcels').first().waitFor();
  }

  async function signUpAndIn(page: Page): Promise<void> {
    await page.getByRole('link', { name: 'Sign up' }).first().click();
    await page.getByLabel('E-mail address').fill(EMAIL);
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Create account' }).click();
    await page.getByRole('heading', { name: 'Check your mail' }).waitFor();
    await page.getByRole('link', { name: 'Sign in' }).last().click();
    await page.getByLabel('E-mail address').fill(EMAIL);
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL(`${portal.portalUrl}/home`);
  }

  async function createApplication(page: Page): Promise<void> {
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

  async function issueKey(page: Page): Promise<{ keyUrl: string; token: string }> {
    await page.getByRole('link', { name: 'Issue key' }).first().click();
    await page.getByLabel('Name').fill('Checkout');
    await page.getByLabel('IP allowlist').fill('127.0.0.1\n2001:db8::/32');
    await page.getByRole('button', { name: 'Issue key' }).click();
    await page.getByRole('button', { name: /^Copy key/ }).click();
    const token = await page.evaluate(() => navigator.clipboard.readText());
    expect(token).toMatch(/^gth_test_[0-9A-Za-z]{36}$/);
    await page.getByRole('button', { name: /go to the key/ }).click();
    await page.getByText('127.0.0.1/32').first().waitFor();
    expect(await page.content()).not.toContain(token);
    return { keyUrl: page.url(), token };
  }

  /** The documentation's own console, from the browser, through the built-in gateway. */
  async function tryItOut(page: Page, token: string): Promise<void> {
    // Swagger UI sets a few style attributes, which the Content-Security-Policy ignores; nothing visible is lost.
    browsing.expectProblem(/style-src/);
    await page.goto(`${portal.portalUrl}/docs/parcels/v2/list-services`);
    await page.getByText('goes the token of its key Checkout').waitFor();
    await page.getByRole('link', { name: 'Try it here' }).click();
    await page.getByLabel('API key').fill(token);
    await page.getByRole('button', { name: 'Execute' }).click();
    await page.locator('.live-responses-table .response-col_status', { hasText: '200' }).waitFor();
    await page.getByText(/^quota: \d+ of 1,000 left/).waitFor();
  }

  async function expectUsage(
    page: Page,
    keyUrl: string,
    expected: { allowed: number; rateLimited: number; fromElsewhere: number },
  ): Promise<void> {
    // Usage is written once a second, on a machine that is busy ten seconds apart at most.
    await expect
      .poll(
        async () => {
          await page.goto(keyUrl.replace(/\/keys\/.*/, '/usage'));
          return page.getByRole('row', { name: 'rate_limited' }).getByRole('cell').allTextContents();
        },
        { timeout: 12_000, interval: 1000 },
      )
      .toContain(String(expected.rateLimited));
    await page.getByText(`${expected.allowed} of 1,000 calls`).first().waitFor();
    const countOf = (name: string) => page.getByRole('row', { name }).getByRole('cell').first().textContent();
    expect(await countOf('rate_limited')).toBe(String(expected.rateLimited));
    expect(await countOf('address_not_allowed')).toBe(String(expected.fromElsewhere));
    expect(await countOf('listServices')).toBe(String(expected.allowed));
  }

  async function readAdvisory(page: Page): Promise<void> {
    await page.getByRole('link', { name: 'Notices', exact: true }).first().click();
    await page.getByRole('link', { name: 'Label links could be guessed' }).click();
    await page.getByRole('heading', { name: 'Label links could be guessed' }).waitFor();
    await page.getByText('high', { exact: true }).first().waitFor();
  }

  async function revoke(page: Page, keyUrl: string): Promise<void> {
    await page.goto(keyUrl);
    const confirmation = page.getByLabel('Type Checkout to confirm');
    if (!(await confirmation.isVisible())) await page.locator('summary', { hasText: 'Revoke' }).click();
    await confirmation.fill('Checkout');
    await page.getByRole('button', { name: 'Revoke key' }).click();
    await page.getByText('revoked').first().waitFor();
  }
});

const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });

async function statusOf(port: number, token: string): Promise<number> {
  return (await call(port, { path: LIST, headers: bearer(token) })).status;
}

/** Calls until the rate limit answers; returns how many passed. */
async function callUntilRefused(port: number, token: string): Promise<number> {
  for (let passed = 0; passed < 10 * CALLS_PER_MINUTE; passed += 1) {
    const status = await statusOf(port, token);
    if (status === 429) return passed;
    expect(status).toBe(200);
  }
  throw new Error('the rate limit never answered');
}
