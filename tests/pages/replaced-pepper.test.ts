import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, expect, test, vi } from 'vitest';

import { type PortalProcess, startPortalProcess } from '../support/portal-process.ts';
import { freePorts } from '../support/servers.ts';
import { issueKey, newApplication, ownerVisitor, signedInVisitor, tokenIn } from './visitor.ts';

const [FIRST, SECOND, THIRD] = ['first', 'second', 'third'].map(
  (name) => `${name}-key-pepper-of-32-characters-or-more`,
);
const dataDir = mkdtempSync(join(tmpdir(), 'gatehouse-pepper-'));
const STARTS = { timeout: 120_000 };

let portal: PortalProcess | null = null;
let port = 0;
afterAll(async () => {
  await portal?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

/** Ends the product, where it runs, and starts it on the same data with these secrets. */
async function restart(secrets: Record<string, string>): Promise<PortalProcess> {
  await portal?.stop();
  if (port === 0) [port = 0] = await freePorts(1);
  portal = await startPortalProcess({ DATA_DIR: dataDir, PORT: String(port), LOG_LEVEL: 'warn', ...secrets });
  return portal;
}

const call = async ({ gatewayUrl }: PortalProcess, token: string): Promise<number> =>
  (await fetch(`${gatewayUrl}/parcels/v2/parcels`, { headers: { authorization: `Bearer ${token}` } })).status;

test(
  'KEY_PEPPER is replaced as the guide says: no key is refused, and owners see when the old one can go',
  STARTS,
  async () => {
    const first = await restart({ KEY_PEPPER: FIRST ?? '' });
    const address = `http://127.0.0.1:${port}`;
    const owner = await ownerVisitor({ portalUrl: address, firstOwnerUrl: first.firstOwnerUrl });
    const person = await signedInVisitor(address);
    const application = await newApplication(person, 'Night shift');
    await person.post(`${application}/subscriptions`, { apiSlug: 'parcels', planSlug: 'free' });
    const issue = async (): Promise<string> => tokenIn(await issueKey(person, application, {})) ?? '';
    const [busy, idle] = [await issue(), await issue()];
    const keysPage = async (): Promise<string> => (await owner.get('/owner/keys')).html;
    expect(await call(first, busy)).toBe(200);
    expect(await keysPage()).not.toContain('KEY_PEPPER');

    const both = await restart({ KEY_PEPPER: SECOND ?? '', KEY_PEPPER_PREVIOUS: FIRST ?? '' });
    expect(await keysPage()).toMatch(/2 keys\s+wait under the previous one/);
    expect((await person.get('/owner/keys')).html).not.toContain('KEY_PEPPER');
    expect([await call(both, busy), await call(both, idle), await call(both, await issue())]).toEqual([200, 200, 200]);
    await vi.waitFor(async () => expect(await keysPage()).toContain('KEY_PEPPER_PREVIOUS can go'), {
      timeout: 60_000,
      interval: 500,
    });

    const replaced = await restart({ KEY_PEPPER: SECOND ?? '' });
    expect([await call(replaced, busy), await call(replaced, idle)]).toEqual([200, 200]);
    expect(await keysPage()).not.toContain('KEY_PEPPER');

    const mistaken = await restart({ KEY_PEPPER: THIRD ?? '' });
    expect(await call(mistaken, busy)).toBe(401);
    expect(await keysPage()).toContain('3 keys cannot be used');
    expect(mistaken.output()).toContain('keys were issued under another KEY_PEPPER');
  },
);
