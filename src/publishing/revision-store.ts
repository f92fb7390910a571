import type { Selectable } from 'kysely';

import { unpackText } from '../catalog/packed-document.ts';
import type { Database } from '../database/database.ts';
import type { PortalSchema } from '../database/schema.ts';
import type { LintReport } from './lint-report.ts';
import type { OwnedVersion, Revision, VersionAddress } from './revision.ts';

/** Reads what was brought for the versions of APIs. */
export interface RevisionStore {
  /** By API and version, the newest version first; those that are removed are left out. */
  versions(): Promise<readonly OwnedVersion[]>;
  version(key: VersionAddress): Promise<OwnedVersion | null>;
  /** The newest first, at most `limit`. */
  revisions(key: VersionAddress, limit: number): Promise<readonly Revision[]>;
  find(key: VersionAddress, number: number): Promise<{ revision: Revision; lint: LintReport | null } | null>;
  /** The canonical document as JSON text; null when it is not kept. */
  document(key: VersionAddress, number: number): Promise<string | null>;
  /** As its owner wrote it, or the canonical document where nobody kept that; null when neither is kept. */
  source(key: VersionAddress, number: number): Promise<{ text: string; format: 'yaml' | 'json' } | null>;
}

const natural = new Intl.Collator('en', { numeric: true });

export function createRevisionStore({ kysely }: Database<PortalSchema>): RevisionStore {
  const all = () =>
    kysely
      .selectFrom('document_revision')
      .leftJoin('account as creator', 'creator.id', 'document_revision.created_by')
      .leftJoin('account as publisher', 'publisher.id', 'document_revision.published_by')
      .select(['api_slug', 'version', 'number', 'state', 'origin', 'format', 'note', 'created_by', 'published_by'])
      .select(['document_revision.created_at_ms', 'published_at_ms', 'ended_at_ms', 'title', 'document_version'])
      .select(['operation_count', 'source_bytes', 'source_sha256', 'document_sha256', 'kept_bytes'])
      .select(['creator.email as creator_email', 'publisher.email as publisher_email']);
  const of = ({ slug, version }: VersionAddress) => all().where('api_slug', '=', slug).where('version', '=', version);
  const texts = ({ slug, version }: VersionAddress, number: number) =>
    kysely
      .selectFrom('document_revision')
      .where('api_slug', '=', slug)
      .where('version', '=', version)
      .where('number', '=', number);
  const versions = async (key: VersionAddress | null): Promise<OwnedVersion[]> => {
    let open = kysely
      .selectFrom('api_version')
      .innerJoin('api', 'api.slug', 'api_version.api_slug')
      .select(['api_slug', 'version', 'lifecycle', 'file_sha256', 'api.title as api_title'])
      .select((expression) =>
        expression
          .selectFrom('document_revision')
          .select(({ fn }) => fn.countAll<number>().as('count'))
          .whereRef('document_revision.api_slug', '=', 'api_version.api_slug')
          .whereRef('document_revision.version', '=', 'api_version.version')
          .as('revisions'),
      )
      .where('api.removed_at_ms', 'is', null)
      .where((row) => row.or([row('api_version.removed_at_ms', 'is', null), row('awaits_document', '=', 1)]));
    if (key) open = open.where('api_slug', '=', key.slug).where('version', '=', key.version);
    const rows = await open.execute();
    if (rows.length === 0) return [];
    const present = (key ? of(key) : all()).where('state', 'in', ['candidate', 'published']);
    const revisions = await present.execute();
    return rows.map((row) => {
      const own = revisions.filter((one) => one.api_slug === row.api_slug && one.version === row.version);
      const inState = (state: Revision['state']): Revision | null => {
        const found = own.find((one) => one.state === state);
        return found ? toRevision(found) : null;
      };
      return {
        slug: row.api_slug,
        apiTitle: row.api_title,
        version: row.version,
        lifecycle: row.lifecycle,
        fileSha256: row.file_sha256,
        published: inState('published'),
        candidate: inState('candidate'),
        revisions: Number(row.revisions),
      };
    });
  };
  return {
    async versions() {
      const found = await versions(null);
      return found.toSorted(
        (a, b) =>
          natural.compare(a.apiTitle, b.apiTitle) ||
          natural.compare(a.slug, b.slug) ||
          natural.compare(b.version, a.version),
      );
    },
    version: async (key) => (await versions(key))[0] ?? null,
    async revisions(key, limit) {
      return (await of(key).orderBy('number', 'desc').limit(limit).execute()).map(toRevision);
    },
    async find(key, number) {
      const row = await of(key).select('lint').where('number', '=', number).executeTakeFirst();
      if (!row) return null;
      return { revision: toRevision(row), lint: row.lint === null ? null : (JSON.parse(row.lint) as LintReport) };
    },
    async document(key, number) {
      const row = await texts(key, number).select('document').executeTakeFirst();
      return row?.document ? unpackText(row.document) : null;
    },
    async source(key, number) {
      const row = await texts(key, number).select(['source', 'document', 'format']).executeTakeFirst();
      if (row?.source) return { text: await unpackText(row.source), format: row.format };
      return row?.document ? { text: await unpackText(row.document), format: 'json' } : null;
    },
  };
}

type Row = Pick<
  Selectable<PortalSchema['document_revision']>,
  | 'number'
  | 'state'
  | 'origin'
  | 'format'
  | 'note'
  | 'created_by'
  | 'published_by'
  | 'created_at_ms'
  | 'published_at_ms'
  | 'ended_at_ms'
  | 'title'
  | 'document_version'
  | 'operation_count'
  | 'source_bytes'
  | 'source_sha256'
  | 'document_sha256'
  | 'kept_bytes'
> & { creator_email: string | null; publisher_email: string | null };

function toRevision(row: Row): Revision {
  return {
    number: row.number,
    state: row.state,
    origin: row.origin,
    format: row.format,
    note: row.note,
    createdBy: row.creator_email ?? row.created_by,
    createdAtMs: row.created_at_ms,
    publishedBy: row.publisher_email ?? row.published_by,
    publishedAtMs: row.published_at_ms,
    endedAtMs: row.ended_at_ms,
    title: row.title,
    documentVersion: row.document_version,
    operationCount: row.operation_count,
    sourceBytes: row.source_bytes,
    sourceSha256: row.source_sha256,
    documentSha256: row.document_sha256,
    isKept: row.kept_bytes > 0,
  };
}
