import { existsSync } from 'node:fs';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { type PortalProcess, startPortalProcess } from './portal-process.ts';

let portal: PortalProcess;
beforeAll(async () => {
  portal = await startPortalProcess();
});
afterAll(() => portal.stop());

test('portal and verifier say that they are well', async () => {
  for (const url of [portal.portalUrl, portal.verifierUrl]) {
    const response = await fetch(`${url}/healthz`);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ status: 'ok' });
  }
});

test('the link for the first owner leads to this portal', () => {
  expect(portal.firstOwnerUrl).toMatch(`${portal.portalUrl}/`);
});

test('it ends cleanly when asked to, and leaves nothing behind', async () => {
  expect(await portal.stop()).toBe(0);
  expect(existsSync(portal.dataDir)).toBe(false);
  await expect(fetch(portal.gatewayUrl)).rejects.toThrow();
});
