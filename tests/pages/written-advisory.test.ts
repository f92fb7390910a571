import { afterAll, beforeAll, expect, test, vi } from 'vitest';

import { type Newsstand, type Reader, openNewsstand } from './newsstand.ts';
import { type Visitor, createVisitor } from './visitor.ts';

const LONG = { timeout: 120_000 };
const WAIT = { timeout: 60_000, interval: 250 };
const TITLE = 'Shipments leak addresses';
const written = {
  ...{ kind: 'advisory', title: TITLE, summary: 'Ask for shipments anew.', text: 'A cache kept wuthering heights.' },
  ...{ severity: 'high', fixed_in: '', cvss: '', cwe: '', workaround: '', ids: '', credit: '' },
  ...{ api: 'parcels', version: 'parcels/v1', 'operations-parcels': '', 'keys-parcels': '' },
  ...{ revision: '0', action: 'save' },
};

let stand: Newsstand;
let owner: Visitor;
let [nora, omar]: Reader[] = [];
beforeAll(async () => {
  stand = await openNewsstand();
  owner = await stand.owner();
  nora = await stand.consumerCalling('v1', 2);
  omar = await stand.consumerCalling('v2', 2);
}, 120_000);
afterAll(() => stand.stop());

const onHome = async (person: Reader | undefined): Promise<string[]> =>
  person ? (await person.get('/home')).all('.own-notice h3').map((heading) => heading.textContent.trim()) : [];

test('an advisory that an owner writes goes the whole way: told, found, acknowledged, reminded of', LONG, async () => {
  const draft = (await owner.post('/owner/notices/new', written)).location ?? '';
  expect((await owner.get(draft)).text('main')).toContain('Reaches 1 key of 1 team; 1 of them called it 2 times');
  await owner.post(`${draft}/publication`, { revision: '1', publishAt: '' });
  const link = (await owner.get(draft)).all('a').find((found) => found.textContent.trim() === 'As readers see it');
  const page = link?.getAttribute('href') ?? '';

  expect(await stand.mailed(nora?.email ?? '', new RegExp(`(${TITLE})`))).not.toBe('');
  expect((await stand.mailsTo(omar?.email ?? '')).filter((text) => text.includes(TITLE))).toEqual([]);
  const found = async (): Promise<string[]> =>
    (await createVisitor(stand.portal.portalUrl).get('/search?q=wuthering'))
      .all('main a')
      .map((result) => result.getAttribute('href') ?? '');
  await vi.waitFor(async () => expect(await found()).toContain(page), WAIT);

  await vi.waitFor(async () => expect(await onHome(nora)).toContain(TITLE), WAIT);
  expect(await onHome(omar)).not.toContain(TITLE);
  const table = page.replace('/notices/', '/owner/notices/');
  expect((await owner.get(table)).all('td[data-label=Acknowledged] time')).toHaveLength(0);
  const reminded = await owner.post(`${table}/reminder`);
  expect([reminded.status, reminded.location]).toEqual([303, table]);
  expect(await stand.mailed(nora?.email ?? '', new RegExp(`(Reminder: ${TITLE})`))).not.toBe('');

  await nora?.post(`${page}/acknowledgement`, { from: 'home' });
  expect(await onHome(nora)).not.toContain(TITLE);
  expect((await owner.get(table)).all('td[data-label=Acknowledged] time')).toHaveLength(1);

  await owner.post(`${draft}/withdrawal`, { revision: '2', reason: 'It was another API.' });
  await vi.waitFor(async () => expect(await found()).not.toContain(page), WAIT);
});
