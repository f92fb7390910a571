import type { Operation } from '../catalog/api.ts';
import { toOperation } from '../catalog/catalog-store.ts';
import type { PartKind } from '../catalog/catalog.ts';
import type { Database } from '../database/database.ts';
import type { PortalSchema } from '../database/schema.ts';
import type { LoadedPart } from './resolver.ts';

/** A version of an API. */
export interface VersionKey {
  api: string;
  version: string;
}

export interface StoredOperation extends Operation {
  scopes: readonly string[];
}

export interface TagCount {
  tag: string;
  operations: number;
}

export interface PartAddress {
  pointer: string;
  slug: string;
}

/** Reads documents part by part. Whether a version is published is asked of the catalog beforehand. */
export interface ReferenceStore {
  /** In the order of the document; '' for operations without a tag. */
  tags(key: VersionKey): Promise<readonly TagCount[]>;
  operationsOfTag(key: VersionKey, tag: string): Promise<readonly Operation[]>;
  operation(key: VersionKey, slug: string): Promise<StoredOperation | null>;
  /** Parts that have a page of their own, by pointer. */
  pages(key: VersionKey, kind: PartKind): Promise<readonly PartAddress[]>;
  countPages(key: VersionKey, kind: PartKind): Promise<number>;
  /** Pointer of the part with this address; null if there is none. */
  findPage(key: VersionKey, kind: PartKind, slug: string): Promise<string | null>;
  parts(key: VersionKey, pointers: readonly string[]): Promise<ReadonlyMap<string, LoadedPart>>;
}

const POINTERS_PER_QUERY = 200;

export function createReferenceStore({ kysely }: Database<PortalSchema>): ReferenceStore {
  const operations = ({ api, version }: VersionKey) =>
    kysely.selectFrom('operation').where('api_slug', '=', api).where('version', '=', version);
  const parts = ({ api, version }: VersionKey) =>
    kysely.selectFrom('document_part').where('api_slug', '=', api).where('version', '=', version);
  return {
    async tags(key) {
      const rows = await operations(key)
        .select(({ fn }) => ['tag', fn.countAll<number>().as('operations'), fn.min('position').as('first')])
        .groupBy('tag')
        .orderBy('first')
        .execute();
      return rows.map((row) => ({ tag: row.tag, operations: row.operations }));
    },
    async operationsOfTag(key, tag) {
      const rows = await operations(key).selectAll().where('tag', '=', tag).orderBy('position').execute();
      return rows.map(toOperation);
    },
    async operation(key, slug) {
      const row = await operations(key).selectAll().where('slug', '=', slug).executeTakeFirst();
      return row ? { ...toOperation(row), scopes: row.scopes.split(' ').filter((scope) => scope !== '') } : null;
    },
    pages: (key, kind) =>
      parts(key)
        .select(['pointer', 'slug'])
        .where('kind', '=', kind)
        .where('slug', '!=', '')
        .orderBy('pointer')
        .execute(),
    async countPages(key, kind) {
      const counted = parts(key).select(({ fn }) => fn.countAll<number>().as('count'));
      const row = await counted.where('kind', '=', kind).where('slug', '!=', '').executeTakeFirstOrThrow();
      return row.count;
    },
    async findPage(key, kind, slug) {
      const row = await parts(key)
        .select('pointer')
        .where('kind', '=', kind)
        .where('slug', '=', slug)
        .executeTakeFirst();
      return row?.pointer ?? null;
    },
    async parts(key, pointers) {
      const found = new Map<string, LoadedPart>();
      for (let start = 0; start < pointers.length; start += POINTERS_PER_QUERY) {
        const wanted = pointers.slice(start, start + POINTERS_PER_QUERY);
        const rows = await parts(key).select(['pointer', 'slug', 'json']).where('pointer', 'in', wanted).execute();
        for (const { pointer, slug, json } of rows) found.set(pointer, { slug, value: JSON.parse(json) });
      }
      return found;
    },
  };
}
