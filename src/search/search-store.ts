import { operationPointers } from '../catalog/document-parts.ts';
import type { Database } from '../database/database.ts';
import type { PortalSchema } from '../database/schema.ts';

export interface SearchableVersion {
  api: string;
  version: string;
}

export interface SearchableOperation {
  operationId: string;
  slug: string;
  method: string;
  path: string;
  summary: string;
  deprecated: boolean;
  tag: string;
  /** The operation object, JSON. */
  json: string;
}

export interface SearchablePart {
  pointer: string;
  slug: string;
  json: string;
}

/** Reads what the index is made of, a piece at a time: a large document must not hold up a page. */
export interface SearchStore {
  /** Changes whenever something published in the catalog does. */
  fingerprint(): Promise<string>;
  operations(version: SearchableVersion): AsyncIterable<readonly SearchableOperation[]>;
  /** Those that have a page. */
  parts(version: SearchableVersion, kind: 'schema' | 'webhook'): AsyncIterable<readonly SearchablePart[]>;
}

const ROWS_AT_ONCE = 100;

export function createSearchStore({ kysely }: Database<PortalSchema>): SearchStore {
  return {
    async fingerprint() {
      const rows = await kysely
        .selectFrom('api')
        .innerJoin('api_version', 'api_version.api_slug', 'api.slug')
        .select(['api.slug', 'api.title', 'api.summary', 'version', 'lifecycle', 'document_sha256'])
        .where('api.removed_at_ms', 'is', null)
        .where('api_version.removed_at_ms', 'is', null)
        .orderBy('api.slug')
        .orderBy('version')
        .execute();
      return JSON.stringify(rows.map((row) => Object.values(row)));
    },
    async *operations({ api, version }) {
      for (let offset = 0; ; offset += ROWS_AT_ONCE) {
        const rows = await kysely
          .selectFrom('operation')
          .selectAll()
          .where('api_slug', '=', api)
          .where('version', '=', version)
          .orderBy('position')
          .orderBy('operation_id')
          .limit(ROWS_AT_ONCE)
          .offset(offset)
          .execute();
        const pointers = rows.map(({ path, method }) => operationPointers(path, method).operation);
        const json = new Map(
          rows.length === 0
            ? []
            : (
                await kysely
                  .selectFrom('document_part')
                  .select(['pointer', 'json'])
                  .where('api_slug', '=', api)
                  .where('version', '=', version)
                  .where('pointer', 'in', pointers)
                  .execute()
              ).map((part) => [part.pointer, part.json]),
        );
        yield rows.map((row, index) => ({
          operationId: row.operation_id,
          slug: row.slug,
          method: row.method,
          path: row.path,
          summary: row.summary,
          deprecated: row.deprecated === 1,
          tag: row.tag,
          json: json.get(pointers[index] ?? '') ?? '{}',
        }));
        if (rows.length < ROWS_AT_ONCE) return;
      }
    },
    async *parts({ api, version }, kind) {
      for (let after = ''; ;) {
        const rows = await kysely
          .selectFrom('document_part')
          .select(['pointer', 'slug', 'json'])
          .where('api_slug', '=', api)
          .where('version', '=', version)
          .where('kind', '=', kind)
          .where('slug', '!=', '')
          .where('pointer', '>', after)
          .orderBy('pointer')
          .limit(ROWS_AT_ONCE)
          .execute();
        yield rows;
        if (rows.length < ROWS_AT_ONCE) return;
        after = rows.at(-1)?.pointer ?? '';
      }
    },
  };
}
