import type { Database } from '../database/database.ts';
import type { PortalSchema } from '../database/schema.ts';

export interface OperationKey {
  operationId: string;
  method: string;
  path: string;
}

/** Documents of published versions. */
export interface PublishedDocumentStore {
  /** SHA-256 of a document, by version; versions that are not published are absent. */
  fingerprints(api: string, versions: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** OpenAPI 3.1 or 3.2 as JSON text, by version. */
  documents(api: string, versions: readonly string[]): Promise<ReadonlyMap<string, string>>;
  sameOperation(api: string, versions: readonly string[], key: OperationKey): Promise<ReadonlyMap<string, string>>;
}

export function createPublishedDocumentStore({ kysely }: Database<PortalSchema>): PublishedDocumentStore {
  const published = (api: string, versions: readonly string[]) =>
    kysely
      .selectFrom('api_version')
      .innerJoin('api', 'api.slug', 'api_version.api_slug')
      .where('api_slug', '=', api)
      .where('version', 'in', versions)
      .where('api.removed_at_ms', 'is', null)
      .where('api_version.removed_at_ms', 'is', null);
  return {
    async fingerprints(api, versions) {
      const rows = await published(api, versions).select(['version', 'document_sha256']).execute();
      return new Map(rows.map((row) => [row.version, row.document_sha256]));
    },
    async documents(api, versions) {
      const rows = await published(api, versions).select(['version', 'document']).execute();
      return new Map(rows.map((row) => [row.version, row.document]));
    },
    async sameOperation(api, versions, { operationId, method, path }) {
      if (versions.length === 0) return new Map();
      const rows = await kysely
        .selectFrom('operation')
        .select(['version', 'slug', 'method', 'path'])
        .where('api_slug', '=', api)
        .where('version', 'in', versions)
        .where((row) =>
          row.or([
            row.and([row('path', '=', path), row('method', '=', method)]),
            row('operation_id', '=', operationId),
          ]),
        )
        .execute();
      const isExact = (row: (typeof rows)[number]): boolean => row.path === path && row.method === method;
      // The exact ones last: they replace those that only share the id.
      const ordered = [...rows.filter((row) => !isExact(row)), ...rows.filter(isExact)];
      return new Map(ordered.map((row) => [row.version, row.slug]));
    },
  };
}
