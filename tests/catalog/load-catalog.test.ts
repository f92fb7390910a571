import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';

import { plainLimits } from '../../src/plans/plan-limits.ts';
import { createDocumentReader } from '../../src/catalog/document-reader.ts';
import { nameReading } from '../../src/catalog/file-reading.ts';
import { type CatalogReading, loadCatalog } from '../../src/catalog/load-catalog.ts';

const documents = createDocumentReader();
const reading: CatalogReading = { documents, known: new Map(), readerVersion: 'reader-1' };
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-catalog-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});
afterAll(() => documents.close());

const DOCUMENT = `openapi: 3.1.0
info: { title: Tea, version: '1' }
paths:
  /leaves: { get: { responses: { '200': { description: Fine } } } }
`;

const API = `title: Tea
summary: Leaves by post.
versions:
  v1:
    lifecycle: deprecated
    deprecated: 2026-06-01
    sunset: 2027-05-31T12:00:00Z
    upstream: https://tea.example/v1/
plans:
  - slug: free
    title: Free
    summary: Enough to try.
    scopes: [tea:read]
    rateLimit: { calls: 60, perSeconds: 30 }
    quota: { calls: 1000, per: day }
`;

function write(files: Record<string, string | Buffer>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, 'apis', path)), { recursive: true });
    writeFileSync(join(folder, 'apis', path), text);
  }
}

async function problemsOf(files: Record<string, string | Buffer>): Promise<string[]> {
  write(files);
  const { problems } = await loadCatalog(reading, folder);
  return problems.map(({ file, line, reason }) => `${file}:${String(line)} ${reason}`);
}

test('the APIs that are shipped load without a problem', async () => {
  const catalog = await loadCatalog(reading, 'content');
  expect(catalog.problems).toEqual([]);
  expect(catalog.apis.map(({ slug, versions }) => [slug, versions.map(({ version }) => version)])).toEqual([
    ['gatehouse', ['v1']],
    ['parcels', ['v2', 'v1']],
  ]);
});

test('an API is read with its dates, its upstream and its plans', async () => {
  write({ 'tea/api.yaml': API, 'tea/v1/openapi.yaml': DOCUMENT });
  const { apis, broken } = await loadCatalog(reading, folder);
  expect(broken).toEqual([]);
  expect(apis).toMatchObject([
    {
      slug: 'tea',
      title: 'Tea',
      plans: [{ apiSlug: 'tea', slug: 'free', limits: plainLimits(60, 30, 1000, 'day') }],
      versions: [
        {
          version: 'v1',
          lifecycle: 'deprecated',
          deprecatedAtMs: Date.UTC(2026, 5, 1),
          sunsetAtMs: Date.UTC(2027, 4, 31, 12),
          upstreamUrl: 'https://tea.example/v1',
          document: { title: 'Tea', documentVersion: '1' },
        },
      ],
    },
  ]);
});

test('a broken document is named and everything else loads', async () => {
  const bad = DOCUMENT.replace('description: Fine', 'descriptoin: Fine');
  write({
    'coffee/api.yaml': API,
    'coffee/v1/openapi.yaml': bad,
    'tea/api.yaml': API,
    'tea/v1/openapi.yml': DOCUMENT,
  });
  const { apis, broken, problems } = await loadCatalog(reading, folder);
  expect(apis.map(({ slug, versions }) => [slug, versions.length])).toEqual([
    ['coffee', 0],
    ['tea', 1],
  ]);
  expect(broken).toEqual([{ slug: 'coffee', version: 'v1' }]);
  expect(problems[0]).toMatchObject({ file: 'apis/coffee/v1/openapi.yaml', line: 4 });
});

test('a file that is as this reader read it last is not read again; any change of it, or another reader, is', async () => {
  write({ 'tea/api.yaml': API, 'tea/v1/openapi.yaml': DOCUMENT });
  const known = new Map([['tea/v1', nameReading('reader-1', { text: DOCUMENT, format: 'yaml' })]]);
  const asked: string[] = [];
  const counting: CatalogReading['documents'] = {
    ...documents,
    read: (text, format) => {
      asked.push(text);
      return documents.read(text, format);
    },
  };
  const [again] = (await loadCatalog({ ...reading, documents: counting, known }, folder)).apis;
  expect(again?.versions).toMatchObject([{ document: null, reading: { isKnown: true } }]);
  expect(asked).toEqual([]);
  const [other] = (await loadCatalog({ documents: counting, known, readerVersion: 'reader-2' }, folder)).apis;
  expect(other?.versions).toMatchObject([{ document: { title: 'Tea' }, reading: { isKnown: false } }]);
  write({ 'tea/v1/openapi.yaml': `${DOCUMENT}\n` });
  const [changed] = (await loadCatalog({ ...reading, documents: counting, known }, folder)).apis;
  expect(changed?.versions).toMatchObject([{ document: { title: 'Tea' }, reading: { isKnown: false } }]);
  expect(asked).toEqual([DOCUMENT, `${DOCUMENT}\n`]);
});

test('no content at all is an empty catalog', async () => {
  expect(await loadCatalog(reading, join(folder, 'nowhere'))).toEqual({ apis: [], broken: [], problems: [] });
});

describe('what is wrong with files and folders', () => {
  test('an api.yaml that is missing', async () => {
    expect(await problemsOf({ 'tea/v1/openapi.yaml': DOCUMENT })).toEqual(['apis/tea/api.yaml:null is missing']);
  });

  test('a folder whose name cannot stand in an address', async () => {
    expect(await problemsOf({ 'My Tea/api.yaml': API })).toEqual([
      expect.stringContaining('apis/My Tea:null the folder name must be lower-case letters'),
    ]);
  });

  test('a version without a document, one with two, and one that is not listed', async () => {
    const versions = API.replace('versions:', 'versions:\n  v2: { lifecycle: active, upstream: "http://127.0.0.1:9" }');
    expect(
      await problemsOf({
        'tea/api.yaml': versions,
        'tea/v1/openapi.yaml': DOCUMENT,
        'tea/v1/openapi.json': '{}',
        'tea/v3/openapi.yaml': DOCUMENT,
      }),
    ).toEqual([
      'apis/tea/v2:null holds no openapi.yaml, openapi.yml or openapi.json',
      'apis/tea/v1:null holds openapi.json and openapi.yaml; keep one of them',
      'apis/tea/v3:null is not published: add "v3" to versions in apis/tea/api.yaml, or remove the folder',
    ]);
  });

  test('bytes that are not UTF-8', async () => {
    const utf16 = Buffer.from(DOCUMENT, 'utf16le');
    const files = { 'tea/api.yaml': API, 'tea/v1/openapi.yaml': Buffer.concat([Buffer.from([0xff, 0xfe]), utf16]) };
    expect(await problemsOf(files)).toEqual(['apis/tea/v1/openapi.yaml:null is not UTF-8 text']);
  });

  test('a document that is too large', async () => {
    const files = { 'tea/api.yaml': API, 'tea/v1/openapi.yaml': `${DOCUMENT}# ${'x'.repeat(20 * 1024 * 1024)}` };
    expect(await problemsOf(files)).toEqual(['apis/tea/v1/openapi.yaml:null is larger than 20 MiB']);
  });
});

describe('what is wrong with an api.yaml', () => {
  test.each([
    ['title: Tea\n', '', '1 title is missing'],
    ['lifecycle: deprecated', 'lifecycle: old', '5 versions.v1.lifecycle must be active, deprecated or retired'],
    ['    deprecated: 2026-06-01\n', '', '4 versions.v1.deprecated is missing: a deprecated version says since when'],
    ['2026-06-01', 'June 2026', '6 versions.v1.deprecated must be a date such as 2027-05-31'],
    ['sunset: 2027-05-31T12:00:00Z', 'sunset: 2026-05-31', '7 versions.v1.sunset must not be before deprecated'],
    ['https://tea.example/v1/', 'ftp://tea.example', '8 versions.v1.upstream must be an http or https address'],
    ['https://tea.example/v1/', 'https://a:b@tea.example', '8 versions.v1.upstream must have no query, fragment, name'],
    ['    upstream: https://tea.example/v1/\n', '', '4 versions.v1.upstream is missing: the address to which'],
    ['  v1:', '  V 1:', '4 versions.V 1 must be lower-case letters and digits'],
    ['[tea:read]', '["tea read"]', '13 plans.0.scopes.0 must be a scope of RFC 6749'],
    ['calls: 60', 'calls: 0', '14 plans.0.rateLimit.calls must be 1 or more'],
    ['per: day', 'per: year', '15 plans.0.quota.per must be day or month'],
    ['summary: Enough', 'sumary: Enough', '12 plans.0.sumary is not known here'],
    ['title: Tea', 'title: [Tea', '2 not valid YAML'],
  ])('%s -> %s', async (search, replacement, expected) => {
    const found = await problemsOf({
      'tea/api.yaml': API.replace(search, replacement),
      'tea/v1/openapi.yaml': DOCUMENT,
    });
    expect(
      found.some((problem) => problem.startsWith(`apis/tea/api.yaml:${expected}`)),
      found.join('\n'),
    ).toBe(true);
  });

  test('the management API names no upstream: the portal serves it', async () => {
    const files = { 'gatehouse/api.yaml': API, 'gatehouse/v1/openapi.yaml': DOCUMENT };
    expect(await problemsOf(files)).toEqual([
      'apis/gatehouse/api.yaml:4 versions.v1.upstream must be left out: the portal serves this API itself',
    ]);
  });
});
