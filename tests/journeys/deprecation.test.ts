import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import type { Page } from 'playwright-core';
import { parseItem } from 'structured-headers';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { call } from '../gateway/call.ts';
import { type GatewayProgram, startNginx } from '../gateways/programs.ts';
import { issueKey, newApplication, signedInVisitor, tokenIn } from '../pages/visitor.ts';
import { useBrowser } from '../support/browser.ts';
import { type MailServer, startMailServer } from '../support/mail-server.ts';
import { type PortalProcess, startPortalProcess } from '../support/portal-process.ts';
import { describeWithPrograms } from '../support/with-programs.ts';
import { GATEWAY_SECRET } from '../verify/world.ts';

const OWNER = { email: 'olga@provider.example', password: 'nine green bottles hanging' };
const TITLE = 'Version 1 of Parcels ends';
const V1 = '/parcels/v1/shipments';
const V2 = '/parcels/v2/services';
const DAY_MS = 86_400_000;
const preload = pathToFileURL(join(import.meta.dirname, '../support/moved-clock.mjs')).href;
const input = (atMs: number): string => new Date(atMs).toISOString().slice(0, 16);

interface Developer {
  email: string;
  token: string;
  cookies: readonly { name: string; value: string; url: string }[];
}

describeWithPrograms('the end of a version, from the draft to the last call', ['chromium', 'nginx'], () => {
  const browsing = useBrowser();
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-deprecation-'));
  const clockFile = join(folder, 'ahead');
  const contentDir = join(folder, 'content');
  let mails: MailServer;
  let portal: PortalProcess;
  let nginx: GatewayProgram;

  beforeAll(async () => {
    writeFileSync(clockFile, '0');
    cpSync('content', contentDir, { recursive: true });
    rmSync(join(contentDir, 'notices/2026-06-01-parcels-v1-deprecated.md'));
    const apiFile = join(contentDir, 'apis/parcels/api.yaml');
    const dated = /lifecycle: deprecated\n\s+deprecated: \S+\n\s+sunset: \S+/;
    writeFileSync(apiFile, readFileSync(apiFile, 'utf8').replace(dated, 'lifecycle: active'));
    mails = await startMailServer();
    const clock = { NODE_OPTIONS: `--import=${preload}`, CLOCK_AHEAD_FILE: clockFile };
    portal = await startPortalProcess({ ...clock, SMTP_URL: mails.url, CONTENT_DIR: contentDir, GATEWAY_SECRET });
    nginx = await startNginx(folder, { verifierPort: portal.verifierPort, upstreamPort: portal.servicePort });
  });
  afterAll(async () => {
    await nginx.stop();
    await portal.stop();
    await mails.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('an owner announces it, exactly those who call are told everywhere, and the table goes to zero', async () => {
    const [nora, omar] = [await developerCalling(V1, 3), await developerCalling(V2, 2)];
    const owner = await browsing.newPage();
    await becomeOwner(owner);
    const noticeUrl = await draftAndPublish(owner);

    const mail = await mails.mailTo(nora.email, `Deprecation: ${TITLE}`);
    expect(mail.text).toContain('ci-key');
    expect(mail.text).toContain(noticeUrl);
    await isToldEverywhere(nora, noticeUrl);
    await isNotConcerned(omar);

    await moves(nora);
    writeFileSync(clockFile, String(8 * DAY_MS));
    expect(await statusOf(V2, nora.token)).toBe(200);
    await signIn(owner, OWNER);
    await owner.goto(noticeUrl.replace('/notices/', '/owner/notices/'));
    await owner.getByText('Reaches 1 key of 1 team; none of them called it in the last 7 days.').waitFor();
    expect(await cell(owner, 'Calls in 7 days')).toBe('0');
    expect(await cell(owner, 'Trend')).toBe('stopped');
  }, 180_000);

  async function developerCalling(path: string, calls: number): Promise<Developer> {
    const person = await signedInVisitor(portal.portalUrl);
    const link = new URL(await mails.linkTo(person.email, 'Verify your e-mail address'));
    await person.post('/verify-email', { token: link.searchParams.get('token') ?? '' });
    await person.post('/account/notices', { mail: 'immediate' });
    const application = await newApplication(person);
    await person.post(`${application}/subscriptions`, { apiSlug: 'parcels', planSlug: 'free' });
    const token = tokenIn(await issueKey(person, application, { name: 'ci-key' })) ?? '';
    for (let count = 0; count < calls; count += 1) expect(await statusOf(path, token)).toBe(200);
    const counted = async () => (await person.get('/home')).text('.figures dd');
    await expect.poll(counted).toBe(String(calls));
    const cookies = [...person.cookies].map(([name, value]) => ({ name, value, url: portal.portalUrl }));
    return { email: person.email, token, cookies };
  }

  async function becomeOwner(page: Page): Promise<void> {
    await page.goto(portal.firstOwnerUrl);
    await fillIn(page, OWNER);
    await page.getByRole('main').getByRole('button').first().click();
    await page.waitForURL((url) => url.pathname !== '/first-owner');
  }

  async function signIn(page: Page, person: typeof OWNER): Promise<void> {
    await page.goto(`${portal.portalUrl}/sign-in`);
    await fillIn(page, person);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.waitForURL((url) => url.pathname !== '/sign-in');
  }

  async function fillIn(page: Page, { email, password }: typeof OWNER): Promise<void> {
    await page.getByLabel('E-mail address').fill(email);
    await page.getByLabel('Password').fill(password);
  }

  /** Returns the address of the notice. */
  async function draftAndPublish(page: Page): Promise<string> {
    await page.goto(`${portal.portalUrl}/owner/notices/new?kind=deprecation`);
    await page.getByLabel('Title').fill(TITLE);
    await page.getByLabel('Summary').fill('Move to version 2 in time.');
    await page.getByRole('checkbox', { name: 'Parcels', exact: true }).check();
    await page.getByRole('checkbox', { name: 'v1' }).check();
    await page.getByLabel('Deprecated from (UTC)').fill(input(Date.now() - DAY_MS));
    await page.getByLabel('Sunset (UTC)').fill(input(Date.now() + 200 * DAY_MS));
    await page.getByLabel('Move to').fill('/docs/parcels/v2');
    await page.getByLabel('Text').fill('## What changes\n\nVersion 1 **stops**.');
    await page.locator('#preview strong', { hasText: 'stops' }).waitFor();
    await page.getByRole('button', { name: 'Save draft' }).click();
    await page.waitForURL('**/owner/notices/drafts/ntc_*');
    await page.getByText('Reaches 1 key of 1 team; 1 of them called it 3 times in the last 7 days.').waitFor();
    await page.getByRole('link', { name: 'Publish' }).click();
    await page.waitForURL('**/publication');
    await page.getByRole('button', { name: 'Publish' }).click();
    const link = page.getByRole('link', { name: 'As readers see it' });
    await link.waitFor();
    return portal.portalUrl + ((await link.getAttribute('href')) ?? '');
  }

  async function isToldEverywhere(nora: Developer, noticeUrl: string): Promise<void> {
    const page = await browsing.newPage();
    await page.context().addCookies([...nora.cookies]);
    await page.goto(`${portal.portalUrl}/home`);
    await page.getByRole('link', { name: TITLE }).first().waitFor();
    await page.getByText('ci-key called GET').first().waitFor();
    await page.goto(`${portal.portalUrl}/docs/parcels/v1`);
    await page.getByText('This version is deprecated: ').first().waitFor();
    await expect.poll(async () => (await answerOf(V1, nora.token)).headers.deprecation).toBeDefined();
    const { headers } = await answerOf(V1, nora.token);
    expect(parseItem(String(headers.deprecation))[0]).toBeInstanceOf(Date);
    expect(Date.parse(String(headers.sunset))).toBeGreaterThan(Date.now());
    // A link field (RFC 8288) is no structured field; its targets stand in angle brackets.
    const links = [...String(headers.link).matchAll(/<([^>]+)>; rel="([a-z-]+)"/g)].map(([, href, rel]) => [rel, href]);
    expect(Object.fromEntries(links)).toMatchObject({
      deprecation: noticeUrl,
      sunset: noticeUrl,
      'successor-version': `${portal.portalUrl}/docs/parcels/v2`,
    });
  }

  async function isNotConcerned(omar: Developer): Promise<void> {
    const page = await browsing.newPage();
    await page.context().addCookies([...omar.cookies]);
    await page.goto(`${portal.portalUrl}/home`);
    await page.getByRole('heading', { name: 'Home' }).waitFor();
    expect(await page.getByRole('link', { name: TITLE }).count()).toBe(0);
    expect((await answerOf(V2, omar.token)).headers.deprecation).toBeUndefined();
    await expect(mails.mailTo(omar.email, `Deprecation: ${TITLE}`, 1000)).rejects.toThrow('no mail');
  }

  async function moves(nora: Developer): Promise<void> {
    const { headers, status } = await answerOf(V2, nora.token);
    expect(status).toBe(200);
    expect(headers.deprecation).toBeUndefined();
  }

  const answerOf = (path: string, token: string) =>
    call(nginx.port, { path, headers: { Authorization: `Bearer ${token}` } });
  const statusOf = async (path: string, token: string): Promise<number> => (await answerOf(path, token)).status;
  const cell = async (page: Page, label: string): Promise<string> =>
    ((await page.locator(`td[data-label="${label}"]`).first().textContent()) ?? '').trim();
});
