import { afterAll, beforeAll, expect, test, vi } from 'vitest';

import { type PortalProcess, startPortalProcess } from '../support/portal-process.ts';
import {
  type Page,
  type Visitor,
  issueKey,
  newApplication,
  ownerVisitor,
  signedInVisitor,
  tokenIn,
} from './visitor.ts';

let portal: PortalProcess;
let owner: Visitor;
let person: Visitor;
let application: string;
let keyPath: string;

beforeAll(async () => {
  portal = await startPortalProcess();
  owner = await ownerVisitor(portal);
  person = await signedInVisitor(portal.portalUrl);
  application = await newApplication(person, 'Web shop');
  await person.post(`${application}/subscriptions`, { apiSlug: 'parcels', planSlug: 'free' });
  const key = tokenIn(await issueKey(person, application, { name: '=Nightly' })) ?? '';
  const page = await person.get(application);
  keyPath = page.all(`a[href^="${application}/keys/key_"]`)[0]?.getAttribute('href') ?? '';
  for (const path of ['services', 'services', 'nothing']) {
    const headers = { authorization: `Bearer ${key}` };
    await (await fetch(`${portal.gatewayUrl}/parcels/v2/${path}`, { headers })).text();
  }
  const seen = async (): Promise<void> =>
    expect((await person.get(`${application}/usage`)).text('.figures')).toContain('allowed2');
  await vi.waitFor(seen, { timeout: 60_000, interval: 100 });
});
afterAll(() => portal.stop());

const cells = (page: Page, selector: string): string =>
  page
    .all(selector)
    .map(({ textContent }) => textContent.replaceAll(/\s+/g, ' ').trim())
    .join(' ');

test.each(['24h', '7d', '30d', '90d', '13m'])(
  'calls, answers and latencies of %s are shown, and as numbers',
  async (range) => {
    const page = await person.get(`${application}/usage?range=${range}`);
    expect(page.status).toBe(200);
    expect(page.text('.figures')).toContain('refused1');
    expect(page.text('.segments [aria-current=true]')).toBe(range.replace(/([a-z])$/, ' $1'));
    expect(page.all('figure.chart svg')).toHaveLength(3);
    expect(cells(page, 'details tbody tr:first-child td')).toMatch(/^2 1 2 0 0 0 \d+ ms \d+ ms$/);
    expect(page.text('main')).toContain('unknown_operation');
  },
);

test('a range that there is not is the usual one', async () => {
  const page = await person.get(`${application}/usage?range=forever`);
  expect(page.text('.segments [aria-current=true]')).toBe('30 d');
});

test('a key has its own page with the addresses that used it', async () => {
  const page = await person.get(`${keyPath}/usage`);
  expect(page.text('.figures')).toContain('allowed2');
  expect(page.text('#addresses')).toBe('Addresses');
  expect(cells(page, '[aria-labelledby=addresses] tbody tr > *')).toBe('127.0.0.1 just now just now 3');
});

test('numbers are there as CSV that no spreadsheet computes', async () => {
  const slots = await person.get(`${application}/usage.csv?range=7d`);
  expect(slots.headers.get('content-type')).toMatch(/^text\/csv; charset=utf-8/);
  expect(slots.headers.get('content-disposition')).toMatch(/^attachment; filename="usage-app_\w+-7d\.csv"$/);
  expect(slots.headers.get('cache-control')).toContain('no-store');
  const lines = slots.html.trim().split('\r\n');
  expect(lines).toHaveLength(8);
  expect(lines.at(-1)).toMatch(/^\d{4}-\d\d-\d\dT00:00:00\.000Z,2,1,2,0,0,0,0,\d+,\d+$/);
  const keys = await person.get(`${application}/usage.csv?of=keys`);
  expect(keys.html).toContain(`,"'=Nightly",2,1,`);
  const operations = await person.get(`${keyPath}/usage.csv?of=operations`);
  expect(operations.html).toContain('\r\nparcels,v2,listServices,2,0,2,');
  const addresses = await person.get(`${keyPath}/usage.csv?of=addresses`);
  expect(addresses.html).toMatch(/\r\n127\.0\.0\.1,\S+Z,\S+Z,3\r\n$/);
});

test('owners see an API over all applications, and nobody else does', async () => {
  expect(cells(await owner.get('/owner/usage'), 'tbody td')).toContain('2 1 0.0 %');
  const page = await owner.get('/owner/usage/parcels?range=24h');
  expect(page.text('.figures')).toContain('allowed2');
  expect((await owner.get('/owner/usage/parcels.csv?of=operations')).html).toContain(
    '\r\nparcels,v2,listServices,2,0,2,',
  );
  for (const path of ['/owner/usage', '/owner/usage/parcels', '/owner/usage/parcels.csv'])
    expect((await person.get(path)).status).toBe(404);
  expect((await owner.get('/owner/usage/nothing')).status).toBe(404);
});

test('what belongs to another team is not there', async () => {
  const stranger = await signedInVisitor(portal.portalUrl);
  for (const path of [`${application}/usage`, `${application}/usage.csv`, `${keyPath}/usage`, `${keyPath}/usage.csv`])
    expect((await stranger.get(path)).status).toBe(404);
});

test('an application that is silent says so', async () => {
  const silent = await newApplication(person, 'Silent');
  expect((await person.get(`${silent}/usage`)).text('.empty-title')).toBe('No call in the last 30 days');
});

test('answers name the request, and metrics are not there without a token', async () => {
  const page = await person.get('/home');
  expect(page.headers.get('x-request-id')).toMatch(/^[A-Za-z0-9]{12}-[0-9a-z]+$/);
  expect((await person.get('/metrics')).status).toBe(404);
  expect(JSON.parse((await person.get('/healthz')).html)).toMatchObject({ status: 'ok', reasons: [] });
});
