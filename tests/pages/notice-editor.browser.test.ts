import { AxeBuilder } from '@axe-core/playwright';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { useBrowser } from '../support/browser.ts';
import { hostileMarkdown } from '../support/hostile-markdown.ts';
import { type PortalProcess, startPortalProcess } from '../support/portal-process.ts';
import { describeWithPrograms } from '../support/with-programs.ts';
import { type Visitor, ownerVisitor } from './visitor.ts';

const LONG = { timeout: 120_000 };
const standards = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const common = { title: 'Lists change', summary: 'Look at your calls.', text: 'Old text.', api: 'parcels' };

describeWithPrograms('the editor of notices in Chromium', ['chromium'], () => {
  const browsing = useBrowser();
  let portal: PortalProcess;
  let owner: Visitor;
  beforeAll(async () => {
    portal = await startPortalProcess();
    owner = await ownerVisitor(portal);
  });
  afterAll(() => portal.stop());

  async function pageOf(options: BrowserContextOptions = {}): Promise<Page> {
    const page = await browsing.newPage(options);
    const cookies = [...owner.cookies].map(([name, value]) => ({ name, value, url: portal.portalUrl }));
    await page.context().addCookies(cookies);
    return page;
  }

  async function drafted(fields: Record<string, string> = {}): Promise<string> {
    const form = { kind: 'change', effective: '', revision: '0', action: 'save', ...common, ...fields };
    const answer = await owner.post('/owner/notices/new', form);
    return new URL(answer.location ?? '', portal.portalUrl).pathname;
  }

  async function faultsOf(page: Page, path: string): Promise<string[]> {
    await page.goto(portal.portalUrl + path);
    const { violations } = await new AxeBuilder({ page }).withTags(standards).analyze();
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    const found = violations.map(({ id, nodes }) => `${path}: ${id}: ${nodes[0]?.html.slice(0, 200) ?? ''}`);
    return overflow > 0 ? [...found, `${path}: ${overflow} pixels wider than the window`] : found;
  }

  test('hostile Markdown fires nothing, neither in the preview nor in the published page', LONG, async () => {
    // Pictures of this site are allowed, and these are not there.
    browsing.expectProblem(/status of 40[04].*127\.0\.0\.1:\d+\/(own\.png|[\w/]*%5Cevil\.test\/pixel\.gif)/);
    const page = await pageOf();
    await page.goto(`${portal.portalUrl}/owner/notices/new?kind=change`);
    const script = '<img src=x onerror=alert(1)>';
    await page.getByLabel('Title').fill(`Title ${script}`);
    await page.getByLabel('Summary').fill(`Summary <svg/onload=alert(1)>`);
    await page.getByRole('checkbox', { name: 'Parcels', exact: true }).check();
    const text = [...hostileMarkdown, '**the end**'].join('\n\n');
    await page.getByLabel('Text', { exact: true }).fill(text);
    await page.locator('#preview strong', { hasText: 'the end' }).waitFor();
    await page.getByRole('button', { name: 'Save draft' }).click();
    await page.waitForURL('**/owner/notices/drafts/ntc_*');
    await page.getByRole('link', { name: 'Publish' }).click();
    await page.waitForURL('**/publication');
    await page.getByRole('button', { name: 'Publish' }).click();
    await page.getByRole('link', { name: 'As readers see it' }).click();
    await page.waitForURL('**/notices/20*');
    await page.getByText('the end').waitFor();
    expect(await page.locator('article [onerror], article [onload], article script, article svg[onload]').count()).toBe(
      0,
    );
    for (const path of ['/notices', new URL(page.url()).pathname + '/history']) {
      await page.goto(portal.portalUrl + path);
      await page.getByText(script).first().waitFor();
    }
  });

  test('without JavaScript the button shows the preview, and nothing is kept', async () => {
    const page = await pageOf({ javaScriptEnabled: false });
    await page.goto(`${portal.portalUrl}/owner/notices/new?kind=incident`);
    await page.getByLabel('Text', { exact: true }).fill('Half **written**');
    await page.getByRole('button', { name: 'Preview' }).click();
    await page.locator('#preview strong', { hasText: 'written' }).waitFor();
    expect(await page.getByLabel('Text', { exact: true }).inputValue()).toBe('Half **written**');
    await page.goto(`${portal.portalUrl}/owner/notices`);
    expect(await page.getByText('No title yet').count()).toBe(0);
  });

  test('who saves what somebody else has changed meanwhile is shown both wordings and loses neither', async () => {
    browsing.expectProblem(/status of 409/);
    const path = await drafted();
    const [one, other] = [await pageOf(), await pageOf()];
    await one.goto(`${portal.portalUrl}${path}/edit`);
    await other.goto(`${portal.portalUrl}${path}/edit`);
    await one.getByLabel('Text', { exact: true }).fill('Their text.');
    await one.getByRole('button', { name: 'Save draft' }).click();
    await one.waitForURL(portal.portalUrl + path);
    await other.getByLabel('Text', { exact: true }).fill('Our text.');
    await other.getByRole('button', { name: 'Save draft' }).click();
    await other.waitForSelector('[role=alert]:focus');
    await other.locator('[role=alert] dd del', { hasText: 'Their' }).waitFor();
    await other.locator('[role=alert] dd ins', { hasText: 'Our' }).waitFor();
    expect(await other.getByLabel('Text', { exact: true }).inputValue()).toBe('Our text.');
    await other.getByRole('button', { name: 'Save draft' }).click();
    await other.waitForURL(portal.portalUrl + path);
    await other.getByText('Our text.').first().waitFor();
  });

  test('a mistake is said beside its field, and what was typed stays', async () => {
    browsing.expectProblem(/status of 422/);
    const page = await pageOf();
    await page.goto(`${portal.portalUrl}/owner/notices/new?kind=advisory`);
    await page.getByLabel('Title').fill('A leak');
    await page.getByLabel('Summary').fill('Make new links.');
    await page.getByLabel('CVSS vector').fill('CVSS:4.0/AV:N');
    await page.getByLabel('Text', { exact: true }).fill('What happened.');
    await page.getByRole('button', { name: 'Save draft' }).click();
    await page.waitForSelector('[role=alert]:focus');
    expect(await page.locator('#cvss-error').textContent()).toContain('must be a CVSS 3.1 or 4.0 vector');
    expect(await page.getByLabel('Title').inputValue()).toBe('A leak');
  });

  test.each([
    { colorScheme: 'light', width: 1280 },
    { colorScheme: 'dark', width: 390 },
  ] as const)('its pages keep WCAG 2.2 AA in $colorScheme at $width pixels', LONG, async ({ colorScheme, width }) => {
    const path = await drafted();
    const page = await pageOf({ colorScheme, viewport: { width, height: 800 } });
    const kinds = ['advisory', 'incident'].map((kind) => `/owner/notices/new?kind=${kind}`);
    const below = ['', '/publication'].map((rest) => path + rest);
    const faults: string[] = [];
    for (const each of ['/owner/notices', '/owner/notices/new', ...kinds, ...below])
      faults.push(...(await faultsOf(page, each)));
    expect(faults).toEqual([]);
  });
});
