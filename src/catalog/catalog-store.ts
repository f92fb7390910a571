import type { Selectable } from 'kysely';

import type { Database } from '../database/database.ts';
import type { PortalSchema } from '../database/schema.ts';
import type { Api, ApiVersion, Operation } from './api.ts';
import type { Catalog } from './catalog.ts';
import { type SyncResult, syncCatalog } from './catalog-sync-store.ts';
import type { KnownReadings } from './file-reading.ts';
import { readKnownReadings } from './file-reading-store.ts';
import { readEnding } from './version-ending.ts';

/** The published catalog as it is stored. What was removed stays for the keys and subscriptions that refer to it, but is not listed. */
export interface CatalogStore {
  /** Brings the database in line with what was loaded, in one transaction; an audit row when anything changed. */
  sync(catalog: Catalog, nowMs: number, historyMaxBytes?: number): Promise<SyncResult>;
  /** What files were last read as, so that nobody reads them again. */
  knownReadings(): Promise<KnownReadings>;
  /** By title; versions newest first. Plans are the plan store's business. */
  apis(): Promise<readonly Omit<Api, 'plans'>[]>;
  version(slug: string, version: string): Promise<ApiVersion | null>;
  /** In the order of the document. */
  operations(slug: string, version: string): Promise<readonly Operation[]>;
  /** OpenAPI 3.1 or 3.2 as JSON text, without `servers`. */
  document(slug: string, version: string): Promise<string | null>;
}

/** Unless the setting says otherwise. */
const HISTORY_MAX_BYTES = 100 * 1024 * 1024;

export function createCatalogStore(database: Database<PortalSchema>): CatalogStore {
  const { kysely } = database;
  const versions = () =>
    kysely
      .selectFrom('api_version')
      .innerJoin('api', 'api.slug', 'api_version.api_slug')
      .where('api.removed_at_ms', 'is', null)
      .where('api_version.removed_at_ms', 'is', null);
  const describedVersions = () =>
    versions()
      .select(['api_slug', 'version', 'lifecycle', 'deprecated_at_ms', 'sunset_at_ms'])
      .select(['gone_after_sunset', 'brown_outs'])
      .select(['api_version.title', 'document_version', 'description'])
      .select((expression) =>
        expression
          .selectFrom('operation')
          .select(({ fn }) => fn.countAll<number>().as('count'))
          .whereRef('operation.api_slug', '=', 'api_version.api_slug')
          .whereRef('operation.version', '=', 'api_version.version')
          .as('operation_count'),
      );
  return {
    sync: (catalog, nowMs, historyMaxBytes = HISTORY_MAX_BYTES) =>
      kysely.transaction().execute((transaction) => syncCatalog(transaction, catalog, { nowMs, historyMaxBytes })),
    knownReadings: () => readKnownReadings(kysely),
    async apis() {
      const apis = await kysely.selectFrom('api').selectAll().where('removed_at_ms', 'is', null).execute();
      const rows = (await describedVersions().execute()).map(toVersion).sort(newestFirst);
      return apis
        .map(({ slug, title, summary }) => ({
          slug,
          title,
          summary,
          versions: rows.filter(({ apiSlug }) => apiSlug === slug),
        }))
        .sort((a, b) => natural.compare(a.title, b.title) || natural.compare(a.slug, b.slug));
    },
    async version(slug, version) {
      const row = await describedVersions()
        .where('api_slug', '=', slug)
        .where('version', '=', version)
        .executeTakeFirst();
      return row ? toVersion(row) : null;
    },
    async operations(slug, version) {
      const rows = await kysely
        .selectFrom('operation')
        .selectAll()
        .where('api_slug', '=', slug)
        .where('version', '=', version)
        .orderBy('position')
        .execute();
      return rows.map(toOperation);
    },
    async document(slug, version) {
      const row = await versions()
        .select('document')
        .where('api_slug', '=', slug)
        .where('version', '=', version)
        .executeTakeFirst();
      return row?.document ?? null;
    },
  };
}

/** v10 comes after v9. */
const natural = new Intl.Collator('en', { numeric: true });

function newestFirst(a: ApiVersion, b: ApiVersion): number {
  return natural.compare(b.version, a.version);
}

type VersionRow = Pick<
  Selectable<PortalSchema['api_version']>,
  | 'api_slug'
  | 'version'
  | 'lifecycle'
  | 'deprecated_at_ms'
  | 'sunset_at_ms'
  | 'gone_after_sunset'
  | 'brown_outs'
  | 'title'
  | 'document_version'
  | 'description'
> & { operation_count: number | null };

function toVersion(row: VersionRow): ApiVersion {
  const ending = readEnding(row);
  return {
    apiSlug: row.api_slug,
    version: row.version,
    lifecycle: row.lifecycle,
    deprecatedAtMs: row.deprecated_at_ms,
    sunsetAtMs: row.sunset_at_ms,
    ...(ending ? { ending } : {}),
    title: row.title,
    documentVersion: row.document_version,
    description: row.description,
    operationCount: Number(row.operation_count),
  };
}

export function toOperation(row: Selectable<PortalSchema['operation']>): Operation {
  return {
    operationId: row.operation_id,
    slug: row.slug,
    method: row.method,
    path: row.path,
    summary: row.summary,
    deprecated: row.deprecated === 1,
    tag: row.tag,
  };
}
