import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { openDatabase } from '../../src/database/database.ts';
import type { PortalSchema } from '../../src/database/schema.ts';
import { REPORTS_PER_PAGE } from '../../src/security-reports/security-report.ts';
import { type Newsstand, openNewsstand } from './newsstand.ts';
import { type Visitor, createVisitor } from './visitor.ts';

let stand: Newsstand;
let owner: Visitor;
let guest: Visitor;

beforeAll(async () => {
  stand = await openNewsstand();
  owner = await stand.owner();
  guest = createVisitor(stand.portal.portalUrl);
});
afterAll(() => stand.stop());

test('every guide and notice asks whether it was clear, and a reader without account and script answers', async () => {
  for (const page of ['/guides/keys', '/notices/2026-09-15-tls-1-2-required']) {
    const read = await guest.get(page);
    expect(read.all('form[action="/feedback"] [name=page]')[0]?.getAttribute('value')).toBe(page);
    const thanks = await guest.post('/feedback', { page, clear: 'no', comment: `What does ${page} mean?` });
    expect([thanks.status, thanks.text('h1')]).toEqual([200, 'Thank you']);
    expect(thanks.all(`main a[href="${page}"]`)).toHaveLength(1);
  }
});

test('a form without an answer comes back with what was typed', async () => {
  const page = await guest.post('/feedback', { page: '/guides/keys', comment: 'Half a thought' });
  expect(page.status).toBe(422);
  expect(page.text('#clear-error')).toBe('Choose yes or no.');
  expect(page.text('textarea')).toBe('Half a thought');
});

test.each(['/guides/nothing', '/notices/nothing'])('of %s nobody can say anything', async (page) => {
  expect((await guest.post('/feedback', { page, clear: 'yes', comment: '' })).status).toBe(404);
});

test('an owner reads counts and comments, and deletes one', async () => {
  const page = await owner.get('/owner/feedback');
  expect(page.text('tbody')).toContain('/guides/keys');
  expect(page.all('.message')).toHaveLength(2);
  const action = page.all('.message form')[0]?.getAttribute('action') ?? '';
  expect((await guest.post(action)).status).toBe(404);
  expect((await owner.post(action)).location).toBe('/owner/feedback');
  expect((await owner.get('/owner/feedback')).all('.message')).toHaveLength(1);
  expect((await owner.post(action)).status).toBe(404);
});

test('a weakness is reported without an account, answered, and read behind the secret link alone', async () => {
  const securityTxt = await guest.get('/.well-known/security.txt');
  expect(securityTxt.html).toContain(`Contact: ${stand.portal.portalUrl}/security/report`);
  const filed = await guest.post('/security/report', { text: 'Labels can be guessed.', email: 'finder@example.org' });
  expect(filed.status).toBe(200);
  const link = new URL(filed.text('#report-link') ?? '');
  const reportId = filed.text('#report-id') ?? '';
  expect(link.origin).toBe(stand.portal.portalUrl);

  const list = await owner.get('/owner/security-reports');
  expect(list.text('tbody')).toContain(reportId);
  const path = `/owner/security-reports/${reportId}`;
  expect((await owner.get(path)).text('.messages')).toContain('Labels can be guessed.');
  expect((await guest.get(path)).status).toBe(404);
  expect((await owner.post(path, { text: '', state: 'received' })).status).toBe(422);
  expect((await owner.post(path, { text: 'It is fixed.', state: 'fixed' })).location).toBe(path);

  const mailed = await stand.mailed('finder@example.org', /(\/security\/reports\/[\w-]+)/);
  expect(mailed).toBe(link.pathname);
  const [mail] = await stand.mailsTo('finder@example.org');
  expect(mail).not.toContain('It is fixed.');

  const thread = await guest.get(link.pathname);
  expect(thread.text('.messages')).toContain('It is fixed.');
  expect(thread.headers.get('referrer-policy')).toBe('same-origin');
  expect(thread.headers.get('cache-control')).toContain('no-store');
  expect((await guest.post(link.pathname, { text: 'Thank you.' })).location).toBe(link.pathname);
  expect((await guest.get(`${link.pathname.slice(0, -1)}_`)).status).toBe(404);
  expect(stand.portal.output()).not.toContain(link.pathname);
});

test('an empty report comes back with a message at the field', async () => {
  const page = await guest.post('/security/report', { text: ' ', email: 'finder@example.org' });
  expect([page.status, page.text('#text-error')]).toEqual([422, 'Describe what you found.']);
  expect(page.all('[name=email]')[0]?.getAttribute('value')).toBe('finder@example.org');
});

test('the list of weaknesses goes on to the oldest, and back to the newest', async () => {
  const database = openDatabase<PortalSchema>({ url: `sqlite:${join(stand.portal.dataDir, 'portal.sqlite')}` });
  const row = { state: 'received' as const, encrypted_contact: null, changed_at_ms: 1 };
  const old = Array.from({ length: REPORTS_PER_PAGE }, (_, at) => ({ ...row, id: `rpt_${at}`, token_hash: `${at}` }));
  await database.kysely
    .insertInto('security_report')
    .values(old.map((report, at) => ({ ...report, created_at_ms: at + 1 })))
    .execute();
  await database.close();
  const newest = await owner.get('/owner/security-reports');
  expect(newest.all('tbody tr')).toHaveLength(REPORTS_PER_PAGE);
  expect(newest.all('.pager a').map((link) => link.textContent.trim())).toEqual(['Older reports']);
  const older = await owner.get(newest.all('.pager a')[0]?.getAttribute('href') ?? '');
  expect(older.all('tbody tr').length).toBeGreaterThan(0);
  expect(older.text('tbody tr:last-child th')).toBe('rpt_0');
  expect(older.all('.pager a').map((link) => link.getAttribute('href'))).toEqual(['/owner/security-reports']);
  expect((await owner.get('/owner/security-reports?before=nonsense')).text('tbody')).toBe(newest.text('tbody'));
});
