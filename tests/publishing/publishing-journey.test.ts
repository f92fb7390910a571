import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { type CommandHouse, newAccessToken, openCommandHouse } from '../cli/house.ts';
import { type Page, type Visitor, issueKey, ownerVisitor, tokenIn } from '../pages/visitor.ts';

const published = readFileSync('content/apis/parcels/v2/openapi.yaml', 'utf8');
/** Prices are asked for elsewhere: the path `/quotes` is gone. */
const BREAKING = published.replace('  /quotes:', '  /offers:').replace(/^ {2}version: .+$/m, '  version: 3.0.0');
const SAFE = published.replace(/^ {2}version: .+$/m, '  version: 2.9.0');
const PATH = '/owner/apis/parcels/v2';

let house: CommandHouse;
let owner: Visitor;
let ownerToken: string;

beforeAll(async () => {
  house = await openCommandHouse({ DOCUMENT_MAX_MIB: '2' });
  owner = await ownerVisitor(house.portal);
  const none = { applications: 'none', keys: 'none', usage: 'none', notices: 'none', webhooks: 'none', audit: 'none' };
  ownerToken = await newAccessToken(owner, { ...none, documents: 'write' });
}, 120_000);
afterAll(() => house.stop());

/** As the form of the page sends it, with a file. */
async function upload(
  content: string | Uint8Array<ArrayBuffer>,
  path = PATH,
): Promise<{ status: number; location: string; text: string }> {
  const body = new FormData();
  body.set('file', new Blob([content]), 'openapi.yaml');
  body.set('text', '');
  body.set('note', 'Release');
  const cookie = [...owner.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const { portalUrl } = house.portal;
  const init = { method: 'POST', body, headers: { cookie, origin: portalUrl }, redirect: 'manual' as const };
  const answer = await fetch(`${portalUrl}${path}/document`, init);
  return { status: answer.status, location: answer.headers.get('location') ?? '', text: await answer.text() };
}

async function api(method: string, path: string, body?: string, type = 'application/yaml') {
  const headers = { authorization: `Bearer ${ownerToken}`, ...(body !== undefined && { 'content-type': type }) };
  const answer = await fetch(`${house.portal.portalUrl}/api/v1${path}`, {
    method,
    headers,
    ...(body !== undefined && { body }),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, never> };
}

async function shownPaths(): Promise<string[]> {
  const answer = await fetch(`${house.portal.portalUrl}/docs/parcels/v2/openapi.json`);
  return Object.keys(((await answer.json()) as { paths: object }).paths);
}

const asOwner = (words: readonly string[]) =>
  house.gatehouse(words, { environment: { GATEHOUSE_TOKEN: ownerToken, GATEHOUSE_TOKEN_FILE: undefined } });

const bodyText = (page: Page): string => page.text('main') ?? '';

describe('on the pages', () => {
  test('a document with mistakes is refused with line and column, and what was pasted is kept', async () => {
    const broken =
      'openapi: 3.1.0\ninfo: { title: A, version: "1" }\npaths:\n  /a: { $ref: "https://evil.example/a" }\n';
    const page = await owner.post(`${PATH}/document`, { text: broken, note: 'x' });
    expect(page.status).toBe(422);
    expect(page.text('#mistakes + div tbody tr')).toBe(
      '4:9$ref "https://evil.example/a" leaves the document; only references that start with #/ are followed',
    );
    expect(page.text('textarea')?.startsWith('openapi: 3.1.0')).toBe(true);
    expect(page.text('#text-error')).toContain('1 mistake');
  });

  test.each([
    ['an archive', new Uint8Array([0x1f, 0x8b, 8, 0, 0, 0, 0, 0]), 'not text in UTF-8'],
    ['UTF-16', new Uint8Array([0xff, 0xfe, 0x6f, 0, 0x70, 0]), 'not text in UTF-8'],
    ['more than is allowed', 'x'.repeat(2_100_000), 'may have 2.1 MB at most'],
    ['nothing', '', 'Choose a file'],
  ])('%s is refused at the field', async (_, content, reason) => {
    const answer = await upload(content);
    expect([answer.status, answer.text.includes(reason)]).toEqual([422, true]);
  });

  test('what is larger than any form may be is refused before it is read', async () => {
    expect((await upload('x'.repeat(3_000_000))).status).toBe(413);
  });

  test('an uploaded document is a candidate, shows what breaks, and is published once that is meant; then it is rolled back', async () => {
    const sent = await upload(BREAKING);
    expect([sent.status, sent.location]).toEqual([303, `${PATH}/revisions/2`]);
    const candidate = await owner.get(sent.location);
    expect(bodyText(candidate)).toContain('operation was removed with its whole path');
    expect(bodyText(candidate)).toContain('uploaded by owner@provider.example');
    expect(candidate.all('.lint-group').length).toBeGreaterThan(3);
    expect(await shownPaths()).toContain('/quotes');

    const refused = await owner.post(`${sent.location}/publication`, { basis: '1', note: '' });
    expect([refused.status, refused.text('#breaking-error')]).toEqual([
      422,
      '1 change would break clients. Tick the box if that is meant.',
    ]);
    const meanwhile = await owner.post(`${sent.location}/publication`, { basis: '7', note: '', breaking: 'yes' });
    expect([meanwhile.status, bodyText(meanwhile).includes('Somebody else has published')]).toEqual([422, true]);
    const done = await owner.post(`${sent.location}/publication`, { basis: '1', note: 'Offers', breaking: 'yes' });
    expect([done.status, done.location]).toEqual([303, PATH]);
    expect(await shownPaths()).toContain('/offers');
    const version = await owner.get(PATH);
    expect(bodyText(version)).toContain('Readers see revision 2, uploaded, in place of its file.');

    const back = await owner.post(`${PATH}/revisions/1/publication`, {
      basis: '2',
      note: 'Too early',
      breaking: 'yes',
    });
    expect(back.status).toBe(303);
    expect(await shownPaths()).toContain('/quotes');
    expect(bodyText(await owner.get(PATH))).toContain('Readers see revision 1, from its file.');
    const log = await owner.get('/owner/audit?area=document');
    for (const action of ['Document submitted', 'Document published', 'Document rolled back'])
      expect(log.html).toContain(action);
  });

  test('the text of a revision is what was sent, and is no page of this site', async () => {
    const page = await owner.get(`${PATH}/revisions/2/source`);
    expect(page.html).toBe(BREAKING);
    expect(page.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(page.headers.get('content-disposition')).toBe('attachment; filename="parcels-v2-revision-2.yaml"');
    expect(page.headers.get('content-security-policy')).toContain('sandbox');
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
  });

  test('for everybody but owners there is none of it', async () => {
    for (const path of ['/owner/apis', PATH, `${PATH}/revisions/1`])
      expect((await house.person.get(path)).status).toBe(404);
    expect((await house.person.post(`${PATH}/revisions/1/publication`, { basis: '2', note: '' })).status).toBe(404);
  });

  test('the document of this portal’s own API cannot be replaced', async () => {
    expect((await upload(SAFE, '/owner/apis/gatehouse/v1')).status).toBe(404);
  });
});

describe('from a pipeline', () => {
  test('who called what would break is counted before it is published', async () => {
    const { applicationId, person } = house;
    const token = tokenIn(await issueKey(person, `/applications/${applicationId}`, { name: 'Till' })) ?? '';
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const call = { method: 'POST', headers, body: JSON.stringify({ weightGrams: 100, to: 'DE' }) };
    const callQuotes = async () => (await fetch(`${house.portal.gatewayUrl}/parcels/v2/quotes`, call)).text();
    const pushed = await api(
      'PUT',
      '/apis/parcels/versions/v2/document?note=Offers',
      BREAKING.replace('3.0.0', '3.0.1'),
    );
    expect(pushed).toMatchObject({
      status: 200,
      body: { revision: { state: 'candidate', note: 'Offers' }, changes: { breaking: 1 } },
    });
    const { number } = (pushed.body as unknown as { revision: { number: number } }).revision;
    // The gateway follows what was published within two seconds, and counts are written a little later.
    const affected = async () => {
      await callQuotes();
      return (await api('GET', `/apis/parcels/versions/v2/revisions/${number}`)).body.affected;
    };
    await expect.poll(affected, { timeout: 30_000, interval: 500 }).toMatchObject({ keys: 1, teams: 1 });
    const page = await owner.get(`${PATH}/revisions/${number}`);
    expect(bodyText(page)).toContain('1 key of 1 team called what would break');
    expect(bodyText(page)).toContain('Till');
  }, 120_000);

  test('the command line pushes, compares and publishes what breaks nobody', async () => {
    const file = join(house.folder, 'openapi.yaml');
    writeFileSync(file, SAFE);
    const pushed = await asOwner([
      'apis',
      'push',
      'parcels',
      'v2',
      file,
      '--publish',
      '--fail-on',
      'error',
      '--note',
      'CI',
    ]);
    expect([pushed.code, pushed.error]).toEqual([0, '']);
    expect(pushed.out).toMatch(/Revision \d+ is published\.\nChanges: 0 breaking/);
    const again = await asOwner(['apis', 'push', 'parcels', 'v2', file, '--publish', '--json']);
    expect(again.json()).toMatchObject({ revision: { state: 'published' } });
    const listed = await asOwner(['apis', 'revisions', 'parcels', 'v2']);
    expect(listed.out).toMatch(/published +2\.9\.0 .+ owner@provider\.example +CI/);
  });

  test('the command line publishes nothing that breaks clients or that the lint refuses, and says why', async () => {
    const file = join(house.folder, 'breaking.yaml');
    writeFileSync(file, BREAKING.replace('3.0.0', '3.0.2'));
    const breaking = await asOwner(['apis', 'push', 'parcels', 'v2', file, '--publish']);
    expect([breaking.code, breaking.error]).toEqual([1, expect.stringContaining('breaks clients')]);
    const strict = await asOwner(['apis', 'push', 'parcels', 'v2', file, '--publish', '--fail-on', 'warning']);
    expect([strict.code, strict.error]).toEqual([1, expect.stringContaining('owasp-no-http-basic')]);
    writeFileSync(file, 'openapi: 3.1.0\ninfo: []\npaths: {}\n');
    const wrong = await asOwner(['apis', 'push', 'parcels', 'v2', file]);
    expect([wrong.code, wrong.error]).toEqual([1, expect.stringMatching(/line 2, column 1: /)]);
    expect(await shownPaths()).toContain('/quotes');
  });

  test('the command line rolls back', async () => {
    const back = await asOwner(['apis', 'publish', 'parcels', 'v2', '1', '--note', 'Back']);
    expect([back.code, back.error]).toEqual([0, '']);
    expect(back.out).toContain('Revision 1 is published.');
  });

  test('a token of a developer, and one without the scope, are refused', async () => {
    const developer = await house.gatehouse(['apis', 'revisions', 'parcels', 'v2']);
    expect([developer.code, developer.error]).toEqual([6, expect.stringContaining('documents:read')]);
  });

  test('other media types and archives are not taken', async () => {
    const type = await api('PUT', '/apis/parcels/versions/v2/document', SAFE, 'application/x-www-form-urlencoded');
    expect([type.status, type.body.code]).toEqual([415, 'unsupported_media_type']);
    const zip = await api('PUT', '/apis/parcels/versions/v2/document', 'PK\u0003\u0004\0\0');
    expect([zip.status, zip.body.code]).toEqual([422, 'invalid_document']);
  });
});
