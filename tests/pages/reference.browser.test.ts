import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { useBrowser } from '../support/browser.ts';
import { type PortalProcess, startPortalProcess } from '../support/portal-process.ts';
import { listenOnFreePort } from '../support/servers.ts';
import { describeWithPrograms } from '../support/with-programs.ts';
import { hostileContent, hostilePages } from './hostile-api.ts';
import { createVisitor } from './visitor.ts';

/** Nobody's key. */
const TYPED = `gth_test_${'k'.repeat(40)}`;

describeWithPrograms('the reference in a browser', ['chromium'], () => {
  const browsing = useBrowser();
  let portal: PortalProcess;
  let content: string;
  beforeAll(async () => {
    content = hostileContent();
    addLongAnswer(content);
    portal = await startPortalProcess({ CONTENT_DIR: content });
  });
  afterAll(async () => {
    await portal.stop();
    rmSync(content, { recursive: true });
  });

  test('stays silent on every page of a document that means harm, all parts open', async () => {
    // The sanitiser of the console parses text in a document of its own, which reports what it would not allow.
    browsing.expectProblem(/inline (style|event handler).* violates/);
    // In the console pictures beside the page are harmless, and this one does not exist.
    browsing.expectProblem(/status of 404.*\/docs\/hostile\/v1\/x\)/);
    const tab = await browsing.newPage();
    for (const path of await hostilePages((path) => createVisitor(portal.portalUrl).get(path))) {
      await tab.goto(portal.portalUrl + path);
      await tab.locator('details').evaluateAll((all) => all.forEach((one) => one.setAttribute('open', '')));
      if ((await tab.locator('swagger-ui').count()) > 0) {
        await tab.locator('swagger-ui').scrollIntoViewIfNeeded();
        await tab.locator('.opblock .execute').waitFor();
      }
      const links = await tab.locator('a[href]').evaluateAll((all) => all.map((one) => one.getAttribute('href') ?? ''));
      expect(links.filter((link) => /^\s*(javascript|data|vbscript):/i.test(link))).toEqual([]);
    }
  });

  test('keeps a credential in the field where it was typed, and sends it to the gateway alone', async () => {
    browsing.expectProblem(/style-src/);
    browsing.expectProblem(/status of 401/);
    const tab = await browsing.newPage();
    const carried: string[] = [];
    tab.on('request', (request) => {
      if (JSON.stringify([request.url(), request.headers(), request.postData()]).includes(TYPED))
        carried.push(new URL(request.url()).origin);
    });
    await tab.goto(`${portal.portalUrl}/docs/parcels/v2/list-services#try-it`);
    await tab.getByLabel('API key').fill(TYPED);
    await tab.getByRole('button', { name: 'Execute' }).click();
    const reason = tab.getByRole('link', { name: 'Why it was refused, and what to do' });
    await reason.waitFor();
    const told = (await reason.getAttribute('href')) ?? '';
    expect(told).toBe(`${portal.portalUrl}/errors/malformed_key`);
    expect(carried.length).toBeGreaterThan(0);
    expect([...new Set(carried)]).toEqual([portal.gatewayUrl]);
    const kept = await tab.evaluate(() => JSON.stringify([localStorage, sessionStorage, document.cookie]));
    expect(kept).not.toContain(TYPED);
    expect((await tab.locator('body').innerText()).includes(TYPED)).toBe(false);
    await reason.click();
    await tab.waitForURL(told);
    await tab.goBack();
    await expect.poll(() => tab.getByLabel('API key').inputValue()).toBe('');
  });

  test('opens what was cut in its place', async () => {
    const tab = await browsing.newPage();
    await tab.goto(`${portal.portalUrl}/docs/parcels/v2/list-parcels`);
    const link = tab.locator('.response[open] schema-part a').first();
    await tab
      .locator('.response[open] details')
      .evaluateAll((all) => all.forEach((one) => one.setAttribute('open', '')));
    const id = decodeURIComponent((await link.getAttribute('href'))?.split('#')[1] ?? '');
    await link.click();
    await tab.locator(`[id="${id}"] .schema`).first().waitFor();
    expect(new URL(tab.url()).search).toBe('');
  });

  test('shows the sample of the language that is picked, now and on the next page', async () => {
    const tab = await browsing.newPage();
    await tab.goto(`${portal.portalUrl}/docs/parcels/v2/create-parcel`);
    await tab.getByLabel('Python', { exact: true }).check();
    expect(await tab.locator('#sample-python').isVisible()).toBe(true);
    expect(await tab.locator('#sample-curl').isVisible()).toBe(false);
    await tab.goto(`${portal.portalUrl}/docs/parcels/v2/get-parcel`);
    expect(await tab.locator('#sample-python').isVisible()).toBe(true);
  });

  test('lays out of a long answer what is near, the rest when it comes near, and finds any part by its address', async () => {
    const tab = await browsing.newPage();
    const isLaidOut = (name: string): Promise<boolean> =>
      tab.locator(`[id="status-200.${name}"] .schema-line`).evaluate((one) => {
        return one.checkVisibility({ contentVisibilityAuto: true });
      });
    await tab.goto(`${portal.portalUrl}/docs/long/v1/read-all`);
    await expect.poll(() => isLaidOut('part_0')).toBe(true);
    expect(await isLaidOut('part_119')).toBe(false);
    await tab.locator('.site-footer').scrollIntoViewIfNeeded();
    await expect.poll(() => isLaidOut('part_119')).toBe(true);

    await tab.goto(`${portal.portalUrl}/docs/long/v1/read-all#status-200.part_100`);
    const named = tab.locator('[id="status-200.part_100"]');
    await expect.poll(async () => ((await named.boundingBox())?.y ?? -1) > 0).toBe(true);
    expect((await named.boundingBox())?.y).toBeLessThan(tab.viewportSize()?.height ?? 0);
  });

  test('comes whole to a guest from another site, and nothing moves while it arrives', async () => {
    const line = await startSlowLine(portal.portalUrl);
    const tab = await browsing.newPage();
    const asked: string[] = [];
    tab.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await tab.addInitScript(() => {
      const shifts: number[] = [];
      Object.assign(globalThis, { shifts });
      new PerformanceObserver((list) => shifts.push(...list.getEntries().map(({ startTime }) => startTime))).observe({
        type: 'layout-shift',
        buffered: true,
      });
    });
    const address = '/docs/parcels/v2/create-parcel';
    const isLookedFor = (path: string): boolean => /\.(css|woff2)$/.test(path);

    await tab.goto(line.url + address);
    expect(await tab.evaluate('[document.styleSheets.length, shifts]')).toEqual([1, []]);
    expect(asked.filter(isLookedFor)).toEqual([]);

    await tab.goto(portal.portalUrl + address);
    expect(asked.filter(isLookedFor).length).toBeGreaterThanOrEqual(3);
    line.close();
  });
});

/** The portal as a reader has it who follows a link of another site on a slow line: pages come part by part. */
async function startSlowLine(portalUrl: string): Promise<{ url: string; close: () => void }> {
  const server = createServer((asked, answer) => void passOn(asked, answer));
  const passOn = async ({ url = '' }: IncomingMessage, answer: ServerResponse): Promise<void> => {
    const response = await fetch(portalUrl + url, { headers: { 'Sec-Fetch-Site': 'cross-site' } });
    const names = ['content-type', 'content-security-policy'];
    answer.writeHead(
      response.status,
      Object.fromEntries(names.map((name) => [name, response.headers.get(name) ?? ''])),
    );
    for (const part of (await response.text()).split(
      /(?=<(?:main|article|section|aside|footer|div class="reference))/,
    )) {
      answer.write(part);
      await pause(50);
    }
    answer.end();
  };
  return listenOnFreePort(server);
}

/** One operation that answers an object of 120 properties. */
function addLongAnswer(content: string): void {
  const properties = Array.from({ length: 120 }, (_, index): [string, object] => [
    `part_${index}`,
    { type: 'string', description: 'A part.' },
  ]);
  const schema = { type: 'object', properties: Object.fromEntries(properties) };
  const responses = { 200: { description: 'All.', content: { 'application/json': { schema } } } };
  const document = {
    openapi: '3.1.0',
    info: { title: 'Long', version: '1' },
    paths: { '/all': { get: { operationId: 'read-all', summary: 'Read all', responses } } },
  };
  const folder = join(content, 'apis/long');
  mkdirSync(join(folder, 'v1'), { recursive: true });
  const versions = 'versions:\n  v1: { lifecycle: active, upstream: http://127.0.0.1:9 }\n';
  writeFileSync(join(folder, 'api.yaml'), `title: Long\nsummary: Says much.\n${versions}`);
  writeFileSync(join(folder, 'v1/openapi.json'), JSON.stringify(document));
}
