import type { APIContext } from 'astro';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { createCatalogLibrary } from '../../src/catalog/catalog-library.ts';
import { createCatalogStore } from '../../src/catalog/catalog-store.ts';
import { createDocumentReader } from '../../src/catalog/document-reader.ts';
import { loadCatalog } from '../../src/catalog/load-catalog.ts';
import type { KeyDescription, Portal } from '../../src/composition/portal.ts';
import { createNoticeLibrary } from '../../src/notices/notice-library.ts';
import { ALL as listApis } from '../../src/pages/api/v1/apis/index.ts';
import { ALL as getApi } from '../../src/pages/api/v1/apis/[slug]/index.ts';
import { ALL as getOpenApiDocument } from '../../src/pages/api/v1/apis/[slug]/versions/[version]/openapi.json.ts';
import { ALL as getKey } from '../../src/pages/api/v1/key.ts';
import { ALL as getNotice } from '../../src/pages/api/v1/notices/[slug].ts';
import { ALL as listNotices } from '../../src/pages/api/v1/notices/index.ts';
import { createPlanStore } from '../../src/plans/plan-store.ts';
import { type TestDatabase, openTestDatabase } from '../support/databases.ts';
import { answerMistakes, examplePath, readShippedDocument, toAnswer } from '../support/shipped-document.ts';

const NOW_MS = Date.UTC(2026, 10, 24);
const TOKEN = `gth_live_${'a'.repeat(36)}`;
const site = { publicUrl: 'https://developers.example', gatewayPublicUrl: 'https://api.example' };
const routes: Readonly<Record<string, typeof listApis>> = {
  listApis,
  getApi,
  getOpenApiDocument,
  listNotices,
  getNotice,
  getKey,
};
const operations = (await readShippedDocument('gatehouse/v1')).map((one) => [one.operationId, one] as const);

let opened: TestDatabase;
let portal: Portal;
let noticeSlug: string;

beforeAll(async () => {
  opened = await openTestDatabase('sqlite');
  const documents = createDocumentReader();
  const catalog = await loadCatalog({ documents }, 'content');
  await documents.close();
  const store = createCatalogStore(opened.database);
  await store.sync(catalog, NOW_MS);
  const notices = createNoticeLibrary({
    contentDir: 'content',
    publicUrl: site.publicUrl,
    clock: { nowMs: () => NOW_MS },
  });
  noticeSlug = notices.list()[0]?.slug ?? '';
  portal = {
    site,
    catalog: createCatalogLibrary({ store, plans: createPlanStore(opened.database), problems: [], site }),
    notices,
    keys: { describe: (token: string) => Promise.resolve(token === TOKEN ? description : null) },
  } as unknown as Portal;
});
afterAll(() => opened.close());

const description: KeyDescription = {
  key: {
    id: 'key_1',
    applicationId: 'app_1',
    name: 'Shop',
    environment: 'live',
    firstFour: 'aaaa',
    lastFour: 'zzzz',
    allowlist: ['203.0.113.0/24'],
    createdAtMs: NOW_MS,
    expiresAtMs: null,
    suspendedAtMs: null,
    revokedAtMs: null,
    revokeReason: null,
    suspendReason: null,
    replaced: null,
    rotationIntervalDays: null,
  },
  application: { id: 'app_1', teamId: 'team_1', name: 'Tea shop', description: '', createdAtMs: NOW_MS },
  usage: {
    days: [],
    byOperation: [],
    byKey: [],
    byRefusal: [],
    quotas: [
      {
        subscriptionId: 'sub_1',
        apiSlug: 'parcels',
        planSlug: 'free',
        used: 12,
        limit: 1000,
        resetAtMs: NOW_MS,
        rateLimit: 60,
        rateWindowSeconds: 60,
      },
    ],
  },
};

async function call(operationId: string, path: string, options: { method?: string; authorization?: string } = {}) {
  const url = new URL(`${site.publicUrl}/api/v1${path}`);
  const steps = url.pathname.split('/').slice(4).map(decodeURIComponent);
  const { method = 'GET', authorization } = options;
  const context = {
    request: new Request(url, { method, ...(authorization !== undefined && { headers: { authorization } }) }),
    params: { slug: steps[0], version: steps[2] },
    url,
    locals: { portal },
  } as unknown as APIContext;
  const response = await routes[operationId]?.(context);
  if (!response) throw new Error(`no route for ${operationId}`);
  return { headers: response.headers, ...(await toAnswer(response)) };
}

describe.each(operations)('%s', (operationId, operation) => {
  test('answers as documented', async () => {
    const value = operationId === 'getNotice' ? noticeSlug : undefined;
    const answer = await call(operationId, examplePath(operation, value), { authorization: `Bearer ${TOKEN}` });
    expect(answer.status).toBe(200);
    expect(answerMistakes(operation, answer)).toEqual([]);
  });

  test('refuses a query parameter it does not know, without repeating it', async () => {
    const answer = await call(operationId, `${examplePath(operation)}?${TOKEN}=1`);
    expect(answer).toMatchObject({
      status: 400,
      type: 'application/problem+json',
      body: { code: 'invalid_parameter' },
    });
    expect(answerMistakes(operation, answer)).toEqual([]);
    expect(JSON.stringify(answer.body)).not.toContain(TOKEN);
  });

  test.each(['POST', 'PUT', 'PATCH', 'DELETE'])('refuses %s and says what it allows', async (method) => {
    const answer = await call(operationId, examplePath(operation), { method });
    expect(answer).toMatchObject({ status: 405, body: { code: 'method_not_allowed' } });
    expect(answer.headers.get('allow')).toBe('GET, HEAD');
  });
});

test.each([
  ['getApi', '/apis/nothing'],
  ['getApi', '/apis/__proto__'],
  ['getOpenApiDocument', '/apis/parcels/versions/v9/openapi.json'],
  ['getNotice', '/notices/nothing'],
])('%s %s is a problem with status 404', async (operationId, path) => {
  const answer = await call(operationId, path);
  expect(answer).toMatchObject({ status: 404, body: { type: 'https://developers.example/errors/not_found' } });
});

test.each(['kind=news', 'severity=huge', 'kind=advisory&kind=advisory', 'Kind=advisory'])(
  'notices refuse ?%s',
  async (query) => {
    expect((await call('listNotices', `/notices?${query}`)).status).toBe(400);
  },
);

test('notices are filtered', async () => {
  const { body } = await call('listNotices', '/notices?kind=deprecation&api=parcels');
  const { notices } = body as { notices: { kind: string }[] };
  expect(notices.map(({ kind }) => kind)).toEqual(notices.map(() => 'deprecation'));
  expect((await call('listNotices', '/notices?api=nothing')).body).toEqual({ notices: [] });
});

test('documents point at the gateway', async () => {
  const { body } = await call('getOpenApiDocument', '/apis/parcels/versions/v2/openapi.json');
  expect(body).toMatchObject({ servers: [{ url: 'https://api.example/parcels/v2' }] });
});

describe('the key', () => {
  test.each([
    [undefined, 'missing_credential', 'Bearer realm="Gatehouse"'],
    ['Bearer gth_live_wrong', 'key_not_active', 'Bearer realm="Gatehouse", error="invalid_token"'],
    [`Basic ${TOKEN}`, 'key_not_active', 'Bearer realm="Gatehouse", error="invalid_token"'],
    [`Bearer ${TOKEN}, Bearer ${TOKEN}`, 'key_not_active', 'Bearer realm="Gatehouse", error="invalid_token"'],
  ])('Authorization: %s is refused with a challenge', async (authorization, code, challenge) => {
    const answer = await call('getKey', '/key', authorization === undefined ? {} : { authorization });
    expect(answer).toMatchObject({ status: 401, type: 'application/problem+json', body: { code } });
    expect(answer.headers.get('www-authenticate')).toBe(challenge);
    expect(JSON.stringify(answer.body)).not.toContain(TOKEN);
  });

  test('is described to its holder alone: nobody keeps the answer', async () => {
    const answer = await call('getKey', '/key', { authorization: `bearer ${TOKEN}` });
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.body).toMatchObject({ id: 'key_1', quotas: [{ api: 'parcels', used: 12, limit: 1000 }] });
    expect(JSON.stringify(answer.body)).not.toContain(TOKEN);
  });
});
