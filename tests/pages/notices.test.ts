import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { openDatabase } from '../../src/database/database.ts';
import type { PortalSchema } from '../../src/database/schema.ts';
import { type Newsstand, type Reader, SUNSET, TODAY, openNewsstand } from './newsstand.ts';
import { type Visitor, createVisitor } from './visitor.ts';

const END = `${TODAY}-v1-ends`;
const LEAK = `${TODAY}-leak`;

let stand: Newsstand;
let nora: Reader;
let omar: Reader;

beforeAll(async () => {
  stand = await openNewsstand({ SECURITY_CONTACT: 'mailto:security@provider.example' });
  nora = await stand.consumerCalling('v1', 3);
  omar = await stand.consumerCalling('v2', 2);
  stand.publish(END, `kind: deprecation\ntitle: Version 1 ends soon\ndeprecated: ${TODAY}\nsunset: ${SUNSET}`);
  stand.publish(LEAK, 'kind: advisory\ntitle: Labels leak\nseverity: critical\nworkaround: Fetch none.');
});
afterAll(() => stand.stop());

const visitor = () => createVisitor(stand.portal.portalUrl);
const noticesOnHome = async (person: Visitor): Promise<string> =>
  (await person.get('/home')).text('section[aria-labelledby=notices]') ?? '';

test('an advisory is mailed at once to who called, names the key, and goes to nobody else', async () => {
  const sentence = await stand.mailed(nora.email, /(Your key ci-v1 called GET \/v1\/shipments 3 times this week\.)/);
  expect(sentence).not.toBe('');
  expect((await stand.mailsTo(omar.email)).filter((text) => text.includes('Labels leak'))).toEqual([]);
});

test('the home of who called shows both notices until they are acknowledged; the other home shows none', async () => {
  await stand.mailed(nora.email, /(Labels leak)/);
  const before = await noticesOnHome(nora);
  expect(before).toContain('Your key ci-v1 called GET /v1/shipments 3 times this week; it sunsets in 1');
  expect(before).toContain('Labels leak');
  expect(await noticesOnHome(omar)).not.toContain('Labels leak');
  const answer = await nora.post(`/notices/${LEAK}/acknowledgement`, { from: 'home' });
  expect([answer.status, answer.location]).toEqual([303, '/home']);
  const page = await nora.get('/home');
  expect(page.all('.own-notice h3').map((heading) => heading.textContent.trim())).not.toContain('Labels leak');
  expect((await nora.get(`/notices/${LEAK}`)).text('.callout')).toContain('Your team acknowledged it');
});

test('the page of a notice says to whom it concerns why, and to nobody else', async () => {
  expect((await nora.get(`/notices/${END}`)).text('.callout')).toContain('This concerns you');
  for (const other of [omar, visitor()]) expect((await other.get(`/notices/${END}`)).all('.callout')).toEqual([]);
});

test('owners see how many keys and teams a notice reaches, who read and acknowledged it, and remind who still calls', async () => {
  const owner = await stand.owner();
  await stand.mailed(nora.email, /(Labels leak)/);
  await nora.post(`/notices/${END}/reading`);
  const page = await owner.get(`/owner/notices/${END}`);
  expect(page.text('.summary')).toBe('Reaches 1 key of 1 team; 1 of them called it 3 times in the last 7 days.');
  expect(page.all('tbody tr')).toHaveLength(1);
  expect(page.all('td[data-label=Read] time')).toHaveLength(1);
  const reminded = await owner.post(`/owner/notices/${END}/reminder`);
  expect([reminded.status, reminded.location]).toEqual([303, `/owner/notices/${END}`]);
  expect(await stand.mailed(nora.email, /(Reminder: Version 1 ends soon)/)).not.toBe('');
  const again = await owner.post(`/owner/notices/${END}/reminder`);
  expect([again.status, again.text('[role=alert]')]).toEqual([422, expect.stringContaining('in the last 24 hours')]);
  expect((await nora.get(`/owner/notices/${END}`)).status).toBe(404);
});

test('who only reads in a team sees what waits, and nothing to press', async () => {
  const vera = await stand.consumerCalling('v1', 1);
  const database = openDatabase<PortalSchema>({ url: `sqlite:${join(stand.portal.dataDir, 'portal.sqlite')}` });
  const { kysely } = database;
  const team = kysely
    .selectFrom('team_member')
    .innerJoin('account', 'account.id', 'team_member.account_id')
    .select('team_id')
    .where('account.email', '=', vera.email);
  const application = kysely.selectFrom('application').select('id').where('team_id', 'in', team);
  const keys = kysely
    .updateTable('api_key')
    .set({ rotation_interval_days: 1 })
    .where('application_id', 'in', application);
  await keys.execute();
  const controls = async (): Promise<string[]> => {
    const pages = [await vera.get('/home'), await vera.get(`/notices/${END}`)];
    const found = pages.flatMap((page) => [
      ...page.all('main form').map((form) => form.getAttribute('action') ?? ''),
      ...page.all('main a[href$="/rotation"]').map(() => 'rotation'),
    ]);
    return found.filter((one) => /acknowledgement|rotation/.test(one));
  };
  const acknowledgement = `/notices/${END}/acknowledgement`;
  expect(await controls()).toEqual(expect.arrayContaining([acknowledgement, 'rotation']));
  await kysely.updateTable('team_member').set({ role: 'viewer' }).where('team_id', 'in', team).execute();
  await database.close();
  expect(await controls()).toEqual([]);
  expect((await vera.get('/home')).text('main')).toContain('1 key is to be rotated');
  expect((await vera.get(`/notices/${END}`)).text('.callout')).toContain('admin or manager');
});

test('mails about deprecations are chosen on a page, or ended with one click by a mail program without a session', async () => {
  expect((await nora.post('/account/notices', { mail: 'never' })).status).toBe(422);
  await nora.post('/account/notices', { mail: 'immediate' });
  stand.publish(
    `${TODAY}-v1-ends-sooner`,
    `kind: deprecation\ntitle: Even sooner\ndeprecated: ${TODAY}\nsunset: ${SUNSET}`,
  );
  const link = await stand.mailed(nora.email, /Even sooner[\s\S]*?No more mails like this: (\S+)/);
  const path = link.replace(stand.portal.portalUrl, '');
  const chosen = async (): Promise<string | null> =>
    (await nora.get('/account/notices')).all('input[checked]')[0]?.getAttribute('value') ?? null;
  expect((await visitor().get(path)).all('button[name=List-Unsubscribe]')).toHaveLength(1);
  expect(await chosen()).toBe('immediate');
  const answer = await fetch(link, { method: 'POST', body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }) });
  expect([answer.status, answer.redirected]).toEqual([200, false]);
  expect(await chosen()).toBe('none');
});

describe('what programs read', () => {
  test.each([
    ['/notices/feed.atom?api=parcels&severity=critical', 'application/atom+xml; charset=utf-8', 'Labels leak'],
    ['/notices/feed.rss', 'application/rss+xml; charset=utf-8', 'Version 1 ends soon'],
    ['/notices/feed.json', 'application/feed+json; charset=utf-8', 'Version 1 ends soon'],
    ['/notices/calendar.ics', 'text/calendar; charset=utf-8', 'Sunset: Version 1 ends soon'],
    ['/notices/deprecations.json', 'application/json; charset=utf-8', 'Version 1 ends soon'],
    [`/notices/${LEAK}/csaf.json`, 'application/json; charset=utf-8', 'csaf_security_advisory'],
    ['/.well-known/security.txt', 'text/plain; charset=utf-8', 'Contact: mailto:security@provider.example'],
    ['/.well-known/csaf/provider-metadata.json', 'application/json; charset=utf-8', 'csaf_publisher'],
    ['/.well-known/csaf/feed.json', 'application/json; charset=utf-8', `/notices/${LEAK}/csaf.json`],
    [
      '/.well-known/api-catalog',
      'application/linkset+json; profile="https://www.rfc-editor.org/info/rfc9727"',
      '/parcels/v2',
    ],
  ])('%s is of its type, and is sent once', async (path, type, text) => {
    const page = await visitor().get(path);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, type]);
    expect(page.html).toContain(text);
    const headers = { 'if-none-match': page.headers.get('etag') ?? '' };
    const again = await fetch(new URL(path, stand.portal.portalUrl), { headers });
    expect([again.status, await again.text()]).toEqual([304, '']);
  });

  test('a deprecation has no CSAF document', async () => {
    expect((await visitor().get(`/notices/${END}/csaf.json`)).status).toBe(404);
  });

  test('also the answer to HEAD names the API catalogue', async () => {
    const answer = await fetch(`${stand.portal.portalUrl}/.well-known/api-catalog`, { method: 'HEAD' });
    expect(answer.headers.get('link')).toBe(`<${stand.portal.portalUrl}/.well-known/api-catalog>; rel="api-catalog"`);
  });
});
