import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { passwordStrength } from '../../src/ui/accounts/password-strength.ts';
import { useBrowser } from '../support/browser.ts';
import { type PortalProcess, startPortalProcess } from '../support/portal-process.ts';
import { describeWithPrograms } from '../support/with-programs.ts';

const ADVICE = 'characters. A sentence or a few unrelated words work well.';
const REPEATS = 'Long enough, but it repeats itself. Use a few unrelated words.';
const ENOUGH = 'Long enough. A few more characters or another word make it strong.';
const STRONG = 'Strong, unless it is a saying that others know or a line of a song.';
const HINT = 'Use 15 characters or more. A sentence or a few unrelated words work well.';

describe('what a password is worth', () => {
  test.each([
    ['', 15, ''],
    ['short', 15, `5 of 15 ${ADVICE}`],
    ['seven 🐑 sheep', 15, `13 of 15 ${ADVICE}`],
    ['aaaaaaaaaaaaaaaa', 15, REPEATS],
    ['abcabcabcabcabcabc', 15, REPEATS],
    ['sixteen letters!', 15, ENOUGH],
    ['seven herons cross the estuary', 15, STRONG],
    ['eight ch', 8, ENOUGH],
  ])('%j of %i: %j', (password, minLength, said) => {
    expect(passwordStrength(password, minLength)).toBe(said);
    expect(said.length).toBeLessThan(HINT.length);
  });
});

describeWithPrograms('the hint of a new password', ['chromium'], () => {
  const browsing = useBrowser();
  let portal: PortalProcess;
  beforeAll(async () => {
    portal = await startPortalProcess();
  });
  afterAll(() => portal.stop());

  test.each([1280, 390])('follows what is typed, and nothing moves, at %i pixels', async (width) => {
    const page = await browsing.newPage({ viewport: { width, height: 800 } });
    await page.goto(`${portal.portalUrl}/sign-up`);
    await page.waitForFunction(() => customElements.get('password-strength') !== undefined);
    const hint = page.locator('#password-hint');
    const place = async () => (await page.locator('#password').boundingBox())?.y;
    const before = await place();
    await expect.poll(async () => (await hint.textContent())?.trim()).toBe(HINT);
    for (const [typed, said] of [
      ['seven', `5 of 15 ${ADVICE}`],
      ['seven herons cross the estuary', STRONG],
    ] as const) {
      await page.fill('#password', typed);
      await expect.poll(() => hint.textContent()).toBe(said);
      expect(await place()).toBe(before);
    }
    await page.fill('#password', '');
    await expect.poll(async () => (await hint.textContent())?.trim()).toBe(HINT);
    expect(await place()).toBe(before);
  });

  test('stands there without JavaScript', async () => {
    const page = await browsing.newPage({ javaScriptEnabled: false });
    await page.goto(`${portal.portalUrl}/sign-up`);
    expect((await page.locator('#password-hint').textContent())?.trim()).toBe(HINT);
  });
});
