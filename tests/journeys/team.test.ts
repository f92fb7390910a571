import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { useBrowser } from '../support/browser.ts';
import { type MailServer, startMailServer } from '../support/mail-server.ts';
import { type PortalProcess, startPortalProcess } from '../support/portal-process.ts';
import { describeWithPrograms } from '../support/with-programs.ts';

const NORA = 'nora@northwind.example';
const VERA = 'vera@northwind.example';
const PASSWORD = 'nine green bottles hanging';

describeWithPrograms('a team, from the invitation to the last admin', ['chromium'], () => {
  const browsing = useBrowser();
  let mails: MailServer;
  let portal: PortalProcess;

  beforeAll(async () => {
    mails = await startMailServer();
    portal = await startPortalProcess({ SMTP_URL: mails.url });
  });
  afterAll(async () => {
    await portal.stop();
    await mails.stop();
  });

  test('an admin invites, the invited joins as viewer, is promoted, and moves an application', async () => {
    browsing.expectProblem(/status of (403|422)/);
    const nora = await browsing.newPage();
    const vera = await browsing.newPage();
    await nora.goto(`${portal.portalUrl}/sign-up`);
    await signUpAndIn(nora, NORA, `${portal.portalUrl}/home`);
    await confirmAddress(nora, NORA);
    const applicationUrl = await createApplication(nora);
    const teamUrl = await invite(nora);

    await acceptInvitation(vera, teamUrl);
    await seesAndChangesNothing(vera, applicationUrl);
    await promote(nora, teamUrl);
    await movesApplication(vera, applicationUrl);
    await lastAdminStays(nora, teamUrl);
  }, 120_000);

  /** From the page where one signs up to the one where the sign-in leads. */
  async function signUpAndIn(page: Page, email: string, leadsTo: string): Promise<void> {
    await page.getByRole('heading', { name: 'Sign up' }).waitFor();
    await fillIn(page, email);
    await page.getByRole('button', { name: 'Create account' }).click();
    await page.getByRole('heading', { name: 'Check your mail' }).waitFor();
    await page.getByRole('main').getByRole('link', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await fillIn(page, email);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.waitForURL(leadsTo);
  }

  async function fillIn(page: Page, email: string): Promise<void> {
    await page.getByLabel('E-mail address').fill(email);
    await page.getByLabel('Password').fill(PASSWORD);
  }

  async function confirmAddress(page: Page, email: string): Promise<void> {
    await page.goto(await mails.linkTo(email, 'Verify your e-mail address'));
    await page.getByRole('button', { name: 'Confirm' }).click();
    await page.getByRole('heading', { name: 'Address confirmed' }).waitFor();
  }

  async function createApplication(page: Page): Promise<string> {
    await page.goto(`${portal.portalUrl}/applications/new`);
    await page.getByLabel('Name').fill('Web shop');
    await page.getByRole('button', { name: 'Create application' }).click();
    await page.getByRole('heading', { name: 'Web shop' }).waitFor();
    return page.url();
  }

  async function invite(page: Page): Promise<string> {
    await page.goto(`${portal.portalUrl}/teams`);
    await page.getByRole('main').getByRole('link', { name: 'nora', exact: true }).click();
    await page.getByRole('heading', { name: 'nora', exact: true }).waitFor();
    const teamUrl = page.url();
    await page.getByRole('link', { name: 'Invite' }).click();
    await page.getByLabel('E-mail address').fill(VERA);
    await page.getByRole('button', { name: 'Send invitation' }).click();
    await page.getByRole('rowheader', { name: VERA }).waitFor();
    return teamUrl;
  }

  async function acceptInvitation(page: Page, teamUrl: string): Promise<void> {
    const link = await mails.linkTo(VERA, 'Invitation to a team');
    await page.goto(link);
    await page.getByText('invites you to join nora as viewer').waitFor();
    await page.getByRole('main').getByRole('link', { name: 'Sign up' }).click();
    await signUpAndIn(page, VERA, link);
    await page.getByRole('button', { name: 'Accept' }).click();
    await page.waitForURL(teamUrl);
    await page.getByText('You are viewer in this team.').waitFor();
    expect((await mails.mailTo(NORA, `${VERA} joined nora`)).text).toContain('viewer');
  }

  async function seesAndChangesNothing(page: Page, applicationUrl: string): Promise<void> {
    await page.goto(applicationUrl);
    await page.getByRole('heading', { name: 'Web shop' }).waitFor();
    expect(await page.getByRole('link', { name: /Issue|Move/ }).count()).toBe(0);
    expect(await page.getByRole('main').getByRole('button').allTextContents()).toEqual(
      (await page.getByRole('main').getByRole('button').allTextContents()).filter((name) => /copy/i.test(name)),
    );
    await page.goto(`${applicationUrl}/keys/new`);
    await page.getByRole('heading', { name: 'Your role in this team does not allow it.' }).waitFor();
    const posted = await page.request.post(`${applicationUrl}/keys`, {
      headers: { Origin: portal.portalUrl },
      form: { name: 'CI', environment: 'test', expiry: '90', allowlist: '', requestId: 'a'.repeat(24) },
    });
    expect(posted.status()).toBe(403);
    expect(await posted.text()).toContain('You are a viewer in this team');
  }

  async function promote(page: Page, teamUrl: string): Promise<void> {
    await page.goto(teamUrl);
    await page.getByRole('link', { name: `Role of ${VERA}` }).click();
    await page.getByLabel('Manager').check();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.waitForURL(teamUrl);
    await page.getByRole('row', { name: new RegExp(`${VERA}.*manager`) }).waitFor();
    await mails.mailTo(VERA, 'You are manager of nora now');
  }

  async function movesApplication(page: Page, applicationUrl: string): Promise<void> {
    await page.goto(applicationUrl);
    await page.getByRole('link', { name: 'Move' }).click();
    await page.getByLabel('To the team').selectOption({ label: 'vera' });
    await page.getByRole('button', { name: 'Move application' }).click();
    await page.waitForURL(applicationUrl);
    await page.getByRole('main').getByRole('link', { name: 'vera', exact: true }).waitFor();
  }

  async function lastAdminStays(page: Page, teamUrl: string): Promise<void> {
    await page.goto(`${teamUrl}/departure`);
    await page.getByRole('button', { name: 'Leave the team' }).click();
    await page.waitForSelector('[role=alert]:focus');
    expect(await page.getByRole('alert').textContent()).toContain('only admin');
  }
});
