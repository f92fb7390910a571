import type { Insertable, Transaction } from 'kysely';

import { sha256Hex } from '../platform/hash.ts';
import type { PortalSchema } from '../database/schema.ts';
import type { DocumentSource, OpenApiDocument } from './catalog.ts';
import type { PackedDocument } from './packed-document.ts';

type Db = Transaction<PortalSchema>;
type Row = Insertable<PortalSchema['document_revision']>;

/** A version of an API, by what addresses call it. */
export interface VersionAddress {
  slug: string;
  version: string;
}

export interface NewRevision extends Pick<Row, 'origin' | 'note' | 'lint'> {
  document: OpenApiDocument;
  /** null: as the canonical document says it. */
  source: DocumentSource | null;
  packed: PackedDocument;
  /** Account id, or `system`. */
  actor: string;
  atMs: number;
}

/** Operations of one insert: PostgreSQL and SQLite both limit the values of a statement. */
const ROWS_PER_INSERT = 200;

/** Adds a revision that waits for a decision; one that waited before is discarded. */
export async function addCandidate(db: Db, key: VersionAddress, revision: NewRevision): Promise<number> {
  await end(db, key, 'candidate', revision.atMs);
  return add(db, key, revision, { state: 'candidate', published_by: null, published_at_ms: null });
}

/** Adds a revision that readers see from now on, in place of the one before. */
export async function publishNewRevision(db: Db, key: VersionAddress, revision: NewRevision): Promise<number> {
  await end(db, key, 'published', revision.atMs);
  const publication = { published_by: revision.actor, published_at_ms: revision.atMs };
  const number = await add(db, key, revision, { state: 'published', ...publication });
  await showDocument(db, key, number, revision.document);
  return number;
}

/** Lets readers see a revision that there is. */
export async function publishRevision(
  db: Db,
  key: VersionAddress,
  { number, document, actor, atMs }: { number: number; document: OpenApiDocument; actor: string; atMs: number },
): Promise<void> {
  await end(db, key, 'published', atMs);
  await revisions(db, key)
    .set({ state: 'published', published_by: actor, published_at_ms: atMs, ended_at_ms: null })
    .where('number', '=', number)
    .execute();
  await showDocument(db, key, number, document);
}

/** Forgets the oldest documents beyond the limit; who, when and why stays, and so do the published one and the candidate. */
export async function trimHistory(db: Db, key: VersionAddress, maxBytes: number): Promise<void> {
  const kept = await db
    .selectFrom('document_revision')
    .select(['number', 'state', 'kept_bytes'])
    .where('api_slug', '=', key.slug)
    .where('version', '=', key.version)
    .where('kept_bytes', '>', 0)
    .orderBy('number', 'desc')
    .execute();
  let bytes = 0;
  for (const { number, state, kept_bytes } of kept) {
    bytes += kept_bytes;
    if (bytes <= maxBytes || state === 'published' || state === 'candidate') continue;
    await revisions(db, key)
      .set({ source: null, document: null, kept_bytes: 0 })
      .where('number', '=', number)
      .execute();
  }
}

function revisions(db: Db, { slug, version }: VersionAddress) {
  return db.updateTable('document_revision').where('api_slug', '=', slug).where('version', '=', version);
}

async function end(db: Db, key: VersionAddress, state: 'candidate' | 'published', atMs: number): Promise<void> {
  await revisions(db, key)
    .set({ state: state === 'published' ? 'superseded' : 'discarded', ended_at_ms: atMs })
    .where('state', '=', state)
    .execute();
}

async function add(
  db: Db,
  { slug, version }: VersionAddress,
  { document, source, packed, origin, note, lint, actor, atMs }: NewRevision,
  publication: Pick<Row, 'state' | 'published_by' | 'published_at_ms'>,
): Promise<number> {
  const { latest } = await db
    .selectFrom('document_revision')
    .select(({ fn }) => fn.max('number').as('latest'))
    .where('api_slug', '=', slug)
    .where('version', '=', version)
    .executeTakeFirstOrThrow();
  const number = ((latest as number | null) ?? 0) + 1;
  const text = source?.text ?? document.json;
  await db
    .insertInto('document_revision')
    .values({
      api_slug: slug,
      version,
      number,
      origin,
      note,
      lint,
      ...publication,
      format: source?.format ?? 'json',
      created_by: actor,
      created_at_ms: atMs,
      ended_at_ms: null,
      title: document.title,
      document_version: document.documentVersion,
      operation_count: document.operations.length,
      source_bytes: Buffer.byteLength(text),
      source_sha256: sha256Hex(text),
      document_sha256: document.sha256,
      ...packed,
      kept_bytes: packed.document.length + (packed.source?.length ?? 0),
    })
    .execute();
  return number;
}

/** Everything that pages and the verifier read of a document, at once. */
async function showDocument(
  db: Db,
  { slug, version }: VersionAddress,
  number: number,
  document: OpenApiDocument,
): Promise<void> {
  await db
    .updateTable('api_version')
    .set({
      document: document.json,
      document_sha256: document.sha256,
      title: document.title,
      document_version: document.documentVersion,
      description: document.description,
      published_revision: number,
      removed_at_ms: null,
      awaits_document: 0,
    })
    .where('api_slug', '=', slug)
    .where('version', '=', version)
    .execute();
  await db.deleteFrom('operation').where('api_slug', '=', slug).where('version', '=', version).execute();
  const operations = document.operations.map((operation, position) => ({
    api_slug: slug,
    version,
    operation_id: operation.operationId,
    slug: operation.slug,
    method: operation.method,
    path: operation.path,
    summary: operation.summary,
    deprecated: operation.deprecated ? 1 : 0,
    scopes: operation.scopes.join(' '),
    cost: operation.cost,
    tag: operation.tag,
    position,
  }));
  for (const rows of chunksOf(operations)) await db.insertInto('operation').values(rows).execute();
  await db.deleteFrom('document_part').where('api_slug', '=', slug).where('version', '=', version).execute();
  const parts = document.parts.map((part) => ({ api_slug: slug, version, ...part }));
  for (const rows of chunksOf(parts)) await db.insertInto('document_part').values(rows).execute();
}

function chunksOf<Item>(items: readonly Item[]): Item[][] {
  return Array.from({ length: Math.ceil(items.length / ROWS_PER_INSERT) }, (_, index) =>
    items.slice(index * ROWS_PER_INSERT, (index + 1) * ROWS_PER_INSERT),
  );
}
