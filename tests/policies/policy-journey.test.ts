import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type Item, type Token, parseList } from 'structured-headers';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { type CallAnswer, call } from '../gateway/call.ts';
import { type GatewayProgram, startNginx } from '../gateways/programs.ts';
import { useBrowser } from '../support/browser.ts';
import { type PortalProcess, startPortalProcess } from '../support/portal-process.ts';
import { describeWithPrograms } from '../support/with-programs.ts';
import { GATEWAY_SECRET } from '../verify/world.ts';
import { DEVELOPER, OWNER, becomeOwner, issueKey, signUp } from './journey-people.ts';

const TITLE = 'Keys need an IP allowlist';

describeWithPrograms('a security policy, from draft to enforced and back, behind nginx', ['chromium', 'nginx'], () => {
  const browsing = useBrowser();
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-policy-'));
  let portal: PortalProcess;
  let nginx: GatewayProgram;

  beforeAll(async () => {
    portal = await startPortalProcess({ GATEWAY_SECRET });
    nginx = await startNginx(folder, { verifierPort: portal.verifierPort, upstreamPort: portal.servicePort });
  });
  afterAll(async () => {
    await nginx.stop();
    await portal.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('every count is the number of calls that were made, and no call is refused before its time', async () => {
    const developer = await browsing.newPage({ permissions: ['clipboard-read', 'clipboard-write'] });
    await signUp(portal, developer);
    const open = await issueKey(portal, developer, 'Build server', '');
    const narrow = await issueKey(portal, developer, 'Checkout', '127.0.0.0/8');
    expect(await callTimes(7, open)).toEqual({ 200: 7 });
    expect(await callTimes(5, narrow)).toEqual({ 200: 5 });

    const owner = await browsing.newPage();
    await becomeOwner(portal, owner);
    await draft(owner);
    await expectText(owner, 'would refuse 7 calls of 1 key of 1 team, 58.3 % of the 12 calls that it is about');
    await developer.goto(`${portal.portalUrl}/policies`);
    await developer.getByText('No policy was announced').waitFor();

    await owner.getByRole('button', { name: 'Announce now' }).click();
    await mailSays(owner, 'is against it');
    await developer.goto(`${portal.portalUrl}/home`);
    await developer.getByText(`1 key breaks the policy "${TITLE}"`).waitFor();

    await owner.goto(policyPage);
    await owner.getByRole('button', { name: 'Observe now' }).click();
    await settled();
    expect(await callTimes(4, open)).toEqual({ 200: 4 });
    expect(await callTimes(2, narrow)).toEqual({ 200: 2 });
    await expectText(owner, 'would refuse 11 calls of 1 key of 1 team');
    await expectCounted(owner, [['passed, counted', '4']]);

    await owner.getByRole('button', { name: 'Warn now' }).click();
    await settled();
    const warned = await ask(open);
    expect(warned.status).toBe(200);
    const [[name, parameters]] = parseList(String(warned.headers['gatehouse-policy-warning'])) as [Item];
    expect([name, (parameters.get('rule') as Token).toString(), parameters.get('about')]).toEqual([
      'keys-need-an-ip-allowlist',
      'allowlist_required',
      `${portal.portalUrl}/policies/keys-need-an-ip-allowlist`,
    ]);
    expect((await ask(narrow)).headers['gatehouse-policy-warning']).toBeUndefined();
    await expectCounted(owner, [
      ['passed, counted', '4'],
      ['passed, warned', '1'],
    ]);

    await owner.getByRole('button', { name: 'Enforce now' }).click();
    await settled();
    expect(await callTimes(3, open)).toEqual({ 403: 3 });
    expect(await callTimes(2, narrow)).toEqual({ 200: 2 });
    const { status, headers, ...refused } = await ask(open);
    expect([status, headers['content-type']]).toEqual([403, 'application/problem+json']);
    expect(refused.json()).toMatchObject({
      code: 'policy_violated',
      policy: 'keys-need-an-ip-allowlist',
      rule: 'allowlist_required',
      page: `${portal.portalUrl}/policies/keys-need-an-ip-allowlist`,
      detail: `This key has no IP allowlist, which the security policy "${TITLE}" forbids. Give the key an IP allowlist on its page. The page of the policy says what it asks for, and why.`,
    });
    await expectCounted(owner, [
      ['passed, counted', '4'],
      ['passed, warned', '1'],
      ['refused', '4'],
    ]);

    await owner.getByRole('button', { name: 'Back to observed' }).click();
    await settled();
    expect(await callTimes(2, open)).toEqual({ 200: 2 });

    await restrict(developer);
    await developer.getByText('Nothing to do').waitFor();
    await expectText(owner, 'would refuse nothing');
    const team = owner.getByRole('region', { name: 'Teams' }).getByRole('row').nth(1).getByRole('cell');
    expect((await team.allTextContents()).slice(1).map((text) => text.trim())).toEqual(['1', '1', '0', '0']);
    await owner.getByRole('button', { name: 'Enforce now' }).click();
    await settled();
    expect(await callTimes(3, open)).toEqual({ 200: 3 });
  }, 120_000);

  let policyPage = '';
  const ask = (token: string): Promise<CallAnswer> =>
    call(nginx.port, { path: '/parcels/v2/services', headers: { Authorization: `Bearer ${token}` } });

  async function callTimes(times: number, token: string): Promise<Record<number, number>> {
    const statuses: Record<number, number> = {};
    for (let made = 0; made < times; made += 1) {
      const { status } = await ask(token);
      statuses[status] = (statuses[status] ?? 0) + 1;
    }
    return statuses;
  }

  /** A verifier looks for changes of policies every second. */
  async function settled(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    setTimeout(() => resolve(undefined), 1300);
    await promise;
  }

  /** Counts are written every second. */
  async function expectText(page: Page, text: string): Promise<void> {
    await expect
      .poll(
        async () => {
          await page.goto(policyPage);
          return (await page.getByRole('region', { name: 'Whom it would hit' }).textContent())?.replaceAll(/\s+/g, ' ');
        },
        { interval: 300 },
      )
      .toContain(text);
  }

  async function expectCounted(page: Page, rows: readonly (readonly [string, string])[]): Promise<void> {
    const read = async (): Promise<unknown> => {
      await page.goto(policyPage);
      const cells = page.getByRole('region', { name: 'Counted by the verifier' }).locator('tbody tr');
      const found = await Promise.all((await cells.all()).map((row) => row.getByRole('cell').allTextContents()));
      return found.map(([, what = '', calls = '']) => [what.trim(), calls.trim()]).sort();
    };
    await expect.poll(read, { interval: 300 }).toEqual([...rows].sort());
  }

  async function draft(page: Page): Promise<void> {
    await page.goto(`${portal.portalUrl}/owner/policies`);
    await page.getByRole('link', { name: 'New policy' }).first().click();
    await page.getByLabel('Title').fill(TITLE);
    await page.getByLabel('Why').fill('Two keys were found in public repositories this year.');
    await page.getByLabel('Which calls').selectOption('parcels');
    await page.getByLabel('IP allowlist required').check();
    await page.getByRole('button', { name: /^Save draft/ }).click();
    await page.getByRole('heading', { name: 'Whom it would hit' }).waitFor();
    policyPage = page.url();
  }

  async function mailSays(page: Page, text: string): Promise<void> {
    const read = async (): Promise<string> => {
      await page.goto(`${portal.portalUrl}/dev/mail`);
      return (await page.locator('article', { hasText: TITLE }).allTextContents()).join('\n');
    };
    await expect.poll(read).toContain(text);
    expect(await read()).toContain(DEVELOPER);
    expect(await read()).not.toContain(OWNER);
  }

  /** By the way that the page of the policy shows. */
  async function restrict(page: Page): Promise<void> {
    await page.goto(`${portal.portalUrl}/policies/keys-need-an-ip-allowlist`);
    await page.getByRole('link', { name: 'Build server' }).click();
    await page.getByText(`This key breaks the policy "${TITLE}"`).waitFor();
    await page.locator('#allowlist').fill('127.0.0.0/8');
    await page
      .getByRole('button', { name: /allowlist/i })
      .first()
      .click();
    await page.waitForLoadState();
    await page.goto(`${portal.portalUrl}/policies/keys-need-an-ip-allowlist`);
  }
});
