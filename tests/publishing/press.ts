import type { Actor } from '../../src/accounts/account.ts';
import { createAuditStore } from '../../src/audit/audit-store.ts';
import type { CatalogVersion } from '../../src/catalog/catalog.ts';
import { createCatalogStore } from '../../src/catalog/catalog-store.ts';
import { readOpenApiDocument } from '../../src/catalog/openapi-document.ts';
import { createDifferenceLibrary } from '../../src/difference/difference-library.ts';
import { compareDocuments } from '../../src/difference/compare-documents.ts';
import type { JsonObject } from '../../src/catalog/json-object.ts';
import { createPublishedDocumentStore } from '../../src/difference/published-document-store.ts';
import { createNoticeAudienceStore } from '../../src/notices/notice-audience-store.ts';
import type { Database, DialectName } from '../../src/database/database.ts';
import { systemRandom } from '../../src/platform/random.ts';
import type { PortalSchema, UsageSchema } from '../../src/database/schema.ts';
import { createPublicationStore } from '../../src/publishing/publication-store.ts';
import { createRevisionStore } from '../../src/publishing/revision-store.ts';
import { submitDocument } from '../../src/publishing/submit-document.ts';
import { createApiUsageStore } from '../../src/usage/api-usage-store.ts';
import { addActor } from '../applications/cast.ts';
import { openTestDatabase, openUsageTestDatabase } from '../support/databases.ts';

export const NOW_MS = Date.UTC(2026, 10, 24, 10);
export const KEY = { slug: 'parcels', version: 'v2' };

/** A small document; each path is a GET. */
export function documentText(version: string, paths: readonly string[], summary = 'List'): string {
  const items = paths.map((path) => {
    const operationId = `get${path.replaceAll(/\W/g, '')}`;
    return `  ${path}:\n    get:\n      operationId: ${operationId}\n      summary: ${summary}\n      responses: { '200': { description: ok } }\n`;
  });
  return `openapi: 3.1.0\ninfo: { title: Parcels, version: ${version} }\npaths:\n${items.join('')}`;
}

/** Publishing on these databases, with a clock that the test turns. Documents are read in this thread, and not linted. */
export function pressOn(
  portal: Database<PortalSchema>,
  usage: Database<UsageSchema>,
  time: { nowMs: number },
  historyMaxBytes = 1_000_000,
) {
  const clock = { nowMs: () => time.nowMs };
  const reader = {
    read: async ({
      old,
      new: now,
      options,
    }: {
      old: string;
      new: string;
      options: { atMs: number; sunsetDays: number };
    }) => Promise.resolve(compareDocuments(JSON.parse(old) as JsonObject, JSON.parse(now) as JsonObject, options)),
  };
  return {
    revisions: createRevisionStore(portal),
    publications: createPublicationStore(portal, { random: systemRandom, historyMaxBytes }),
    inspector: {
      inspect: async (text: string, format: 'yaml' | 'json') => ({
        result: await readOpenApiDocument(text, format),
        lint: null,
      }),
    },
    linter: { lint: () => Promise.resolve(null) },
    differences: createDifferenceLibrary({ store: createPublishedDocumentStore(portal), reader, clock }),
    usage: createApiUsageStore(usage),
    audience: createNoticeAudienceStore(portal),
    clock,
    documentMaxBytes: 100_000,
  };
}

export type Press = ReturnType<typeof pressOn>;

/** A portal with the API `parcels`: v2 from a file with `/parcels` and `/quotes`, v3 pushed and still without a document. */
export async function openPress(dialect: DialectName, historyMaxBytes?: number) {
  const [portal, usage] = [await openTestDatabase(dialect), await openUsageTestDatabase(dialect)];
  const time = { nowMs: NOW_MS };
  const catalog = createCatalogStore(portal.database);
  const sync = async (file: string): Promise<readonly string[]> => {
    const read = await readOpenApiDocument(file, 'yaml');
    if (!read.ok) throw new Error(JSON.stringify(read.problems));
    const version = {
      lifecycle: 'active',
      deprecatedAtMs: null,
      sunsetAtMs: null,
      upstreamUrl: 'http://127.0.0.1',
    } as const;
    const versions: CatalogVersion[] = [
      { ...version, version: 'v2', document: read.document, source: { text: file, format: 'yaml' } },
      { ...version, version: 'v3', document: null },
    ];
    const apis = [{ slug: 'parcels', title: 'Parcels', summary: '', plans: [], versions }];
    return (await catalog.sync({ apis, broken: [], problems: [] }, time.nowMs)).changes;
  };
  await sync(documentText('2.0.0', ['/parcels', '/quotes']));
  const owner: Actor = { ...(await addActor(portal.database, 'olga')), role: 'owner' };
  const press = pressOn(portal.database, usage.database, time, historyMaxBytes);
  return {
    ...press,
    press,
    time,
    owner,
    catalog,
    sync,
    portal,
    usageDatabase: usage,
    audit: createAuditStore(portal.database),
    submit: (text: string, key = KEY) =>
      submitDocument(press, owner, {
        ...key,
        bytes: new TextEncoder().encode(text),
        origin: 'pushed',
        note: 'because',
      }),
    async close() {
      await portal.close();
      await usage.close();
    },
  };
}

export type OpenPress = Awaited<ReturnType<typeof openPress>>;

/** What readers of a version see, from each table that holds a part of it. */
export async function shownTo({ kysely }: Database<PortalSchema>, { slug, version } = KEY) {
  const row = await kysely
    .selectFrom('api_version')
    .select(['document', 'document_version', 'published_revision', 'removed_at_ms', 'document_sha256'])
    .where('api_slug', '=', slug)
    .where('version', '=', version)
    .executeTakeFirstOrThrow();
  const operations = await kysely
    .selectFrom('operation')
    .select('path')
    .where('api_slug', '=', slug)
    .where('version', '=', version)
    .orderBy('position')
    .execute();
  const parts = await kysely
    .selectFrom('document_part')
    .select('pointer')
    .where('api_slug', '=', slug)
    .where('version', '=', version)
    .where('kind', '=', 'operation')
    .orderBy('pointer')
    .execute();
  const { paths = {} } = JSON.parse(row.document) as { paths?: Record<string, unknown> };
  return {
    documentVersion: row.document_version,
    revision: row.published_revision,
    isListed: row.removed_at_ms === null,
    paths: Object.keys(paths),
    operations: operations.map(({ path }) => path),
    parts: parts.map(({ pointer }) => pointer.split('/')[2]?.replaceAll('~1', '/') ?? ''),
  };
}

/** What a revision has to be true for, whatever happened: none of it is half there. */
export async function findHalfPublished(database: Database<PortalSchema>): Promise<string[]> {
  const found: string[] = [];
  const { kysely } = database;
  const versions = await kysely.selectFrom('api_version').select(['api_slug', 'version']).execute();
  for (const { api_slug: slug, version } of versions) {
    const shown = await shownTo(database, { slug, version });
    const rows = await kysely
      .selectFrom('document_revision')
      .select(['number', 'state', 'document_version'])
      .where('api_slug', '=', slug)
      .where('version', '=', version)
      .execute();
    const published = rows.filter(({ state }) => state === 'published');
    const name = `${slug}/${version}`;
    if (published.length !== (shown.revision > 0 ? 1 : 0)) found.push(`${name}: ${published.length} are published`);
    if (published[0] && published[0].number !== shown.revision) found.push(`${name}: readers see another revision`);
    if (published[0] && published[0].document_version !== shown.documentVersion)
      found.push(`${name}: another document`);
    if (JSON.stringify(shown.paths) !== JSON.stringify(shown.operations)) found.push(`${name}: other operations`);
    if (JSON.stringify([...shown.paths].sort()) !== JSON.stringify([...shown.parts].sort()))
      found.push(`${name}: other parts`);
    const entries = await kysely
      .selectFrom('audit_entry')
      .select('details')
      .where('subject', '=', name)
      .where('action', 'in', ['document.published', 'document.rolled_back'])
      .execute();
    const told = await kysely.selectFrom('outbox').select('payload').where('kind', '=', 'event').execute();
    const events = told.filter(({ payload }) => payload.includes(`"version":"${version}"`)).length;
    if (events !== entries.length) found.push(`${name}: ${entries.length} audited, ${events} told`);
  }
  return found;
}
