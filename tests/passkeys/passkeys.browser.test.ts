import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';

import { mailedPath, mailedSubjects, tokenOf } from '../pages/mailbox.ts';
import { PASSWORD, signedInVisitor } from '../pages/visitor.ts';
import { useBrowser } from '../support/browser.ts';
import { type PortalProcess, startPortalProcess } from '../support/portal-process.ts';
import { freePorts } from '../support/servers.ts';
import { describeWithPrograms } from '../support/with-programs.ts';

const LONG = { timeout: 120_000 };
const standards = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

describeWithPrograms('passkeys in Chromium', ['chromium'], () => {
  const browsing = useBrowser();
  let portal: PortalProcess;
  let site: string;
  beforeAll(async () => {
    const [port = 0] = await freePorts(1);
    // Passkeys belong to a name: there are none at an IP address.
    site = `http://localhost:${port}`;
    portal = await startPortalProcess({ PORT: String(port), PUBLIC_URL: site });
  });
  afterAll(() => portal.stop());

  /** Somebody with a confirmed address, signed in in a browser that has an authenticator, or none. */
  async function person(viewport = { width: 1280, height: 800 }, hasAuthenticator = true) {
    const visitor = await signedInVisitor(site);
    const token = tokenOf(await mailedPath(site, visitor.email, '/verify-email?'));
    await visitor.post('/verify-email', { token });
    const page = await browsing.newPage({ viewport });
    await page.context().addCookies([...visitor.cookies].map(([name, value]) => ({ name, value, url: site })));
    const devices = await page.context().newCDPSession(page);
    await devices.send('WebAuthn.enable');
    const add = () =>
      devices.send('WebAuthn.addVirtualAuthenticator', {
        options: {
          protocol: 'ctap2',
          transport: 'internal',
          hasResidentKey: true,
          hasUserVerification: true,
          isUserVerified: true,
          automaticPresenceSimulation: true,
        },
      });
    if (hasAuthenticator) await add();
    return { ...visitor, page, devices };
  }

  async function addPasskey(page: Page, name: string): Promise<void> {
    await page.goto(`${site}/account/passkeys/new`);
    await page.fill('#name', name);
    await page.click('passkey-form button');
    await page.waitForURL('**/account/passkeys?done=added');
  }

  async function look(page: Page): Promise<string[]> {
    const { violations } = await new AxeBuilder({ page }).withTags(standards).analyze();
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    const faults = violations.map(({ id, nodes }) => `${page.url()}: ${id}: ${nodes[0]?.html.slice(0, 150) ?? ''}`);
    return overflow > 0 ? [...faults, `${page.url()}: ${overflow} pixels wider than the window`] : faults;
  }

  test(
    'a passkey is added, signs in without the password, is renamed and removed, and then signs in no more',
    LONG,
    async () => {
      browsing.expectProblem(/status of 422/);
      const { page, email } = await person();
      const faults: string[] = [];
      await page.goto(`${site}/account/passkeys`);
      faults.push(...(await look(page)));
      await addPasskey(page, 'Work laptop');
      faults.push(...(await look(page)));
      await vi.waitFor(
        async () => expect(await mailedSubjects(site, email)).toContain('A passkey was added to your account'),
        60_000,
      );

      await page.context().clearCookies();
      await page.goto(`${site}/sign-in?next=/account/passkeys`);
      faults.push(...(await look(page)));
      await page.click('passkey-form button');
      await page.waitForURL(`${site}/account/passkeys`);
      expect(await page.textContent('tbody th')).toContain('Work laptop');

      await page.click('text=Rename');
      await page.fill('#name', 'Desk');
      await page.click('main button.primary');
      await page.waitForURL(`${site}/account/passkeys`);
      await page.click('tbody a[href$=removal]');
      faults.push(...(await look(page)));
      await page.click('main button.danger');
      await page.waitForURL('**/account/passkeys?done=removed');
      await page.context().clearCookies();
      await page.goto(`${site}/sign-in`);
      await page.click('passkey-form button');
      await page.waitForURL('**/sign-in/passkey?next=*');
      expect(await page.textContent('[role=alert]')).toContain('This passkey was not accepted');
      faults.push(...(await look(page)));
      expect(faults).toEqual([]);
    },
  );

  test(
    'a passkey follows the password once that was chosen, and cannot be removed while it is needed',
    LONG,
    async () => {
      browsing.expectProblem(/status of 422/);
      const { page, email } = await person({ width: 390, height: 800 });
      const faults: string[] = [];
      await page.goto(`${site}/account/two-step`);
      expect(await page.textContent('main')).toContain('Add a passkey first');
      faults.push(...(await look(page)));
      await addPasskey(page, 'Phone');
      await page.goto(`${site}/account/two-step`);
      faults.push(...(await look(page)));
      await page.click('text=Use my passkeys');
      await page.waitForSelector('#recovery-codes');
      faults.push(...(await look(page)));
      await page.goto(`${site}/account`);
      expect(await page.textContent('main')).toContain('On: your passkeys, and 10 recovery codes left.');

      await page.goto(`${site}/account/passkeys`);
      await page.click('tbody a[href$=removal]');
      await page.click('main button.danger');
      expect(await page.textContent('[role=alert]')).toContain('Two-step sign-in needs it');

      await page.context().clearCookies();
      await page.goto(`${site}/sign-in?next=/account`);
      await page.fill('#email', email);
      await page.fill('#password', PASSWORD);
      await page.click('main form button.primary');
      await page.waitForURL('**/sign-in/code?next=*');
      expect(await page.isVisible('#code')).toBe(false);
      faults.push(...(await look(page)));
      await page.click('text=Use a recovery code');
      await page.waitForSelector('#code');
      await page.click('text=Use a passkey instead');
      await page.click('passkey-form button');
      await page.waitForURL(`${site}/account`);

      await page.click('text=Turn off two-step sign-in');
      await page.fill('#currentPassword', PASSWORD);
      expect(await page.isVisible('#code')).toBe(false);
      faults.push(...(await look(page)));
      await page.click('main button.danger');
      await page.waitForURL('**/account?done=two-step-off');
      expect(faults).toEqual([]);
    },
  );

  test(
    'one device has one passkey for an account; without any, and at a phone, the page says what is the matter',
    LONG,
    async () => {
      const { page } = await person({ width: 390, height: 800 });
      await addPasskey(page, 'Phone');
      expect(await look(page)).toEqual([]);
      await page.goto(`${site}/account/passkeys/new`);
      expect(await look(page)).toEqual([]);
      await page.click('passkey-form button');
      await expect
        .poll(() => page.textContent('passkey-form [role=status]'))
        .toContain('has a passkey for your account already');

      const stranger = await browsing.newPage();
      const devices = await stranger.context().newCDPSession(stranger);
      await devices.send('WebAuthn.enable');
      await devices.send('WebAuthn.addVirtualAuthenticator', {
        options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true },
      });
      await stranger.goto(`${site}/sign-in`);
      await stranger.click('passkey-form button');
      await expect.poll(() => stranger.textContent('passkey-form [role=status]')).toContain('No passkey was used');
    },
  );

  test(
    'A5: a passkey takes the place of the password where it is asked for again, and the session is a new one',
    LONG,
    async () => {
      const { page } = await person();
      await addPasskey(page, 'Work laptop');
      const before = (await page.context().cookies()).find(({ name }) => name === 'gatehouse')?.value;
      await page.goto(`${site}/sign-in/again?next=/account/two-step`);
      await page.click('passkey-form button');
      await page.waitForURL(`${site}/account/two-step`);
      const cookies = await page.context().cookies();
      const session = cookies.find(({ name }) => name === 'gatehouse');
      expect(session?.value).not.toBe(before);
      // The one of the device was brought along by this test.
      const given = cookies.filter(({ name }) => name !== 'gatehouse-device');
      expect(given.every(({ httpOnly }) => httpOnly)).toBe(true);
      expect(cookies.map(({ name }) => name)).not.toContain('gatehouse-passkey');
    },
  );

  test('without JavaScript the page says that passkeys need it, and the password signs in', LONG, async () => {
    browsing.expectProblem(/status of 422/);
    const { email } = await signedInVisitor(site);
    const page = await browsing.newPage({ javaScriptEnabled: false });
    await page.goto(`${site}/sign-in`);
    expect(await page.textContent('passkey-form noscript')).toContain('Passkeys need JavaScript');
    await page.click('passkey-form button');
    expect(await page.textContent('[role=alert]')).toContain('with JavaScript turned on');
    await page.click('main a.button');
    await page.fill('#email', email);
    await page.fill('#password', PASSWORD);
    await page.click('main button.primary');
    await page.waitForURL('**/home');
  });
});
