import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { type PortalProcess, startPortalProcess } from '../support/portal-process.ts';
import {
  type Visitor,
  createVisitor,
  issueKey,
  keyPathIn,
  newApplication,
  ownerVisitor,
  signedInVisitor,
} from './visitor.ts';

let portal: PortalProcess;
let owner: Visitor;
beforeAll(async () => {
  portal = await startPortalProcess();
  owner = await ownerVisitor(portal);
});
afterAll(() => portal.stop());

/** A person with a key that was renamed. */
async function withHistory(): Promise<{ person: Visitor & { email: string }; shop: string; key: string }> {
  const person = await signedInVisitor(portal.portalUrl);
  const shop = await newApplication(person);
  const key = keyPathIn(await issueKey(person, shop));
  await person.post(`${key}/name`, { name: '=HYPERLINK("x")' });
  return { person, shop, key };
}

describe('the audit log of a team', () => {
  test('shows what was done, to what, by whom and from where, with before and after', async () => {
    const { person } = await withHistory();
    const page = await person.get('/audit');
    const [row] = page.all('.audit tbody tr');
    expect(row?.textContent.replaceAll(/\s+/g, ' ')).toMatch(
      /Renamed to =HYPERLINK.*Details ?name ?Build →.*you ?from 127\.0\.0\.1/,
    );
    expect(page.all('.audit tbody tr')).toHaveLength(5);
  });

  test('is narrowed by what is chosen, keeps the choice, and says when nothing fits', async () => {
    const { person, shop } = await withHistory();
    const id = shop.replace('/applications/', '');
    const page = await person.get(`/audit?application=${id}&area=application`);
    expect(page.all('.audit tbody tr')).toHaveLength(1);
    expect(page.all('option[selected]').map((option) => option.getAttribute('value'))).toEqual(['application', id]);
    expect((await person.get('/audit?from=2999-01-01')).text('.empty')).toContain('No entry fits');
    const wrong = await person.get('/audit?from=soon');
    expect([wrong.status, wrong.text('#from-error')]).toEqual([422, 'Enter a day such as 2026-11-24.']);
  });

  test('goes on page by page', async () => {
    const { person, key } = await withHistory();
    for (let index = 0; index < 50; index += 1) await person.post(`${key}/name`, { name: `Name ${index}` });
    const first = await person.get('/audit');
    expect(first.all('.audit tbody tr')).toHaveLength(50);
    const next = first.all('a[rel=next]')[0]?.getAttribute('href') ?? '';
    const second = await person.get(next);
    expect(second.all('.audit tbody tr')).toHaveLength(5);
    expect(second.all('a[rel=next]')).toEqual([]);
  }, 120_000);

  test('is exported as CSV without formulas and as NDJSON; a broken filter exports nothing', async () => {
    const { person } = await withHistory();
    const csv = await person.get('/audit/export.csv');
    expect(csv.headers.get('content-disposition')).toMatch(/^attachment; filename="audit-log-\d{4}-\d\d-\d\d\.csv"$/);
    expect(csv.html).toContain(`"'=HYPERLINK(""x"")"`);
    const lines = (await person.get('/audit/export.ndjson?area=key')).html.trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { action: string }).action)).toEqual(['key.renamed', 'key.issued']);
    expect((await person.get('/audit/export.csv?from=soon')).status).toBe(422);
    expect((await person.get('/audit/export.xml')).status).toBe(404);
  });
});

describe('the audit log of owners', () => {
  test('has every team, and tells that the chain is intact', async () => {
    const { person } = await withHistory();
    const page = await owner.get('/owner/audit');
    expect(page.text('.audit tbody')).toContain(person.email);
    const chain = await owner.get('/owner/audit/chain');
    expect(chain.text('.callout.good')).toMatch(/Chain intact, \d+ entries ?Head ?[0-9a-f]{64}/);
    expect((await owner.get('/owner/audit/export.ndjson')).html).toMatch(/"sequence":1,"hash":"[0-9a-f]{64}"}\n$/);
  });

  test.each(['/owner/audit', '/owner/audit/chain', '/owner/audit/export.csv'])(
    '%s is for owners alone',
    async (path) => {
      const { person } = await withHistory();
      expect((await person.get(path)).status).toBe(404);
    },
  );
});

describe('the calendar of keys', () => {
  test('has an address that is shown once and works without signing in', async () => {
    const { person } = await withHistory();
    const made = await person.post('/account/calendar', { action: 'create' });
    const url = made.text('#token') ?? '';
    expect(made.headers.get('cache-control')).toBe('private, no-store');
    const calendar = await createVisitor(portal.portalUrl).get(new URL(url).pathname);
    expect([calendar.status, calendar.headers.get('content-type')]).toEqual([200, 'text/calendar; charset=utf-8']);
    expect(calendar.html).toContain('BEGIN:VEVENT');
    const again = await person.get('/account/calendar');
    expect(again.html).not.toContain(url);
    expect(again.text('main')).toContain('was last read just now');
    expect((await person.post('/account/calendar', { action: 'end' })).location).toBe('/account/calendar');
    expect((await person.get(new URL(url).pathname)).status).toBe(404);
  });
});
