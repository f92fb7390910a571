import { afterAll, beforeAll, expect, test } from 'vitest';

import { type PortalProcess, startPortalProcess } from '../support/portal-process.ts';
import { type Visitor, createVisitor, ownerVisitor } from './visitor.ts';

const VECTOR = 'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:N/VA:N/SC:N/SI:N/SA:N';
const KEY = 'key_0123456789abcdefghij';
const advisory = {
  ...{ kind: 'advisory', title: 'Links leak', summary: 'Make new links.', text: 'What happened.', severity: 'high' },
  ...{ fixed_in: 'v2.4', cvss: VECTOR, cwe: 'CWE-340: Predictable Numbers', workaround: '', ids: 'CVE-2026-12345' },
  ...{ credit: 'Ada', api: 'parcels', version: 'parcels/v2', 'operations-parcels': '', 'keys-parcels': KEY },
  ...{ revision: '0', action: 'save' },
};

let portal: PortalProcess;
let owner: Visitor;
let reader: Visitor;
/** Of the written notice: for owners, and for readers. */
let draft = '';
let page = '';
beforeAll(async () => {
  portal = await startPortalProcess();
  reader = createVisitor(portal.portalUrl);
  owner = await ownerVisitor(portal);
  draft = (await owner.post('/owner/notices/new', advisory)).location ?? '';
  expect((await owner.post(`${draft}/publication`, { revision: '1', publishAt: '' })).location).toBe(draft);
  const link = (await owner.get(draft)).all('a').find((found) => found.textContent.trim() === 'As readers see it');
  page = link?.getAttribute('href') ?? '';
});
afterAll(() => portal.stop());

test('an advisory that is written here stands in the list, the feeds, the catalogue of advisories and the API', async () => {
  expect(page).toMatch(/^\/notices\/\d{4}-\d{2}-\d{2}-links-leak$/);
  for (const path of [
    '/notices',
    '/notices?severity=high',
    '/notices/feed.atom',
    '/notices/feed.rss',
    '/notices/feed.json',
  ])
    expect((await reader.get(path)).html, path).toContain(page);
  expect((await reader.get('/.well-known/csaf/feed.json')).html).toContain(`${page}/csaf.json`);
  expect((await reader.get(`${page}/csaf.json`)).html).toContain(`${VECTOR} (8.7, high)`);
  const listed = await fetch(`${portal.portalUrl}/api/v1${page}`);
  expect(await listed.json()).toMatchObject({
    severity: 'high',
    cvss: { vector: VECTOR, score: 8.7 },
    affects: [{ api: 'parcels', versions: ['v2'], operations: [] }],
  });
});

test('which keys it names is shown to owners only', async () => {
  expect((await owner.get(`${draft}/edit`)).html).toContain(KEY);
  for (const path of [page, `${page}/history`, `${page}/csaf.json`, '/notices/feed.json', `/api/v1${page}`])
    expect((await reader.get(path)).html, path).not.toContain(KEY);
});

test('a correction says when and why on top, and its history what', async () => {
  const changed = { ...advisory, summary: 'Make new links today.', revision: '2' };
  await owner.post(`${draft}/edit`, changed);
  expect((await reader.get(page)).html).not.toContain('Make new links today.');
  await owner.post(`${draft}/correction`, { revision: '3', reason: 'It is urgent.', tell: 'no' });
  const corrected = await reader.get(page);
  expect(corrected.text('.callout')).toMatch(/^This notice was corrected ?Corrected on .+ UTC: It is urgent\./);
  const history = await reader.get(`${page}/history`);
  expect(history.all('ins').map((added) => added.textContent.trim())).toEqual(['today']);
  expect(history.all('h2').map((heading) => heading.textContent.trim().split(' ')[0])).toEqual([
    'Corrected',
    'Published',
  ]);
});

test('what was withdrawn is in no list, and its address says why', async () => {
  await owner.post(`${draft}/withdrawal`, { revision: '4', reason: 'It was another portal.' });
  for (const path of ['/notices', '/notices/feed.atom', '/.well-known/csaf/feed.json', '/api/v1/notices'])
    expect((await reader.get(path)).html, path).not.toContain(page);
  expect((await reader.get(`${page}/csaf.json`)).status).toBe(404);
  const withdrawn = await reader.get(page);
  expect(withdrawn.status).toBe(200);
  expect(withdrawn.html).toContain('It was another portal.');
});

test('a security policy that is announced stands in the list and in the feeds, a draft of one does not', async () => {
  const form = { title: 'Every key ends', reason: '', scope: '', environment: 'all', rule: 'basic_refused' };
  const policy = (await owner.post('/owner/policies/new', form)).location ?? '';
  expect((await reader.get('/notices')).html).not.toContain('Every key ends');
  await owner.post(`${policy}/stage`, { to: 'announced', revision: '1' });
  for (const path of ['/notices', '/notices?kind=policy', '/notices/feed.atom', '/notices/feed.json?kind=policy'])
    expect((await reader.get(path)).html, path).toContain('/policies/every-key-ends');
  expect((await reader.get('/notices?kind=advisory')).html).not.toContain('/policies/every-key-ends');
});

test('a comparison of two versions becomes a draft with one click, for owners alone', async () => {
  const versions = { api: 'parcels', from: 'v1', to: 'v2' };
  const made = await owner.post('/owner/notices/changes', versions);
  expect(made.location).toMatch(/^\/owner\/notices\/drafts\/ntc_\w+\/edit$/);
  const form = await owner.get(made.location ?? '');
  expect(form.all('input[name=version][checked]').map((box) => box.getAttribute('value'))).toEqual(['parcels/v1']);
  expect(form.text('textarea[name=text]')).toContain('changes from');
  expect((await reader.post('/owner/notices/changes', versions)).status).toBe(404);
});

test('the end of one operation is shown on its page, and on no other', async () => {
  const day = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 16);
  const ends = {
    ...{ kind: 'deprecation', title: 'Checking addresses ends', summary: 'Move on.', text: 'How.', revision: '0' },
    ...{ deprecated: day(-1), sunset: day(40), replacement: '', guide: '', action: 'save' },
    ...{ api: 'parcels', version: 'parcels/v2', 'operations-parcels': 'checkAddress', 'keys-parcels': '' },
  };
  const made = (await owner.post('/owner/notices/new', ends)).location ?? '';
  await owner.post(`${made}/publication`, { revision: '1', publishAt: '' });
  const operation = await reader.get('/docs/parcels/v2/check-address');
  expect(operation.text('.title-line')).toMatch(/deprecated/i);
  expect(operation.text('.callout')).toMatch(/This operation is deprecated: (39|40) days until its sunset\./);
  const notice = operation.all('.callout a').map((link) => link.getAttribute('href') ?? '')[0];
  expect((await reader.get(notice ?? '')).text('h1')).toBe('Checking addresses ends');
  const other = await reader.get('/docs/parcels/v2/list-parcels');
  expect(other.all('.callout')).toEqual([]);
  expect(other.text('main')).not.toContain('Checking addresses ends');
});
